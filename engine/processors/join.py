"""join: puts messages of several inputs together that have the same key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from engine.processors.base import Config, ProcessorType, fixed
from engine.processors.notation import Duration, read_durations

_PORT = re.compile(r"[A-Za-z0-9_-]+")


class JoinConfig(Config, frozen=True, kw_only=True):
    """Settings of `join`."""

    key: Annotated[str | dict[str, str], Meta(description="Python expression for the key; or one for each input.")]
    inputs: Annotated[tuple[str, ...], Meta(description="The inputs, two or more.")] = ("left", "right")
    keep: Annotated[list[str], Meta(description="Inputs whose latest message of a key stays and is used again and again.")] = []
    window: Annotated[Duration, Meta(description="How long a message waits for its partners; 0: until the run ends.")] = 0.0
    into: Annotated[Literal["ports", "merged"], Meta(description="Content by input, or all fields in one mapping.")] = "ports"

    def __post_init__(self) -> None:
        read_durations(self, "window")


def _check(config: JoinConfig, folder: Path) -> list[str]:
    reasons: list[str] = []
    if len(config.inputs) < 2 or len(set(config.inputs)) < len(config.inputs):
        reasons.append("`inputs` must name two or more different inputs")
    reasons.extend(
        f"'{port}' cannot be an input's name; use letters, digits, - and _"
        for port in config.inputs
        if not _PORT.fullmatch(port)
    )
    reasons.extend(f"`keep` names '{port}', which is not among `inputs`" for port in config.keep if port not in config.inputs)
    if set(config.keep) >= set(config.inputs):
        reasons.append("`keep` names every input, so that nothing would start a join; leave out at least one")
    if isinstance(config.key, dict):
        missing = [port for port in config.inputs if port not in config.key]
        unknown = [port for port in config.key if port not in config.inputs]
        reasons.extend(f"`key` has no expression for the input '{port}'" for port in missing)
        reasons.extend(f"`key` names '{port}', which is not among `inputs`" for port in unknown)
    return reasons


TYPE = ProcessorType(
    name="join",
    title="Join",
    summary="Puts messages of several inputs together that have the same key.",
    category="routing",
    config=JoinConfig,
    inputs=lambda config: config.inputs,
    outputs=fixed(("success", "unmatched")),
    check=_check,
    exclusive=True,
    expressions=("key",),
)
