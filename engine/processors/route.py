"""route: sends each message to the output whose rule it meets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from engine.processors.base import Config, ProcessorType

_PORT = re.compile(r"[A-Za-z0-9_-]+")


class RouteConfig(Config, frozen=True, kw_only=True):
    """Settings of `route`."""

    rules: Annotated[dict[str, str], Meta(description="Output to Python expression over content, attributes and params.")]
    otherwise: Annotated[str, Meta(description="The output of messages that meet no rule.")] = "unmatched"
    match: Annotated[
        Literal["first", "all"], Meta(description="Whether a message goes by the first rule it meets, or by all.")
    ] = "first"


def _outputs(config: RouteConfig) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*config.rules, config.otherwise)))


def _check(config: RouteConfig, folder: Path) -> list[str]:
    reasons = [] if config.rules else ["`rules` is empty; give at least one, such as `slow: content['ms'] > 500`"]
    for port in _outputs(config):
        if not _PORT.fullmatch(port):
            reasons.append(f"'{port}' cannot be an output's name; use letters, digits, - and _")
        elif port == "failure":
            reasons.append("'failure' is where messages go whose rules raise an error; name the output differently")
    return reasons


TYPE = ProcessorType(
    name="route",
    title="Route",
    summary="Sends each message to the output whose rule it meets.",
    category="routing",
    config=RouteConfig,
    outputs=_outputs,
    check=_check,
    expressions=("rules",),
)
