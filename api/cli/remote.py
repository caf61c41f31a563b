"""The running service as a colleague: work it must do, because it alone writes, is sent to it over HTTP.

The operator's token lies in the service's folder, readable by the account that runs it and nobody else.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from api.cli.deployment import token_file
from api.cli.errors import NoOperatorToken, ServiceFaults, ServiceRefused, ServiceSilent
from ledger.errors import NOTHING_STANDS, SOME_STAND, DaodiError, Language, Location, Said
from trace.errors import StoppedThere

if TYPE_CHECKING:
    import httpx

    from api.settings import Settings

WAIT_SECONDS: Final = 600.0
"""An import of a large file or an index over years may take minutes."""


def hand_over(
    chosen: "Settings",
    address: str,
    path: str,
    language: Language,
    *,
    query: Mapping[str, str] | None = None,
    file: tuple[str, bytes] | tuple[str, bytes, str] | None = None,
    form: Mapping[str, str] | None = None,
    body: Mapping[str, object] | None = None,
    token: str | None = None,
) -> Any:  # noqa: ANN401  the service's JSON
    """POST to the service at `address` and return its answer; with `token` in its bearer's name.

    Raises `NoOperatorToken`, `ServiceSilent`, or what the service said was wrong: `ServiceRefused` or
    `ServiceFaults`.
    """
    import httpx

    headers = {
        "Authorization": f"Bearer {token or _token(chosen)}",
        "Accept-Language": language,
        "Host": urlsplit(chosen.base_url).netloc,  # the name it trusts, reached past any proxy
    }
    files = None if file is None else {"file": file}
    try:
        with httpx.Client(timeout=WAIT_SECONDS, trust_env=False) as client:
            answer = client.post(
                f"{address}{path}", params=query, files=files, data=form, json=body, headers=headers
            )
    except httpx.HTTPError as error:
        raise ServiceSilent(address=address, reason=_silence(error)) from error
    if answer.is_success:
        return answer.json()
    raise told(answer)


def told(answer: "httpx.Response") -> DaodiError:
    """Return the service's problem (RFC 9457) as an error of ours."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    faults = [fault(each) for each in problem.get("faults", problem.get("errors", ()))]
    count = problem.get("count")
    if count is not None or len(faults) > 1:
        some = any(each.get("type") == StoppedThere.key() for each in problem.get("errors", ()))
        return ServiceFaults(
            faults, max(0, (count or 0) - len(faults)), stands=SOME_STAND if some else NOTHING_STANDS
        )
    if faults:
        return faults[0]
    return ServiceRefused(
        message=problem.get("detail") or problem.get("title") or f"HTTP {answer.status_code}",
        remedy=problem.get("remedy", ""),
    )


def fault(member: Mapping[str, Any]) -> DaodiError:
    """Return one fault of the service's report as an error that knows where it stands."""
    at = Location(
        file=member.get("file"),
        row=member.get("row"),
        field=member.get("field") or member.get("pointer"),
        value=member.get("value"),
    )
    message = member.get("message") or member.get("detail") or ""
    return ServiceRefused(at=at, message=message, remedy=member.get("remedy", ""))


def _silence(error: "httpx.HTTPError") -> Said:
    """Say how a service failed to answer; the class of the error names it for a maintainer."""
    import httpx

    name = type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return Said(f"等待超时（{name}）", f"it took too long ({name})")
    if isinstance(error, httpx.ConnectError):
        return Said(f"连接不上（{name}）", f"no connection ({name})")
    return Said(f"连接中断（{name}）", f"the connection broke ({name})")


def _token(chosen: "Settings") -> str:
    path = token_file(chosen)
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise NoOperatorToken(file=path) from error
