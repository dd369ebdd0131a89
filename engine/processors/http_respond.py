"""http_respond: answers the HTTP request that a message came from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, ProcessorType
from engine.processors.notation import Template, expression_problem, read_templates


class HttpRespondConfig(Config, frozen=True, kw_only=True):
    """Settings of `http_respond`."""

    listener: Annotated[
        str, Meta(min_length=1, description="Id of the http_listen, in the same subflow; /id: of the whole flow.")
    ]
    status: Annotated[int | str, Meta(description="The HTTP status, or a Python expression for it.")] = 200
    headers: Annotated[dict[str, Template], Meta(description="Headers; {expressions} are filled in.")] = {}
    body: Annotated[str, Meta(description="Python expression for what is sent; a mapping or a list becomes JSON.")] = "content"

    def __post_init__(self) -> None:
        read_templates(self, "headers")


def _check(config: HttpRespondConfig, folder: Path) -> list[str]:
    if isinstance(config.status, str):
        problem = expression_problem(config.status, "status")
        return [problem] if problem else []
    return [] if 200 <= config.status <= 599 else [f"`status` must be from 200 to 599, not {config.status}"]


TYPE = ProcessorType(
    name="http_respond",
    title="HTTP respond",
    summary="Answers the HTTP request that a message came from.",
    category="network",
    config=HttpRespondConfig,
    check=_check,
    final=True,
    expressions=("body",),
    partners={"listener": "http_listen"},
)
