"""http_listen: makes a message of every HTTP request that comes in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, Effect, ProcessorType, fixed
from engine.processors.notation import Duration, Size, read_durations, read_sizes

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})


class HttpListenConfig(Config, frozen=True, kw_only=True):
    """Settings of `http_listen`."""

    port: Annotated[int, Meta(ge=1, le=65535, description="The TCP port to listen on.")]
    host: Annotated[str, Meta(description="The address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1"
    path: Annotated[str, Meta(description="Requests to this path, and to paths below it, are taken.")] = "/"
    methods: Annotated[tuple[str, ...], Meta(description="HTTP methods that are taken.")] = ("POST",)
    respond: Annotated[bool, Meta(description="Have the caller wait for an http_respond at the end of the flow.")] = False
    timeout: Annotated[Duration, Meta(description="After how long a caller is told that it took too long.")] = 30.0
    max_body: Annotated[Size, Meta(description="How large a request may be.")] = 10_000_000
    waiting: Annotated[int, Meta(ge=1, le=100_000, description="Requests that may wait for room in the flow.")] = 1000
    connections: Annotated[int, Meta(ge=1, le=10_000, description="Callers that may be connected at the same time.")] = 200

    def __post_init__(self) -> None:
        read_durations(self, "timeout")
        read_sizes(self, "max_body")


def _check(config: HttpListenConfig, folder: Path) -> list[str]:
    reasons: list[str] = []
    if not config.path.startswith("/"):
        reasons.append(f"`path` must begin with /, such as /{config.path}")
    reasons.extend(
        f"'{method}' is no HTTP method; use {', '.join(sorted(_METHODS))}"
        for method in config.methods
        if method not in _METHODS
    )
    if not config.methods:
        reasons.append("`methods` is empty; name at least one, such as POST")
    if isinstance(config.timeout, float) and config.timeout <= 0:
        reasons.append("`timeout` must be more than zero, such as 30s")
    return reasons


TYPE = ProcessorType(
    name="http_listen",
    title="HTTP listen",
    summary="Makes a message of every HTTP request, and answers when it is safely stored.",
    category="network",
    config=HttpListenConfig,
    inputs=fixed(()),
    check=_check,
    effect=Effect.OUTSIDE,
    exclusive=True,
    listens=True,
)
