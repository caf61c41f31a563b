"""How this service speaks to Redis: short time-outs, no retries, never waited for.

Redis is not trusted and holds no only copy: whoever owns it can at most slow the service down.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import redis


def connect(address: str, timeout_ms: int) -> "redis.Redis":
    """Return a client whose every command ends within `timeout_ms` for each of connect and answer.

    Nothing is sent yet: a Redis that is away shows at the first command, as `redis.RedisError`.
    """
    # Only who has a Redis pays for its client: a command starts half a second sooner without.
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return redis.Redis.from_url(
        address,
        socket_timeout=timeout_ms / 1000,
        socket_connect_timeout=timeout_ms / 1000,
        retry=Retry(NoBackoff(), 0),
    )
