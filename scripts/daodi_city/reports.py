"""Test reports of the chapters: the file, kept as a document, and the step that names it."""

from datetime import date

from daodi_city.acts_papers import KeepDocument
from daodi_city.chapter import Chapter
from daodi_city.crops import crop
from daodi_city.parties import Household
from daodi_city.pen import DatedStep, Deed
from daodi_city.way import measured, role
from trace.documents.documents import DocumentKind
from trace.steps import FieldValue, LotAmount, TestResultNew
from trace.vocabulary import Form, Stage


def file_report(
    chapter: Chapter,
    holder: Household,
    lot: str,
    herb: str,
    day: date,
    sample: str | None = None,
    form: Form = Form.HERB,
    **found: str,
) -> DatedStep:
    """Keep a laboratory's report of `lot` and write the test; `found` are values in mg/kg that it found."""
    drawn = measured(crop(herb), form, chapter.pen.rng) | {
        name: (value, "mg/kg") for name, value in found.items()
    }
    results = tuple(
        TestResultNew(measurand=name, value=value, unit=unit) for name, (value, unit) in drawn.items()
    )
    number, laboratory = f"DEM-{lot}", chapter.citizens.others[0].party.name
    kept = chapter.act(
        day,
        lambda at: KeepDocument(
            at_ms=at,
            party=holder.uscc,
            kind=DocumentKind.TEST_REPORT,
            title=f"示例·检验报告 {number}",
            body=_body(number, laboratory, day, results),
            lots=(lot,),
        ),
        hour=6,
    )
    fields: dict[str, FieldValue] = {
        "report_number": number,
        "laboratory": laboratory,
        "regime": "drug",
        "quality_level": "failed" if found else "first",
        "report": f"sha256:{kept.sha256}",
        "inspector": f"检验员{role(chapter.pen.rng)}",
    }
    if sample is not None:
        fields["sample_number"] = sample
    return chapter.write(
        Deed(
            stage=Stage.TEST,
            who=holder,
            day=day,
            lots=(LotAmount(lot=lot),),
            fields=fields,
            results=results,
        )
    )


def _body(number: str, laboratory: str, day: date, results: tuple[TestResultNew, ...]) -> bytes:
    """Return the report as a table that opens anywhere."""
    lines = [
        "示例检验报告（虚构，不作任何依据）,,",
        f"报告编号,{number},",
        f"检验机构,{laboratory},",
        f"日期,{day.isoformat()},",
        "检测项目,结果,单位",
        *(f"{each.measurand},{each.value},{each.unit}" for each in results),
    ]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()
