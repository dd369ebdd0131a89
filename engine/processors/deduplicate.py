"""deduplicate: lets the first message of each key pass."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, ProcessorType, fixed
from engine.processors.notation import Duration, read_durations


class DeduplicateConfig(Config, frozen=True, kw_only=True):
    """Settings of `deduplicate`."""

    key: Annotated[str, Meta(description="Python expression; messages with equal values are duplicates.")] = "content"
    count: Annotated[int, Meta(ge=1, description="Keys to remember at most; the oldest are forgotten first.")] = 100_000
    age: Annotated[Duration, Meta(description="How long a key is remembered, such as 1h; 0: until `count` is reached.")] = 0.0

    def __post_init__(self) -> None:
        read_durations(self, "age")


TYPE = ProcessorType(
    name="deduplicate",
    title="Deduplicate",
    summary="Lets the first message of each key pass.",
    category="routing",
    config=DeduplicateConfig,
    outputs=fixed(("success", "duplicate")),
    exclusive=True,
    expressions=("key",),
)
