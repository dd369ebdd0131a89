"""Texts of flows beside the database are only read by a PYFI that means the same by them."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from engine.client import kept
from engine.model.change import Change
from engine.model.flow import (
    Connection,
    Git,
    Header,
    Label,
    Limit,
    Parameter,
    Processor,
    Replicas,
    Retry,
    Sample,
    Schedule,
    Subflow,
)

FORMAT = 1
MEANT: dict[type[Struct], dict[str, Any]] = {
    Connection: {
        "name": "",
        "limit": Limit(messages=10000, size_bytes=1000000000),
        "expire_s": 0.0,
        "priority": "fifo",
        "breakpoint": False,
        "fuse": True,
        "bends": (),
        "layer": 0,
        "color": None,
        "label_at": None,
    },
    Git: {"requirements": None},
    Header: {"inputs": (), "outputs": (), "notes": "", "requirements": (), "python": None},
    Label: {"text": "", "position": None, "size": None, "color": None},
    Limit: {"messages": 10000, "size_bytes": 1000000000},
    Parameter: {"value": None},
    Processor: {
        "name": "",
        "config": {},
        "code": None,
        "git": None,
        "function": None,
        "inputs": None,
        "outputs": None,
        "auto_terminate": (),
        "concurrency": 1,
        "schedule": Schedule(every_s=None, cron=None, once=False),
        "retry": Retry(attempts=0, penalty_s=30.0),
        "timeout_s": 60.0,
        "batch": False,
        "mode": "message",
        "memory_bytes": 512000000,
        "replicas": Replicas(min=1, max=1),
        "requires": (),
        "requirements": (),
        "python": None,
        "secrets": (),
        "state": None,
        "enabled": True,
        "notes": "",
        "color": None,
        "tests": (),
        "position": None,
        "layer": 0,
    },
    Replicas: {"min": 1, "max": 1},
    Retry: {"attempts": 0, "penalty_s": 30.0},
    Sample: {"attributes": {}, "port": "in", "expect": None, "name": ""},
    Schedule: {"every_s": None, "cron": None, "once": False},
    Subflow: {
        "name": "",
        "parameters": {},
        "auto_terminate": (),
        "enabled": True,
        "notes": "",
        "color": None,
        "position": None,
        "expanded": False,
        "layer": 0,
    },
}
"""What a text of that format stands for by what it leaves out."""


def defaults(part: type[Struct]) -> dict[str, Any]:
    found = {each.name: each for each in fields(part) if not each.required}
    return {name: each.default_factory() if each.default is NODEFAULT else each.default for name, each in found.items()}


@pytest.mark.parametrize("part", MEANT)
def test_a_field_with_another_default_needs_another_format(part: type[Struct]) -> None:
    """Where this fails: raise FORMAT in `engine.client.kept`, and write here what it means now. New fields are added below."""
    assert kept.FORMAT == FORMAT
    found = defaults(part)
    assert {name: found.get(name, "gone") for name in MEANT[part]} == MEANT[part]


def test_a_change_is_kept_with_the_place_of_its_part() -> None:
    label = Label(id="l")
    changes = [Change("label:l", None, label, "m"), Change("label:k", Label(id="k"), None)]
    flow, found, more = kept.read_text(kept.text_of(None, changes, what="edit"))
    assert (flow, found, more) == (None, changes, {"what": "edit"})
