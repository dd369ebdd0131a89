"""Results in Redis: a key for each, which ends by itself; a sorted set of them by time; a channel that tells of new ones."""

# ruff: noqa: D102 - the interface says what each method means

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.exceptions import (
    AuthenticationError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
)

from engine.bus.redis_link import end
from engine.errors import StorageError, StorageFull, StorageReadOnly, UsageError
from engine.results.base import KEEP_S, Entry, ResultStore, now_ms
from engine.results.result import HEAD_BYTES, has_failed

_KEY = "pyfi:result:"
_INDEX = "pyfi:results"
_CHANNEL = "pyfi:answered"
_CONNECT_S = 5.0
_PATIENCE_S = 30.0
_QUIET_S = 10.0
_PUT = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
    redis.call('ZADD', KEYS[2], ARGV[3], ARGV[4])
    redis.call('PUBLISH', ARGV[5], ARGV[4])
    return 1
end
return 0
"""
"""All of it or nothing: a result is never without its place in the list."""


class RedisResults(ResultStore):
    """Results behind `redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`, or `rediss://` over TLS, each for `keep_s`.

    They are as durable as the Redis is: it must write an append-only file, and evict nothing.
    """

    # The channel tells; these looks are for what it lost while its connection was down.
    first_look_s = 0.5
    last_look_s = 2.0

    def __init__(self, url: str, keep_s: float = KEEP_S) -> None:
        super().__init__()
        self._place, self._redis = _client(url)
        self._keep_ms = max(1, int(keep_s * 1000))
        self._put = self._redis.register_script(_PUT)
        self._listening: asyncio.Task[None] | None = None
        self._heard = asyncio.Event()

    async def probe(self) -> None:
        """Raise StorageError unless the server answers and lets results be put."""
        async with self._explained():
            await self._redis.ping()

    async def put_packed(self, results: Sequence[tuple[str, bytes]]) -> list[bool]:
        async with self._explained():
            async with self._redis.pipeline(transaction=False) as pipe:
                for id, packed in results:
                    arguments = [packed, self._keep_ms, now_ms(), id, _CHANNEL]
                    await self._put(keys=[_KEY + id, _INDEX], args=arguments, client=pipe)
                first = await pipe.execute()
            await self._redis.zremrangebyscore(_INDEX, "-inf", now_ms() - self._keep_ms)
        for id, _ in results:
            self._tell(id)
        return [bool(each) for each in first]

    async def get_packed(self, id: str) -> bytes | None:
        async with self._explained():
            return await self._redis.get(_KEY + id)

    async def forget(self, id: str) -> bool:
        async with self._explained(), self._redis.pipeline() as pipe:
            pipe.delete(_KEY + id)
            pipe.zrem(_INDEX, id)
            deleted, _ = await pipe.execute()
        return bool(deleted)

    async def expire(self, before_ms: int) -> int:
        async with self._explained():
            old: list[bytes] = await self._redis.zrangebyscore(_INDEX, "-inf", f"({before_ms}")
            if not old:
                return 0
            async with self._redis.pipeline() as pipe:
                pipe.delete(*(_KEY + id.decode() for id in old))
                pipe.zrem(_INDEX, *old)
                deleted, _ = await pipe.execute()
        return int(deleted)

    async def recent(self, limit: int = 100) -> list[Entry]:
        async with self._explained():
            found: list[tuple[bytes, float]] = await self._redis.zrevrange(_INDEX, 0, limit - 1, withscores=True)
            async with self._redis.pipeline(transaction=False) as pipe:
                for id, _ in found:
                    pipe.getrange(_KEY + id.decode(), 0, HEAD_BYTES - 1)
                    pipe.strlen(_KEY + id.decode())
                told = await pipe.execute()
        heads = zip(found, told[::2], told[1::2], strict=True)
        return [Entry(id.decode(), int(score), size, has_failed(head)) for (id, score), head, size in heads if head]

    async def close(self) -> None:
        await end(self._listening)
        await self._redis.aclose()

    async def _listen(self) -> None:
        """Subscribe, so that no result that is put after this is missed."""
        if self._listening is None:
            self._listening = asyncio.create_task(self._hear())
        await self._heard.wait()

    async def _hear(self) -> None:
        while True:
            with contextlib.suppress(
                RedisError, OSError
            ):  # whoever waits looks by itself now and then, and is told what is wrong
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(_CHANNEL)
                    while True:
                        message = await channel.get_message(timeout=_QUIET_S)
                        if message is None:
                            continue
                        if message["type"] == "message":
                            self._tell(message["data"].decode())
                        else:  # subscribed, perhaps again: what was told meanwhile was lost
                            self._heard.set()
                            self._tell_all()
            self._heard.set()
            await asyncio.sleep(self.first_look_s)

    @contextlib.asynccontextmanager
    async def _explained(self) -> AsyncGenerator[None]:
        try:
            yield
        except (RedisError, OSError) as error:
            raise explained(error, self._place) from error


def explained(error: Exception, place: str) -> StorageError:
    """What a Redis client's error means, for a server at `place` (HOST:PORT)."""
    reason = str(error).strip().partition("\n")[0].rstrip(".")
    where = f"the results' Redis at {place}"
    if isinstance(error, AuthenticationError) or reason.startswith(("NOAUTH", "WRONGPASS")) or "invalid password" in reason:
        return StorageError(f"{where} does not accept the user or password: correct them in the results' URL")
    if isinstance(error, NoPermissionError):
        return StorageReadOnly(f"{where} does not allow this user to do that ({reason}): have its rights widened")
    if isinstance(error, ReadOnlyError):
        return StorageReadOnly(f"{where} is a read-only replica: name its primary in the results' URL")
    if isinstance(error, OutOfMemoryError):
        return StorageFull(f"{where} has no memory left: raise its `maxmemory`, or have results expire sooner")
    if isinstance(error, OSError) or "onnect" in reason or "imeout" in reason:
        return StorageError(
            f"{where} cannot be reached ({reason or type(error).__name__}): start it, or correct the results' URL"
        )
    return StorageError(f"{where} refuses ({reason}): see its log")


def _client(url: str) -> tuple[str, Any]:
    made: Any = Redis  # its methods are typed as if they could also answer at once
    try:
        parts = urlsplit(url)
        place = f"{parts.hostname or 'localhost'}:{parts.port or 6379}"
        client = made.from_url(
            url, socket_connect_timeout=_CONNECT_S, socket_timeout=_PATIENCE_S, socket_keepalive=True, health_check_interval=10
        )
    except (ValueError, RedisError):
        # Not shown: whatever it is, it may hold a password.
        raise UsageError("the results' URL cannot be read; use redis://:PASSWORD@HOST:PORT/DATABASE") from None
    return place, client
