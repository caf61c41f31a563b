"""What a browser calls itself, in a few words a person knows it by: for the list of one's own sessions."""

from typing import Final

_BROWSERS: Final = (
    ("MicroMessenger", "WeChat"),
    ("AlipayClient", "Alipay"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""In this order: those below say the names of others too."""
_SYSTEMS: Final = (
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def agent_words(agent: str) -> str:
    """Return browser and system by their own names; a stranger as it names itself, empty for none.

    >>> agent_words("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36")
    'Chrome · Linux'
    >>> agent_words("curl/8.9")
    'curl/8.9'
    """
    named = (_first(agent, _BROWSERS), _first(agent, _SYSTEMS))
    return " · ".join(each for each in named if each) or agent[:60]


def _first(agent: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in marks if mark in agent), "")
