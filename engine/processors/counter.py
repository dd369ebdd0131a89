"""counter: counts messages, by the value of an expression."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, ProcessorType, fixed
from engine.processors.notation import Duration, read_durations


class CounterConfig(Config, frozen=True):
    """Settings of `counter`."""

    key: Annotated[str | None, Meta(description="Python expression; messages are counted by its value.")] = None
    every: Annotated[
        Duration, Meta(description="How often to send the counts while messages come, such as 10s; 0: only when the run ends.")
    ] = 0.0
    reset: Annotated[bool, Meta(description="Begin again at zero whenever the counts were sent.")] = False

    def __post_init__(self) -> None:
        read_durations(self, "every")


TYPE = ProcessorType(
    name="counter",
    title="Counter",
    summary="Counts messages, in all or by the value of an expression, and passes them on.",
    category="monitoring",
    config=CounterConfig,
    outputs=fixed(("success", "counts")),
    exclusive=True,
    final=True,
    expressions=("key",),
)
