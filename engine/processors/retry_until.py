"""retry_until: holds a message until a condition is met."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, ProcessorType
from engine.processors.notation import Duration, read_durations


class RetryUntilConfig(Config, frozen=True, kw_only=True):
    """Settings of `retry_until`."""

    until: Annotated[str, Meta(description="Python expression; it may use age, attempt, now and exists(path) too.")]
    every: Annotated[Duration, Meta(description="How long to wait before the next look, such as 5s.")] = 1.0
    timeout: Annotated[Duration, Meta(description="After how long a message goes to `timeout`; 0: it waits for ever.")] = 0.0
    loop: Annotated[bool, Meta(description="Send waiting messages round by an output `retry`, to be made anew.")] = False

    def __post_init__(self) -> None:
        read_durations(self, "every", "timeout")


def _outputs(config: RetryUntilConfig) -> tuple[str, ...]:
    return ("success", *(("timeout",) if config.timeout else ()), *(("retry",) if config.loop else ()))


def _check(config: RetryUntilConfig, folder: Path) -> list[str]:
    if isinstance(config.every, float) and config.every < 0.01:
        return ["`every` must be at least 10ms"]
    return []


TYPE = ProcessorType(
    name="retry_until",
    title="Retry until",
    summary="Holds a message until a condition is met, or sends it round again until it is.",
    category="timing",
    config=RetryUntilConfig,
    outputs=_outputs,
    check=_check,
    expressions=("until",),
)
