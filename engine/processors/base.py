"""What a built-in processor type declares about itself.

A declaration is data for validation, forms, planning and the manual. The behaviour is a *body*, a stand-alone module of the
same name in `engine/runtime/hosts/builtin/`, which runs in a host and never imports the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct


class Effect(Enum):
    """What a type does to the world outside the flow; the planner fuses by it."""

    NONE = "none"
    POSITION = "position"
    """Rolls back to a position kept in the ledger, so it may end a fused stage."""
    OUTSIDE = "outside"
    """Cannot be taken back: heads its own stage, so that its input is durable before it acts."""


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every type's config. Fields are plain msgspec types; `Annotated[T, Meta(description=...)]` is what forms show."""


def fixed(ports: tuple[str, ...]) -> Callable[[Any], tuple[str, ...]]:
    """Ports that do not depend on the config."""
    return lambda config: ports


def no_check(config: Any, folder: Path) -> list[str]:
    """Nothing to check beyond the config's own types."""
    return []


class ProcessorType(Struct, frozen=True, kw_only=True):
    """One built-in type.

    `inputs` and `outputs` tell a config's ports. `check` gets the decoded config and the flow file's folder and returns reasons
    why it cannot run (one sentence each, with the cure). `exclusive` types keep state that only one host may hold. `packages`
    are third-party imports of the body (it then runs in PYFI's own environment). `listens` marks a source whose messages are
    acknowledged to an outside caller after a commit. `final` is True for sinks: their `success` may stay unconnected.
    `paths` names config fields that hold file paths relative to the flow file. `expressions` names config fields that hold
    Python expressions (a string, or a mapping to strings). `partners` names config fields that hold the id of another step, in
    the same subflow or with a leading `/` from the top of the flow, and the type that it must be of. `internal` types are for
    flows that PYFI makes by itself; nobody is offered them.
    """

    name: str
    title: str
    summary: str
    category: str
    config: type[Config]
    inputs: Callable[[Any], tuple[str, ...]] = fixed(("in",))
    outputs: Callable[[Any], tuple[str, ...]] = fixed(("success",))
    check: Callable[[Any, Path], list[str]] = no_check
    effect: Effect = Effect.NONE
    exclusive: bool = False
    listens: bool = False
    final: bool = False
    packages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    expressions: tuple[str, ...] = ()
    partners: Mapping[str, str] = MappingProxyType({})
    internal: bool = False

    def is_source(self, config: Any) -> bool:
        """Whether the type, so configured, makes messages from nothing."""
        return not self.inputs(config)
