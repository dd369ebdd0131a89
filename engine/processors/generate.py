"""generate: makes messages from a template, a fixed number or at a rate."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from engine.processors.base import Config, ProcessorType, fixed


class GenerateConfig(Config, frozen=True):
    """Settings of `generate`."""

    count: Annotated[int, Meta(ge=0, description="How many messages to make each time it runs; 0: without end.")] = 1
    content: Annotated[
        Any,
        Meta(description="The content of every message. In texts, {n} becomes its number, {uuid} a new UUID, {time} the time."),
    ] = "{n}"
    rate: Annotated[float, Meta(ge=0, description="Messages per second; 0: as fast as the flow takes them.")] = 0.0
    attributes: Annotated[dict[str, str], Meta(description="Attributes of every message, with the same places.")] = {}


TYPE = ProcessorType(
    name="generate",
    title="Generate",
    summary="Makes messages from a template, a fixed number or at a rate.",
    category="sources",
    config=GenerateConfig,
    inputs=fixed(()),
)
