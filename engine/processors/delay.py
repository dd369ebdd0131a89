"""delay: holds every message back for a time."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, ProcessorType
from engine.processors.notation import Duration, read_durations


class DelayConfig(Config, frozen=True, kw_only=True):
    """Settings of `delay`."""

    time: Annotated[Duration, Meta(description="How long each message waits after it has come, such as 30s.")]

    def __post_init__(self) -> None:
        read_durations(self, "time")


TYPE = ProcessorType(
    name="delay",
    title="Delay",
    summary="Holds every message back for a time.",
    category="timing",
    config=DelayConfig,
)
