"""A verdict as lines of text, in one language or in both, Chinese first."""

from ledger.errors import Language, Said
from ledger.verify.verdicts import CHECKS, Check, Mark, Verdict


def report(verdict: Verdict) -> str:
    """Return one line a check and one for the verdict, in both languages."""
    lines = [f"{line(each, 'zh')} / {line(each, 'en')[2:]}" for each in verdict.checks]
    lines.append(f"{summary(verdict, 'zh')} / {summary(verdict, 'en')[2:]}")
    return "".join(f"{each}\n" for each in lines)


def line(check: Check, language: Language) -> str:
    """Say how one check ended: its sign, its name, what was found."""
    detail = check.detail
    if check.mark is Mark.NOT_SHOWN:
        detail = Said("未出示", "not shown")
    joined = "：" if language == "zh" else ": "
    parts = [_in(CHECKS[check.name], language), *filter(None, [_in(detail, language)])]
    return f"{check.mark.sign} {joined.join(parts)}"


def summary(verdict: Verdict, language: Language) -> str:
    """Say how the whole ended."""
    size = verdict.complete_to
    if not verdict.ok:
        said = Said("✗ 核验不通过", "✗ the check failed")
    elif size is None:
        said = Said(
            "✓ 核验通过，但未出示完整性", "✓ it holds; whether anything newer was hidden was not shown"
        )
    else:
        said = Said(f"✓ 核验通过，完整至第 {size} 条", f"✓ it holds, complete up to entry {size}")
    return _in(said, language)


def _in(said: Said, language: Language) -> str:
    return said.zh if language == "zh" else said.en
