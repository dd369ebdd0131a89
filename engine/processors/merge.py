"""merge: makes one message of several."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from engine.processors.base import Config, ProcessorType
from engine.processors.notation import Duration, Separator, Size, read_durations, read_sizes


class MergeConfig(Config, frozen=True, kw_only=True):
    """Settings of `merge`."""

    count: Annotated[int, Meta(ge=0, description="Send as soon as so many messages wait; 0: however many.")] = 0
    size: Annotated[Size, Meta(description="Send as soon as so many bytes wait, such as 1MB; 0: however many.")] = 0
    age: Annotated[
        Duration, Meta(description="Send when the first message has waited so long, such as 10s; 0: however long.")
    ] = 0.0
    key: Annotated[str | None, Meta(description="Python expression; only messages with equal values come together.")] = None
    into: Annotated[Literal["list", "text", "bytes"], Meta(description="What the contents become together.")] = "list"
    separator: Annotated[Separator, Meta(description="What stands between the contents in text or bytes.")] = "\n"
    reassemble: Annotated[bool, Meta(description="Put together what `split` parted, when all parts are there.")] = False

    def __post_init__(self) -> None:
        read_durations(self, "age")
        read_sizes(self, "size")


def _check(config: MergeConfig, folder: Path) -> list[str]:
    if config.reassemble and (config.count or config.size or config.key):
        return ["`reassemble` goes by what `split` noted on the messages; leave out `count`, `size` and `key`"]
    return []


TYPE = ProcessorType(
    name="merge",
    title="Merge",
    summary="Makes one message of several: by count, size, age or key, or the parts of a split.",
    category="transforms",
    config=MergeConfig,
    check=_check,
    exclusive=True,
    expressions=("key",),
)
