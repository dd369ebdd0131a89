"""log: writes messages to the processor's log and passes them on."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from engine.processors.base import Config, ProcessorType


class LogConfig(Config, frozen=True):
    """Settings of `log`."""

    every: Annotated[int, Meta(ge=1, description="Log every n-th message: 1 for each.")] = 1
    level: Annotated[Literal["debug", "info", "warning", "error"], Meta(description="The level of the lines.")] = "info"
    prefix: Annotated[str, Meta(description="What each line begins with.")] = ""
    attributes: Annotated[bool, Meta(description="Show the attributes too.")] = False


TYPE = ProcessorType(
    name="log",
    title="Log",
    summary="Writes messages to the processor's log and passes them on unchanged.",
    category="monitoring",
    config=LogConfig,
    final=True,
)
