"""Redis as the bus uses it: how it is connected to, and what to say of a server that cannot be used."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from redis import exceptions

from engine.errors import PyfiError, UsageError

_ANSWER_S = 5.0
"""A server that takes longer is taken for gone."""
_CANCELLED_S = 0.2
_PORT = 6379
FAILURES = (exceptions.RedisError, OSError, TimeoutError)


Command = tuple[str | bytes | int | float, ...]


class Heard(NamedTuple):
    """What came on a channel."""

    channel: bytes
    data: bytes


class Link:
    """A client that connects with its first command, and says at once when a connection is lost: whoever uses it comes back.

    Everything raises FAILURES: the server is away, or refuses.

    Raises:
        UsageError: this is no URL of a Redis server.
    """

    # The library's own types are full of holes; nobody but this class sees them.
    _client: Any

    def __init__(self, url: str) -> None:
        try:
            if urlsplit(url).scheme not in ("redis", "rediss"):
                raise ValueError  # noqa: TRY301 - one sentence for all that is wrong with it
            self._client = _client(url)
        except (ValueError, TypeError):
            raise UsageError(
                "this is not the URL of a Redis server; give redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER], or rediss:// for TLS"
            ) from None

    async def ask(self, *command: Any) -> Any:
        """The answer to a command."""
        return await self._client.execute_command(*command)

    async def ask_all(self, commands: Sequence[Command], *, together: bool = True) -> list[Any]:
        """The answers to several; `together`: as one transaction, so that nobody sees half of what they did."""
        async with self._client.pipeline(transaction=together) as pipeline:
            for command in commands:
                pipeline.execute_command(*command)
            return await pipeline.execute()

    def listen(self) -> Hearing:
        """A connection of its own, to listen with."""
        return Hearing(self._client.pubsub())

    async def disconnect(self) -> None:
        """Drop connections; the next command makes others."""
        await self._client.connection_pool.disconnect()

    async def close(self) -> None:
        """End."""
        await self._client.aclose()


class Hearing:
    """Hears what is published on channels; `close` it."""

    def __init__(self, subscription: Any) -> None:
        self._subscription = subscription
        self._early: deque[Heard] = deque()

    async def subscribe(self, channels: Sequence[str] = (), patterns: Sequence[str] = ()) -> None:
        """Hear these; when this returns, all that is published from now on is heard."""
        if channels:
            await self._subscription.subscribe(*channels)
        if patterns:
            await self._subscription.psubscribe(*patterns)
        left = len(channels) + len(patterns)
        while left:
            message = await self._subscription.get_message(timeout=_ANSWER_S)
            if message is None:
                raise TimeoutError
            if message["type"] in ("subscribe", "psubscribe"):
                left -= 1
            elif message["type"] in ("message", "pmessage"):
                self._early.append(Heard(message["channel"], message["data"]))

    async def next(self, silent_s: float) -> Heard | None:
        """What comes next; None when nothing came for so long. Raises TimeoutError when the server is not there any more."""
        if self._early:
            return self._early.popleft()
        message = await self._subscription.get_message(timeout=silent_s)
        if message is None:
            await self._subscription.ping()
            message = await self._subscription.get_message(timeout=_ANSWER_S)  # the answer, or what came before it
            if message is None:
                raise TimeoutError
        if message["type"] not in ("message", "pmessage"):
            return None
        return Heard(message["channel"], message["data"])

    async def close(self) -> None:
        """Hear no more."""
        await self._subscription.aclose()


def _client(url: str) -> Any:
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    options: dict[str, Any] = {
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,  # answers to pub/sub come as those to commands do: one reader for both
        "socket_connect_timeout": _ANSWER_S,
        "socket_timeout": _ANSWER_S,
        "socket_keepalive": True,
    }
    made: Any = Redis
    return made.from_url(url, **options)


async def end(task: asyncio.Task[None] | None) -> None:
    """Cancel a task that uses a link, and wait until it has ended."""
    while task is not None and not task.done():
        # Not once: the library at times takes a cancellation that comes while it connects for a broken connection.
        task.cancel()
        await asyncio.wait({task}, timeout=_CANCELLED_S)


async def probe(url: str) -> None:
    """See whether the server can be used as a bus.

    Raises:
        UsageError: this is no URL of a Redis server.
        PyfiError: it cannot be used; says why, and the cure.
    """
    link = Link(url)
    hearing = link.listen()
    try:
        await link.ask_all([("HSET", "pyfi:probe", "a", "b"), ("EXPIRE", "pyfi:probe", 1), ("PUBLISH", "pyfi:probe", b"")])
        await hearing.subscribe(patterns=["pyfi:probe:*"])
    except FAILURES as error:
        raise PyfiError(trouble_of(error, url)) from None
    finally:
        await hearing.close()
        await link.close()


def trouble_of(error: BaseException, url: str) -> str:
    """Why the server cannot be used, and the cure; never with a password."""
    return f"the bus, Redis at {place_of(url)}, {_reason(error, url)}"


def place_of(url: str) -> str:
    """Host and port."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "localhost", parts.port or _PORT
    except ValueError:
        return "its URL"
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _reason(error: BaseException, url: str) -> str:
    if isinstance(error, exceptions.AuthenticationError) and "required" in str(error):
        return "wants a password; put it into the URL"
    for kind, reason in (
        (exceptions.AuthenticationWrongNumberOfArgsError, "wants a user name with the password; put both into the URL"),
        (exceptions.AuthenticationError, "refuses the user name or the password; correct them in the URL"),
        (
            exceptions.NoPermissionError,
            "does not let this user do all that a bus needs; give it `~pyfi:* allchannels +@all -@dangerous`",
        ),
        (exceptions.ReadOnlyError, "is a replica that may not be written; name the primary server"),
        (exceptions.OutOfMemoryError, "has no memory left; raise its `maxmemory`, or give the bus a server of its own"),
        (exceptions.BusyLoadingError, "is still loading its data; wait until it has"),
        (exceptions.MaxConnectionsError, "has too many clients; raise its `maxclients`"),
        (exceptions.InvalidResponse, "is no Redis server, or wants TLS; correct the port, or begin the URL with rediss://"),
    ):
        if isinstance(error, kind):
            return reason
    return _network_reason(error, url.startswith("rediss:"))


def _network_reason(error: BaseException, is_secure: bool) -> str:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "has a certificate that is not trusted; add `?ssl_ca_certs=FILE` to the URL"
        if isinstance(cause, ssl.SSLError):
            return "does not speak TLS there; begin the URL with redis://, or correct the port"
        if isinstance(cause, ConnectionRefusedError):
            return "refuses connections; start the server, or correct host and port"
        if isinstance(cause, OSError) and cause.errno is not None and cause.errno < 0:  # getaddrinfo's errors
            return "cannot be found; correct the host's name"
    if any(isinstance(cause, (TimeoutError, exceptions.TimeoutError)) for cause in _causes(error)):
        unless = ", and that it speaks TLS (begin the URL with redis:// otherwise)" if is_secure else ""
        return f"does not answer; see that it runs, that a firewall lets this machine through{unless}"
    return "has ended the connection; see that it runs, and begin the URL with rediss:// if it wants TLS"


def _causes(error: BaseException | None) -> list[BaseException]:
    """An error and all that it came from."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
