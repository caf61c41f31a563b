"""What the trace refuses, in the user's words.

    TraceError
    ├── facts       UnknownHerb, UnknownMarket
    ├── identifiers BadIdentifier
    ├── quantities  BadMass, MassTooFine, BadMoney, NotPositive
    ├── codes       MalformedCode, ForgedCode, SerialOutOfRange
    ├── epcis       BadEvent
    └── flow        steps, rules, imports and stories: second half of this file

`api/problems.py` maps each leaf to an HTTP status; a test holds that table complete.
"""

from ledger.errors import DaodiError


class TraceError(DaodiError):
    """What the trace of a herb refuses."""


# What facts, identifiers, quantities, codes and events refuse stands here.


class UnknownHerb(TraceError):
    """A herb name that is not among the committed facts."""

    zh = "没有名为“{name}”的药材"
    en = "no herb is named “{name}”"
    remedy_zh = "请用标准药材名；相近的有：{nearest}"
    remedy_en = "use the standard Chinese name; nearest are: {nearest}"


class UnknownMarket(TraceError):
    """A market that is not one of the seventeen national herb markets."""

    zh = "没有名为“{name}”的中药材专业市场"
    en = "no national herb market is called “{name}”"
    remedy_zh = "十七家市场为：{known}"
    remedy_en = "the seventeen markets are: {known}"


class BadIdentifier(TraceError):
    """An identifier of the wrong shape, or whose check character does not hold."""

    zh = "{kind_zh}“{value}”有误：{fault_zh}"
    en = "{kind_en} “{value}” is wrong: {fault_en}"
    remedy_zh = "请对照证照或标签逐位核对后重新录入"
    remedy_en = "compare it character by character with the licence or label and enter it again"


class BadMass(TraceError):
    """A text that is not a mass with a unit we know."""

    zh = "“{text}”不是可识别的重量"
    en = "“{text}” is not a mass we can read"
    remedy_zh = "请写成数字加单位，例如 12.5 公斤、3 斤、800 克、2 吨"
    remedy_en = "write a number and a unit, for example 12.5 kg, 3 斤, 800 g or 2 t"


class MassTooFine(TraceError):
    """A mass that is not a whole number of grams."""

    zh = "“{text}”不是整克数，重量一律记到克"
    en = "“{text}” is not a whole number of grams; mass is kept to the gram"
    remedy_zh = "请四舍五入到克后填写"
    remedy_en = "round it to the gram yourself and enter that"


class NotPositive(TraceError):
    """A quantity that must be above zero and is not."""

    zh = "“{text}”必须大于零"
    en = "“{text}” must be above zero"
    remedy_zh = "请填写大于零的数量；若没有发生，请不要记录该环节"
    remedy_en = "enter a quantity above zero, or do not enter the step if nothing happened"


class BadMoney(TraceError):
    """A text that is not an amount of yuan down to the fen, or not a price per kilogram."""

    zh = "“{text}”不是可识别的金额或单价"
    en = "“{text}” is not an amount or a price we can read"
    remedy_zh = "金额请写成 85.00 元，单价请写成 85.00 元/公斤 或 42.50 元/斤，最多两位小数"
    remedy_en = "write an amount as 85.00 元, a price as 85.00 元/公斤 or 42.50 元/斤, two decimals at most"


class MalformedCode(TraceError):
    """A text that cannot be a trace code: wrong length, wrong character, or a typing error."""

    zh = "追溯码有误：{fault_zh}"
    en = "this is not a trace code: {fault_en}"
    remedy_zh = "请对照包装逐位核对，或重新扫码"
    remedy_en = "compare it with the pack character by character, or scan it again"


class ForgedCode(TraceError):
    """A well-formed code that none of our keys issued."""

    zh = "此追溯码不是本平台发出的"
    en = "this trace code was not issued here"
    remedy_zh = "请核对包装上的网址是否为本平台；若是，请向监管部门举报该包装"
    remedy_en = "check that the pack names this service; if it does, report the pack to the regulator"


class SerialOutOfRange(TraceError):
    """A serial number no trace code can carry."""

    zh = "序号 {serial} 超出追溯码可用范围"
    en = "serial {serial} is outside the range of trace codes"
    remedy_zh = "序号须在 0 与 2^48-1 之间"
    remedy_en = "use serials from 0 to 2^48 - 1"


class BadEvent(TraceError):
    """A document or event that is not EPCIS 2.0."""

    zh = "EPCIS 文档在 {pointer} 处不合 2.0 规范：{fault_zh}"
    en = "the EPCIS document breaks version 2.0 at {pointer}: {fault_en}"
    remedy_zh = "请按 EPCIS 2.0 JSON 规范改正该处后重新提交"
    remedy_en = "mend that member as EPCIS 2.0 JSON asks and send it again"


# What steps, rules, imports and stories refuse stands below.


class UnknownParty(TraceError):
    """A party nobody registered."""

    zh = "主体 {uscc} 尚未登记"
    en = "party {uscc} is not registered"
    remedy_zh = "请先登记该主体，或核对统一社会信用代码"
    remedy_en = "register the party first, or check its unified social credit code"


class UnknownPlace(TraceError):
    """A place nobody registered."""

    zh = "地点“{place}”尚未登记"
    en = "place “{place}” is not registered"
    remedy_zh = "请先登记该地点，或核对地点编号"
    remedy_en = "register the place first, or check its id"


class UnknownLot(TraceError):
    """A lot no step has made."""

    zh = "没有批次“{lot}”"
    en = "there is no lot “{lot}”"
    remedy_zh = "请核对批次号；新批次须先由产生它的环节登记"
    remedy_en = "check the lot id; a lot exists from the step that makes it"


class UnknownCode(TraceError):
    """A code with a right tag that was never issued."""

    zh = "追溯码 {code} 查无登记"
    en = "trace code {code} is not on record"
    remedy_zh = "请核对包装上的追溯码；若无误，请向监管部门举报该包装"
    remedy_en = "check the code on the pack; if it reads so, report the pack to the regulator"


class UnknownCodeBatch(TraceError):
    """A pack step names a batch of codes that was never issued, or not to this party."""

    zh = "码批 {batch} 未向主体 {party} 发放"
    en = "code batch {batch} was not issued to party {party}"
    remedy_zh = "请核对码批编号，或不填以便自动发码"
    remedy_en = "check the batch id, or leave it out to have codes issued"


class TooFewCodes(TraceError):
    """A pack step asks for more codes than its batch still holds."""

    zh = "码批 {batch} 只剩 {left} 个未用追溯码，本次包装需要 {wanted} 个"
    en = "code batch {batch} has {left} unused codes left, but this packing needs {wanted}"
    remedy_zh = "请另行申领追溯码，或不填码批以便自动发码"
    remedy_en = "have more codes issued, or leave the batch out"


class AlreadyRegistered(TraceError):
    """A party or place is registered with other particulars."""

    zh = "{kind_zh}“{name}”已登记，且登记内容不同"
    en = "{kind_en} “{name}” is already registered with other particulars"
    remedy_zh = "请改用新的编号，或核对内容后重交"
    remedy_en = "use another id, or check the particulars and send them again"


class StepConflict(TraceError):
    """A step id that already stands for another step of the same party."""

    zh = "环节编号“{id}”已用于内容不同的另一环节"
    en = "step id “{id}” already stands for a different step"
    remedy_zh = "请为新的环节使用新的编号；更正已登记的环节请使用更正流程"
    remedy_en = "give a new step a new id; to mend a recorded step, record a correction"


class MissingField(TraceError):
    """A field the stage must carry is absent."""

    zh = "{stage_zh}环节缺少必填项“{field_zh} {field}”"
    en = "a {stage_en} step must carry “{field_zh} {field}” ({field_en})"
    remedy_zh = "请补填{field_zh}{unit}；依据：{source}"
    remedy_en = "enter {field_en} {unit}; required by {source}"


class UnknownField(TraceError):
    """A field the stage does not have."""

    zh = "{stage_zh}环节没有“{field}”这一项"
    en = "a {stage_en} step has no field “{field}”"
    remedy_zh = "可用的项：{known}"
    remedy_en = "the fields are: {known}"


class BadField(TraceError):
    """A field whose value is not of its kind."""

    zh = "“{field_zh} {field}”的值“{value}”不对：应为{wanted_zh}"
    en = "“{field_zh} {field}” ({field_en}) cannot be “{value}”: it must be {wanted_en}"
    remedy_zh = "请改为{wanted_zh}"
    remedy_en = "enter {wanted_en}"


class BadFlow(TraceError):
    """A step that names its lots in a way its stage cannot."""

    zh = "{stage_zh}环节的批次填写不对：{fault_zh}"
    en = "a {stage_en} step names its lots wrongly: {fault_en}"
    remedy_zh = "{stage_zh}环节应填：{wanted_zh}"
    remedy_en = "a {stage_en} step takes: {wanted_en}"


class RuleRefused(TraceError):
    """A rule that refuses the step; `rule` is its code."""

    zh = "{zh}（规则 {rule}）"
    en = "{en} (rule {rule})"
    remedy_zh = "{remedy_zh}"
    remedy_en = "{remedy_en}"


class UnknownFreezeTarget(TraceError):
    """Something to freeze that does not exist."""

    zh = "没有可冻结的{kind_zh}“{target}”"
    en = "there is no {kind_en} “{target}” to freeze"
    remedy_zh = "请核对编号"
    remedy_en = "check the id"


class UnreadableFile(TraceError):
    """A file that is not a spreadsheet or table we can read."""

    zh = "文件无法读取：{fault_zh}"
    en = "the file cannot be read: {fault_en}"
    remedy_zh = "请使用 .xlsx 或 .csv（UTF-8 或 GB18030）文件，可下载空白模板填写"
    remedy_en = "use an .xlsx or a .csv file (UTF-8 or GB18030); a blank template can be downloaded"


class MissingColumn(TraceError):
    """A sheet without a column it must have."""

    zh = "{sheet}缺少“{column}”列；现有列名：{found}"
    en = "{sheet} has no column “{column}”; its headings are: {found}"
    remedy_zh = "请补上该列，列名可用中文或英文：{names}"
    remedy_en = "add the column; its heading may be any of: {names}"


class BadCell(TraceError):
    """A cell that cannot be read as what its column holds."""

    zh = "“{column}”列的值“{value}”无法识别：{fault_zh}"
    en = "column “{column}” cannot be “{value}”: {fault_en}"
    remedy_zh = "{wanted_zh}"
    remedy_en = "{wanted_en}"


class UnknownColumn(TraceError):
    """A column no sheet of this kind has."""

    zh = "{sheet}的列名“{column}”无法识别"
    en = "heading “{column}” of {sheet} is not one we know"
    remedy_zh = "相近的列名：{nearest}；请改用模板中的列名，或删去该列"
    remedy_en = "the nearest heading is: {nearest}; use a heading of the template, or delete the column"


class RepeatedColumn(TraceError):
    """A column that stands in a sheet more than once."""

    zh = "{sheet}中“{column}”列不止一个：{found}"
    en = "{sheet} has column “{column}” more than once: {found}"
    remedy_zh = "请只留一列"
    remedy_en = "leave only one of them"


class UnnamedColumn(TraceError):
    """Cells that are filled in a column without a heading."""

    zh = "{sheet}第 {place} 列有内容却没有列名"
    en = "column {place} of {sheet} has cells and no heading"
    remedy_zh = "请补上模板中的列名，或清空该列"
    remedy_en = "give it a heading of the template, or clear the column"


class AwaitsRow(TraceError):
    """A row that only lacks what an earlier row, itself at fault, would have brought."""

    zh = "本行用到的“{name}”出自{cause}，而该行有误，未写入"
    en = "this row needs “{name}” from {cause}, which is at fault and was not written"
    remedy_zh = "请先改正{cause}；本行多半无需改动"
    remedy_en = "mend {cause} first; this row most likely needs no change"


class StoppedThere(TraceError):
    """A file too large to be written at once is at fault where its portions before were written already."""

    zh = "文件较大，分批写入：已写入 {count} 行（第 {rows} 行），下列行有误，写入到此为止，其余未写入"
    en = (
        "the file is large and is written in portions: rows {rows} stand ({count} in all); the rows below "
        "are at fault, and nothing after them was written"
    )
    remedy_zh = "请改正下列各行后重新上传整个文件：已写入的行不会重复"
    remedy_en = "mend the rows below and send the whole file again: what stands is not recorded twice"


class FileTooLong(TraceError):
    """A file of more than one upload may bring."""

    zh = "文件超过一次上传的上限 {limit} 行（每 1,000 个包装另算一行）"
    en = "the file has more than the {limit} rows of one upload (each 1,000 packs count as a row more)"
    remedy_zh = "请拆成几个文件分别上传，例如每月一个；更大的文件请运维人员用 daodi import steps 导入"
    remedy_en = (
        "send it as several files, such as one for each month; for more, ask the operator to use "
        "daodi import steps"
    )


class EmptyCell(TraceError):
    """A cell that must be filled and is not."""

    zh = "“{column}”列不能为空"
    en = "column “{column}” must not be empty"
    remedy_zh = "请填写：{note_zh}"
    remedy_en = "enter it: {note_en}"


class ErasureHeld(TraceError):
    """A party would erase private values while a lot of the statement, or the party itself, is on hold."""

    zh = "陈述 {id} 涉及已冻结的批次或主体，冻结期间主体不能自行删除私有字段"
    en = "the statement {id} is about a lot or party on hold; meanwhile the party cannot erase private values"
    remedy_zh = "等冻结解除后再删；确需在冻结期间删除的，请平台运营方代为处理"
    remedy_en = "wait until the hold is lifted, or ask the operator, who can erase at any time"
