"""Webhook endpoints and their deliveries as JSON; no secret but the one just made."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from api.routes.vocabulary import Named
from api.web.formats import local
from api.webhooks.deliveries import Delivery
from api.webhooks.endpoints import Endpoint
from api.webhooks.events import EventType
from api.webhooks.signatures import secret_text
from api.webhooks.webhook_keys import WebhookKeys
from ledger.errors import Language


class EndpointAnswer(BaseModel):
    """An endpoint; never its secret."""

    id: str
    address: str = Field(description="Without its query.")
    events: list[EventType]
    description: str
    created: datetime
    enabled: bool
    ended_why: str | None = Field(
        description="owner, gone (its server answered 410) or token (its owner's token ended)."
    )
    failing_since: datetime | None = Field(description="Since when deliveries were given up; null: none.")
    rotated: datetime | None = Field(description="When its secret was last changed.")

    @classmethod
    def of(cls, found: Endpoint) -> "EndpointAnswer":
        """Return an endpoint."""
        return cls(
            id=found.endpoint_id,
            address=found.shown,
            events=list(found.events),
            description=found.description,
            created=local(found.created_ms, 0),
            enabled=found.ended_ms is None,
            ended_why=found.ended_why,
            failing_since=None if found.failing_ms is None else local(found.failing_ms, 0),
            rotated=None if found.rotated_ms is None else local(found.rotated_ms, 0),
        )


class EndpointMade(EndpointAnswer):
    """An endpoint with the secret it was just given: shown this once."""

    secret: str = Field(description="For `v1` signatures: whsec_ and base64 of 32 bytes.")

    @classmethod
    def with_secret(cls, found: Endpoint, keys: WebhookKeys) -> "EndpointMade":
        """Return an endpoint with the last of its secrets."""
        secret = secret_text(keys.secret(found.endpoint_id, found.secret_number))
        return cls(**EndpointAnswer.of(found).model_dump(), secret=secret)


class EndpointList(BaseModel):
    """The endpoints of a caller; for the operator, everybody's."""

    endpoints: list[EndpointAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class TryAnswer(BaseModel):
    """One try."""

    at: datetime
    milliseconds: int = Field(description="How long it took.")
    status: int | None = Field(description="Of the answer; null where there was none.")
    fault: Named | None = Field(
        description="unreachable, too_slow, not_trusted or address_refused; null where there was an answer."
    )


class DeliveryAnswer(BaseModel):
    """One event on its way to one endpoint."""

    event: str = Field(description="Its id: `webhook-id` of every try.")
    type: str
    subject: str = Field(description="Id of the statement it tells of.")
    state: Named = Field(description="waiting, delivered, given_up or dropped.")
    made: datetime
    next_try: datetime | None = Field(description="Not before; null where none follows.")
    tries: list[TryAnswer] = Field(description="Oldest first.")

    @classmethod
    def of(cls, found: Delivery, language: Language) -> "DeliveryAnswer":
        """Return a delivery."""
        return cls(
            event=found.event_id,
            type=found.type,
            subject=found.subject,
            state=Named(key=found.state.value, name=found.state.words(language)),
            made=local(found.made_ms, 0),
            next_try=local(found.next_ms, 0) if found.state == "waiting" else None,
            tries=[
                TryAnswer(
                    at=local(each.at_ms, 0),
                    milliseconds=each.took_ms,
                    status=each.status,
                    fault=None
                    if each.fault is None
                    else Named(key=each.fault.value, name=each.fault.words(language)),
                )
                for each in found.tries
            ],
        )


class DeliveryPage(BaseModel):
    """Deliveries, newest first."""

    deliveries: list[DeliveryAnswer]
    next: str | None


class EndpointSwitch(BaseModel):
    """Whether an endpoint is sent to."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool


class ReplayAsked(BaseModel):
    """What is sent again."""

    model_config = ConfigDict(extra="forbid")

    event: str | None = Field(
        None, max_length=40, description="Id of one event; without it, all that never arrived."
    )


class Replayed(BaseModel):
    """How much is sent again."""

    replayed: int


class WebhookKey(BaseModel):
    """A key webhooks are signed with."""

    key: str = Field(description="whpk_ and base64 of the 32 bytes of an Ed25519 public key.")
    algorithm: str = Field(examples=["ed25519"])
    signature: str = Field(description="Which signatures it verifies: v1a.")


class WebhookKeyList(BaseModel):
    """The keys that count."""

    keys: list[WebhookKey]
