"""Endpoints whose requests may be sent again under an `Idempotency-Key`.

Most are answered inside the transaction that writes, so that the answer is kept together with what it tells
of; `api.repeats.repeat_table` names the others. Only what was done is kept: whoever was refused wrote nothing
and may try again under the same key.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from api.asking import ASKING
from api.callers import Caller, caller_of
from api.one_transaction import answering_in
from api.repeats.kept_answers import Answer, forget_answers, keep_answer, kept_answer
from api.repeats.repeat_table import DERIVED_IDS, RECOGNISED, SECRET
from api.repeats.request_keys import RequestKey, sent_with_key
from api.repeats.under_way import UnderWay
from api.station import Station

Endpoint: TypeAlias = Callable[..., Any]
Values: TypeAlias = dict[str, Any]
_MARK: Final = "repeatable"
_HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request with a key, whose caller is known and whose body was read."""

    key: RequestKey
    station: Station
    under_way: UnderWay


def keyed_request() -> Keyed | None:
    """Return the request that is being answered in this context; None where it has no key."""
    asking = ASKING.get()
    if asking is None or asking.scope is None:
        return None
    sent = sent_with_key(asking.scope)
    if sent is None:
        return None
    state = asking.scope["app"].state
    return Keyed(sent.key_of(asking.caller), state.station, state.under_way)


def make_repeatable(routers: Iterable[APIRouter]) -> None:
    """Let every POST of the API among `routers` answer a repeated request as it answered the first."""
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and _writes(route) and not hasattr(route.endpoint, _MARK):
                route.endpoint = _repeatable(route, route.endpoint)
                setattr(route.endpoint, _MARK, True)


def _writes(route: APIRoute) -> bool:
    return "POST" in (route.methods or ()) and route.path.startswith("/v1/")


def _repeatable(route: APIRoute, endpoint: Endpoint) -> Endpoint:
    if inspect.iscoroutinefunction(endpoint):
        return _awaited(route, endpoint)

    done = _done_and_kept if route.path in RECOGNISED else _done_at_once

    @functools.wraps(endpoint)
    def answered(**values: Any) -> Any:  # noqa: ANN401  whatever the endpoint takes and returns
        asked = keyed_request()
        if asked is None:
            return endpoint(**values)
        with asked.under_way.claim(asked.key):
            answer = _found(asked) or done(asked, route, endpoint, values)
        return answer.response()

    return answered


def _awaited(route: APIRoute, endpoint: Callable[..., Awaitable[Any]]) -> Endpoint:
    @functools.wraps(endpoint)
    async def answered(*arguments: Any, **values: Any) -> Any:  # noqa: ANN401  as above
        if arguments:
            await _read_and_settled(*arguments)
        asked = keyed_request()
        if asked is None:
            return await endpoint(*arguments, **values)
        with asked.under_way.claim(asked.key):
            answer = await run_in_threadpool(_found, asked)
            if answer is None:
                value = await endpoint(*arguments, **_named(asked, route, values))
                answer = await run_in_threadpool(_kept_after, asked, route, value, values)
        return answer.response()

    return answered


async def _read_and_settled(request: Request, token: str, station: Station) -> None:
    """See who sent a lean route's request and what it says: neither FastAPI nor a dependency did."""
    asking = ASKING.get()
    if asking is None or sent_with_key(request.scope) is None:
        return
    await request.body()
    asking.caller = await run_in_threadpool(_caller, station, token)


def _caller(station: Station, token: str) -> Caller:
    with station.database.read() as session:
        return caller_of(session, token, station.clock())


def _found(asked: Keyed) -> Answer | None:
    with asked.station.database.read() as session:
        return kept_answer(session, asked.key, _since_ms(asked.station))


def _done_at_once(asked: Keyed, route: APIRoute, endpoint: Endpoint, values: Values) -> Answer:
    """Answer and keep the answer in one transaction; another worker may have been first."""

    def work(session: Session) -> Answer:
        found = kept_answer(session, asked.key, _since_ms(asked.station))
        if found is not None:
            return found
        with answering_in(session):
            answer = _answer(route, endpoint(**values), values)
        _keep(session, asked, route, answer)
        return answer

    return asked.station.writer.submit(work)


def _done_and_kept(asked: Keyed, route: APIRoute, endpoint: Endpoint, values: Values) -> Answer:
    return _kept_after(asked, route, endpoint(**_named(asked, route, values)), values)


def _kept_after(asked: Keyed, route: APIRoute, value: object, values: Values) -> Answer:
    """Keep the answer to what was done; two workers that were asked at once answer with the first one's."""
    answer = _answer(route, value, values)

    def work(session: Session) -> Answer:
        found = kept_answer(session, asked.key, _since_ms(asked.station))
        if found is None:
            _keep(session, asked, route, answer)
        return found or answer

    return asked.station.writer.submit(work, own=True)


def _keep(session: Session, asked: Keyed, route: APIRoute, answer: Answer) -> None:
    if answer.done:
        now_ms = asked.station.clock()
        forget_answers(session, _since_ms(asked.station))
        keep_answer(session, asked.key, answer, now_ms, secret=route.path in SECRET)


def _since_ms(station: Station) -> int:
    return station.clock() - station.settings.request_key_hours * _HOUR_MS


def _named(asked: Keyed, route: APIRoute, values: Values) -> Values:
    """Give what the request makes an id of the key, so that done again it would be known again."""
    name = DERIVED_IDS.get(route.path)
    if name is None or values[name].id is not None:
        return values
    return {**values, name: values[name].model_copy(update={"id": asked.key.derived_id()})}


def _answer(route: APIRoute, value: object, values: Values) -> Answer:
    """Return the answer FastAPI would make of an endpoint's value."""
    if isinstance(value, Response):
        return Answer.of(value)
    told = next((each for each in values.values() if isinstance(each, Response)), None)
    status = (told and told.status_code) or route.status_code or 200
    field = route.response_field
    if field is None:
        return Answer(status, [], b"")
    body = field.serialize_json(
        field.validate(value, {}, loc=("response",))[0],
        by_alias=route.response_model_by_alias,
        exclude_none=route.response_model_exclude_none,
        exclude_unset=route.response_model_exclude_unset,
        exclude_defaults=route.response_model_exclude_defaults,
    )
    response = Response(body, status_code=status, media_type="application/json")
    if told is not None:
        response.headers.update(told.headers)
    return Answer.of(response)
