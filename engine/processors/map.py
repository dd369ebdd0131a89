"""map: makes a new content, fields or attributes by expressions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, ProcessorType


class MapConfig(Config, frozen=True, kw_only=True):
    """Settings of `map`."""

    content: Annotated[str | None, Meta(description="Python expression for the new content.")] = None
    set: Annotated[dict[str, str], Meta(description="Field to Python expression; the other fields stay as they are.")] = {}
    remove: Annotated[list[str], Meta(description="Fields to leave out.")] = []
    attributes: Annotated[
        dict[str, str], Meta(description="Attribute to Python expression; None takes the attribute away.")
    ] = {}


def _check(config: MapConfig, folder: Path) -> list[str]:
    if config.content and (config.set or config.remove):
        return ["`content` makes the whole content; leave out `set` and `remove`, or write the fields in `content`"]
    if not (config.content or config.set or config.remove or config.attributes):
        return ["nothing is to be changed; give `content`, `set`, `remove` or `attributes`"]
    return []


TYPE = ProcessorType(
    name="map",
    title="Map",
    summary="Makes a new content, fields or attributes by expressions.",
    category="transforms",
    config=MapConfig,
    check=_check,
    expressions=("content", "set", "attributes"),
)
