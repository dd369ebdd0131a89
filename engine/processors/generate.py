"""generate: makes messages from a template, a fixed number or at a rate."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from engine.processors.base import Config, ProcessorType, fixed


class GenerateConfig(Config):
    """Settings of `generate`."""

    count: Annotated[int, Meta(ge=0, description="How many messages to make; 0 means without end.")] = 1
    content: Annotated[Any, Meta(description="The content of every message; a mapping may use {n} in its strings.")] = None
    rate: Annotated[float, Meta(ge=0, description="Messages per second; 0 means as fast as the flow takes them.")] = 0.0
    attributes: Annotated[dict[str, str], Meta(description="Attributes of every message.")] = {}


TYPE = ProcessorType(
    name="generate",
    title="Generate",
    summary="Makes messages from a template, a fixed number or at a rate.",
    category="sources",
    config=GenerateConfig,
    inputs=fixed(()),
)
