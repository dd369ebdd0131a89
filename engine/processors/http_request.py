"""http_request: asks a web server, once for every message."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta

from engine.processors.base import Config, Effect, ProcessorType
from engine.processors.notation import Duration, Size, Template, read_durations, read_sizes, read_templates


class HttpRequestConfig(Config, frozen=True, kw_only=True):
    """Settings of `http_request`."""

    url: Annotated[Template, Meta(description="The address; {expressions} are filled in.")]
    method: Annotated[Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"], Meta(description="The HTTP method.")] = "GET"
    query: Annotated[
        dict[str, Template], Meta(description="What follows the ? of the address; {expressions} are filled in.")
    ] = {}
    headers: Annotated[dict[str, Template], Meta(description="Headers; {expressions} are filled in.")] = {}
    body: Annotated[
        str | None, Meta(description="Python expression for what is sent; by default the content, if the method sends one.")
    ] = None
    response: Annotated[Literal["auto", "json", "text", "bytes"], Meta(description="What the answer becomes.")] = "auto"
    accept: Annotated[tuple[int, ...], Meta(description="Further statuses that mean success, besides 200 to 299.")] = ()
    redirects: Annotated[bool, Meta(description="Whether to go where the server points.")] = True
    verify: Annotated[bool, Meta(description="Whether a server's certificate must be valid.")] = True
    timeout: Annotated[Duration, Meta(description="How long one answer may take.")] = 30.0
    max_size: Annotated[Size, Meta(description="How large one answer may be.")] = 64_000_000
    concurrency: Annotated[int, Meta(ge=1, le=256, description="Requests under way at the same time.")] = 8

    def __post_init__(self) -> None:
        read_durations(self, "timeout")
        read_sizes(self, "max_size")
        read_templates(self, "url", "query", "headers")


def _check(config: HttpRequestConfig, folder: Path) -> list[str]:
    first: Any = config.url[0] if config.url else ""
    if isinstance(first, str) and not first.startswith(("http://", "https://")):
        return ["`url` must begin with http:// or https://, or with an {expression}"]
    if isinstance(config.timeout, float) and config.timeout <= 0:
        return ["`timeout` must be more than zero, such as 30s"]
    return []


TYPE = ProcessorType(
    name="http_request",
    title="HTTP request",
    summary="Asks a web server, once for every message; the answer is the result.",
    category="network",
    config=HttpRequestConfig,
    check=_check,
    effect=Effect.OUTSIDE,
    packages=("httpx",),
    expressions=("body",),
)
