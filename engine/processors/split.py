"""split: makes several messages of one."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, ProcessorType
from engine.processors.notation import Separator


class SplitConfig(Config, frozen=True, kw_only=True):
    """Settings of `split`."""

    items: Annotated[str, Meta(description="Python expression for what is to be split.")] = "content"
    separator: (
        Annotated[
            Separator, Meta(min_length=1, description="Where text or bytes are parted; by default at line ends, or by `size`.")
        ]
        | None
    ) = None
    size: Annotated[
        int,
        Meta(ge=0, description="Items (or lines) a part; for text without a separator, characters; 0: every item for itself."),
    ] = 0


TYPE = ProcessorType(
    name="split",
    title="Split",
    summary="Makes several messages of one: the items of a list, the lines of a text, pieces of a size.",
    category="transforms",
    config=SplitConfig,
    expressions=("items",),
)
