"""filter: lets messages pass for which an expression holds."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, ProcessorType


class FilterConfig(Config, frozen=True, kw_only=True):
    """Settings of `filter`."""

    keep: Annotated[str, Meta(description="Python expression over content, attributes and params; what it holds for, passes.")]
    dropped: Annotated[bool, Meta(description="Give the other messages an output, `dropped`, instead of letting them go.")] = (
        False
    )


def _outputs(config: FilterConfig) -> tuple[str, ...]:
    return ("success", "dropped") if config.dropped else ("success",)


TYPE = ProcessorType(
    name="filter",
    title="Filter",
    summary="Lets messages pass for which an expression holds.",
    category="routing",
    config=FilterConfig,
    outputs=_outputs,
    expressions=("keep",),
)
