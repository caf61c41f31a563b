"""What `daodi party` and `daodi place` say, in both languages: a part of `PHRASES`."""

from typing import Final

REGISTER_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.party": ("主体：登记、证照、暂停、恢复、关闭、查看", "parties: register, license, suspend, close"),
    "help.party.register": ("登记一个主体", "register a party"),
    "help.party.license": ("为主体登记证照", "register a licence of a party"),
    "help.party.suspend": ("暂停一个主体：不能再登记生产经营环节", "suspend a party: it may not work"),
    "help.party.resume": ("恢复一个被暂停的主体", "let a suspended party work again"),
    "help.party.close": (
        "关闭一个主体，并列出尚存货物",
        "close a party for good and list what it still holds",
    ),
    "help.party.show": ("查看主体及其登记", "show a party and its registers"),
    "help.place": ("地点：登记、划界、暂停、恢复、关闭、查看", "places: register, outline, suspend, close"),
    "help.place.register": ("登记一个地点", "register a place"),
    "help.place.outline": (
        "用 GeoJSON 文件声明地块边界，并测算面积",
        "state the outline of a place from a GeoJSON file and measure its area",
    ),
    "help.place.suspend": ("暂停一个地点", "suspend a place"),
    "help.place.resume": ("恢复一个被暂停的地点", "let a suspended place be used again"),
    "help.place.close": ("关闭一个地点", "close a place for good"),
    "help.place.show": ("查看地点及其登记", "show a place and its registers"),
    "option.uscc": ("统一社会信用代码", "unified social credit code"),
    "option.register_name": ("名称", "name"),
    "option.node_type": ("节点类型，可重复，如 grower、slice_maker", "node type, may be repeated"),
    "option.division": ("行政区划代码（GB/T 2260）", "division code (GB/T 2260)"),
    "option.gln": ("全球位置码（13 位）", "global location number, 13 digits"),
    "option.licence_kind": (
        "证照种类，如 production、distribution",
        "kind, such as production or distribution",
    ),
    "option.licence_number": ("证照编号", "number of the licence"),
    "option.issuer": ("发证机关", "issuing authority"),
    "option.valid_from": ("有效期起，如 2024-01-01", "first day of its validity, such as 2024-01-01"),
    "option.valid_until": ("有效期至", "last day of its validity"),
    "option.register_reason": ("理由，公开入账", "reason, public for ever"),
    "option.place_id": ("地点编号", "id of the place"),
    "option.place_party": ("经营者的统一社会信用代码", "credit code of who runs it"),
    "option.register_market": ("所在专业市场", "the herb market it lies in"),
    "option.geojson": ("GeoJSON 文件（Polygon）", "GeoJSON file with a Polygon"),
    "option.declared_mu": ("证载或合同面积（亩）", "area in mu as its contract says"),
    "register.stated": ("已声明：{statement}", "stated: {statement}"),
    "register.party": ("已登记主体 {uscc}（{name}）", "registered {uscc} ({name})"),
    "register.place": ("已登记地点 {place}", "registered place {place}"),
    "register.licence": ("已登记{kind} {number}", "registered {kind} {number}"),
    "register.area": ("面积 {area_m2} 平方米（{area_mu} 亩）", "area {area_m2} m² ({area_mu} mu)"),
    "register.differs": (
        "与声明面积 {declared_mu} 亩相差超过 10%",
        "more than 10 % from the declared {declared_mu} mu",
    ),
    "register.held": ("尚存批次 {lot}（{herb}，{grams} 克）", "still holds lot {lot} ({herb}, {grams} g)"),
    "register.awaited": ("在途未收批次 {lot}", "not yet received: lot {lot}"),
    "register.not_geojson": ("文件不是 GeoJSON Polygon", "the file is no GeoJSON Polygon"),
}
"""Key to (Chinese, English)."""
