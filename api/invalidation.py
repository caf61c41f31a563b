"""Workers tell each other through Redis which lots have changed, so that dead bodies leave memory early.

Only a courtesy: bodies are keyed by revision, so a message that is lost costs memory, never truth.
"""

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import structlog

from api.breaker import Breaker
from api.cache import BodyCache

if TYPE_CHECKING:
    import redis

_CHANNEL = "daodi:lots"
_EVERYTHING: Final = "*"
"""Said instead of a lot: no lot is called so."""
_FEW: Final = 32
"""Lots worth a message each; a recall of twenty thousand is one."""
_log = structlog.get_logger(__name__)


class Invalidation:
    """Drops bodies of changed lots here, and asks the other workers to do the same."""

    def __init__(
        self,
        cache: BodyCache,
        client: "redis.Redis | None",
        breaker: Breaker,
        *,
        rest_seconds: float = 1.0,
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        """Call `heard` whenever something was forgotten, whoever changed it."""
        self._cache = cache
        self._heard = heard
        self._client = client
        self._breaker = breaker
        self._rest_seconds = rest_seconds
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen, in a thread of its own; nothing happens without Redis."""
        if self._client is not None:
            self._thread = threading.Thread(target=self._run, name="daodi-invalidation", daemon=True)
            self._thread.start()

    def lot_changed(self, lot: str) -> None:
        """Forget `lot` here and tell the other workers; an absent Redis is passed over."""
        self._forget(lot)
        client = self._client
        if client is not None:
            import redis

            self._breaker.call(
                lambda: client.publish(_CHANNEL, lot.encode()), lambda: None, expected=redis.RedisError
            )

    def lots_changed(self, lots: Sequence[str]) -> None:
        """Forget all of `lots` everywhere; where they are many, everything, by one message."""
        if len(lots) <= _FEW:
            for lot in lots:
                self.lot_changed(lot)
        else:
            self.lot_changed(_EVERYTHING)

    def close(self) -> None:
        """Stop listening and end the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        import redis

        while not self._stop.is_set():
            try:
                self._listen()
            except redis.RedisError as error:
                _log.warning("redis_away", error=type(error).__name__)
                self._stop.wait(self._rest_seconds)

    def _listen(self) -> None:
        if self._client is None:
            return
        from redis.client import PubSub

        with PubSub(self._client.connection_pool, ignore_subscribe_messages=True) as listener:
            listener.subscribe(_CHANNEL)
            # Messages sent while nobody listened are lost: start from nothing.
            self._cache.clear()
            while not self._stop.is_set():
                message = listener.get_message(timeout=0.2)
                if message is not None:
                    self._forget(message["data"].decode("utf-8", "replace"))

    def _forget(self, lot: str) -> None:
        if lot == _EVERYTHING:
            self._cache.clear()
        else:
            self._cache.forget_lot(lot)
        self._heard()
