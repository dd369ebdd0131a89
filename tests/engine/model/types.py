"""A small catalog of built-in types for tests: a source, a router, a step, an exclusive one, sinks, one that names a source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, field

from engine.processors.base import Config, Effect, ProcessorType, fixed


class MakeConfig(Config, frozen=True):
    count: Annotated[int, Meta(ge=0)] = 1
    content: Any = None


class RouteConfig(Config, frozen=True):
    rules: dict[str, str] = field(default_factory=dict)
    otherwise: str = "rest"


class StoreConfig(Config, frozen=True):
    path: str
    append: bool = False


class AnswerConfig(Config, frozen=True):
    to: str


class MergeConfig(Config, frozen=True):
    count: int = 10


def _store_check(config: StoreConfig, folder: Path) -> list[str]:
    return ["`config.path` is a folder; name a file in it"] if config.path.endswith("/") else []


def _type(name: str, config: type[Config], **fields: Any) -> ProcessorType:
    return ProcessorType(name=name, title=name, summary=name, category="test", config=config, **fields)


CATALOG = {
    each.name: each
    for each in (
        _type("make", MakeConfig, inputs=fixed(())),
        _type("route", RouteConfig, outputs=lambda config: (*config.rules, config.otherwise), expressions=("rules",)),
        _type("merge", MergeConfig, exclusive=True),
        _type("store", StoreConfig, check=_store_check, effect=Effect.POSITION, final=True, paths=("path",)),
        _type("send", Config, effect=Effect.OUTSIDE, final=True),
        _type("answer", AnswerConfig, final=True, partners={"to": "make"}),
    )
}
