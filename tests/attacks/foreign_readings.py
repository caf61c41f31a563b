"""What names no object of anybody: lists, empty forms, and what a person does for himself.

A stranger's list holds nothing of the firm though the firm's own does; what a stranger makes is his own.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.attacks.foreign_world import World
from tests.trace.season import MAKER


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One list or form, as it is asked for."""

    right: str
    path: str
    shown: str = ""
    """What the firm's own answer holds; empty for a form that says nothing of anybody."""
    public: str = ""
    """What anybody is told who has the code that was asked with."""
    by_key: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """Something a person does for himself, with the firm's names put in where they might be believed."""

    right: str
    path: str
    sent: dict[str, Any] = field(default_factory=dict)
    answers: int = 303


def readings(at: World) -> list[Reading]:
    """Return the lists and forms."""
    named = at.named
    asked = {
        f"/v1/access?who={named['account']}": "POST /v1/holds",
        "/v1/api-keys": named["prefix"],
        "/v1/webhooks": named["endpoint"],
        "/v1/holds": named["hold"],
        "/workbench/steps": "",
        f"/workbench/drafts?party={MAKER}": "",
        f"/workbench/paste?party={MAKER}": "",
        "/workbench/paste/recorded?accepted=1": "",
        f"/workbench/upload?party={MAKER}": "",
        "/workbench/upload/recorded?accepted=1": "",
    }
    found = [
        Reading(right=f"GET {path.partition('?')[0]}", path=path, shown=shown)
        for path, shown in asked.items()
    ]
    for part, shown in (("holders", "YP-1"), ("codes", "YP-1")):
        path = f"/v1/recalls/{named['recall']}/{part}.csv"
        found.append(Reading(right=f"GET /v1/recalls/{{recall}}/{part}.csv", path=path, shown=shown))
    offer = f"/workbench/scan?codes={named['pack']}&party={MAKER}"
    found.append(Reading(right="GET /workbench/scan", path=offer, public="YP-"))
    found.append(Reading(right="GET /account", path="/account", shown=named["prefix"], by_key=False))
    return found


def makings(at: World) -> list[Making]:
    """Return what a stranger does for himself; signing out is the last."""
    account, code = {"account": at.named["account"]}, {"code": "000000"}
    whose = {**account, "party": MAKER}
    hook = {"address": "https://93.184.216.34/hook", "events": ["index.notice"]}
    words = "four other plain words"
    changed = {"present": "four plain words here", "password": words, "again": words}
    return [
        Making(right="POST /v1/api-keys", path="/v1/api-keys", sent={"json": {"name": "mine"}}, answers=201),
        Making(right="POST /v1/tokens", path="/v1/tokens", sent={"json": {}}, answers=200),
        Making(right="POST /v1/webhooks", path="/v1/webhooks", sent={"json": hook}, answers=201),
        _said("POST /account/keys", {**whose, "name": "mine", "scope": "steps:write"}, 200),
        _said("POST /account/password", {**whose, **changed}),
        _said("POST /account/factor/secret", whose),
        Making(
            right="GET /account/factor", path=f"/account/factor?account={account['account']}", answers=200
        ),
        _said("POST /account/factor", {**whose, **code}, 422),
        _said("POST /account/factor/removal", {**whose, **code}, 422),
        _said("POST /account/sessions/end", whose),
        Making(right="GET /sign-in/factor", path="/sign-in/factor"),
        Making(right="GET /sign-in/home", path="/sign-in/home"),
        _said("POST /sign-in/factor", {**whose, **code}),
        _said("POST /sign-out", whose),
    ]


def _said(right: str, typed: dict[str, str], answers: int = 303) -> Making:
    return Making(right=right, path=right.split()[1], sent={"data": typed}, answers=answers)
