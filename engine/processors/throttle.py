"""throttle: lets so many messages pass in each period."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, ProcessorType
from engine.processors.notation import Duration, read_durations


class ThrottleConfig(Config, frozen=True, kw_only=True):
    """Settings of `throttle`."""

    messages: Annotated[int, Meta(ge=1, description="How many messages may pass in each period.")]
    period: Annotated[Duration, Meta(description="How long a period is, such as 1s or 1m.")] = 1.0

    def __post_init__(self) -> None:
        read_durations(self, "period")


def _check(config: ThrottleConfig, folder: Path) -> list[str]:
    if isinstance(config.period, float) and config.period < 0.001:
        return ["`period` must be at least 1ms; let more messages pass in a longer period"]
    return []


TYPE = ProcessorType(
    name="throttle",
    title="Throttle",
    summary="Lets so many messages pass in each period; the others wait in their queue.",
    category="timing",
    config=ThrottleConfig,
    check=_check,
    exclusive=True,
)
