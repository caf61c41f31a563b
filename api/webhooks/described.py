"""The events in the description of the API: its `webhooks` section (OpenAPI 3.1)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI
from pydantic import BaseModel

from api.webhooks.events import ForecastEvent, NoticeEvent, ReleaseEvent, StandingEvent, TestEvent
from api.webhooks.warning_events import WarningDigestEvent, WarningEvent, WarningHiddenEvent

_TOLD: Final[tuple[tuple[str, str, type[BaseModel], str], ...]] = (
    ("release.published", "release_published_event", ReleaseEvent, "A release became public."),
    ("release.revised", "release_revised_event", ReleaseEvent, "A revision of a release became public."),
    ("index.notice", "index_notice_event", NoticeEvent, "A correction notice became public."),
    ("index.standing", "index_standing_event", StandingEvent, "A family's standing was declared."),
    ("forecast.made", "forecast_made_event", ForecastEvent, "A forecast was committed to the log."),
    ("warning.opened", "warning_opened_event", WarningEvent, "People are told of a warning."),
    ("warning.raised", "warning_raised_event", WarningEvent, "A warning grew worse."),
    ("warning.escalated", "warning_escalated_event", WarningEvent, "Nobody acknowledged a warning in time."),
    ("warning.ended", "warning_ended_event", WarningEvent, "A warning is over."),
    (
        "warning.regulator",
        "warning_regulator_event",
        WarningHiddenEvent,
        "A warning that only regulators see was opened.",
    ),
    ("warning.digest", "warning_digest_event", WarningDigestEvent, "A day's digest of warnings."),
    ("webhook.test", "webhook_test_event", TestEvent, "The owner of the endpoint asked for a trial."),
)
_SIGNED: Final = (
    "Signed by Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp` and `webhook-signature` with a "
    "`v1a` (Ed25519, keys at /.well-known/webhook-keys) and a `v1` (HMAC-SHA256) signature. Delivered at "
    "least once, in no promised order, always under the same `webhook-id`."
)


def describe_events(app: FastAPI) -> None:
    """Put every event into the description of `app`."""
    for name, operation_id, model, summary in _TOLD:
        app.webhooks.add_api_route(
            name,
            _receiver(model),
            methods=["POST"],
            operation_id=operation_id,
            summary=summary,
            description=_SIGNED,
            tags=["webhooks"],
            status_code=HTTPStatus.NO_CONTENT,
            response_description="Any status from 200 to 299: it has arrived. 410: send nothing more.",
        )


def _receiver(model: type[BaseModel]) -> Callable[[BaseModel], None]:
    """Return what a receiver's operation looks like: nothing here is ever called."""

    def receive(event: BaseModel) -> None:
        raise AssertionError(event)

    receive.__annotations__["event"] = model
    return receive
