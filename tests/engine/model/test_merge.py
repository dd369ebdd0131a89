"""Merging flows: whatever only one side changed is taken, what both changed differently is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from msgspec.structs import replace

from engine.model.apply import diff
from engine.model.codec import load_flow
from engine.model.flow import Flow, Processor
from engine.model.merge import Conflict, Side, merge, merged_text, parts_of
from tests.engine.model.strategies import flows

BASE = """
pyfi: 1
name: shop
parameters: {slow: 500}
processors:
  - {id: read, type: read_lines, config: {path: a.log, encoding: utf-8}}
  - id: parse
    type: python
    code: |
      def parse(line):
          first = 1
          second = 2
          third = 3
          return line
  - {id: out, type: write_lines, config: {path: out.txt}}
connections:
  - {from: read.success, to: parse.in}
  - {from: parse.success, to: out.in}
layout: {read: [0, 0], parse: [300, 0]}
"""


def merged(ours: dict[str, str], theirs: dict[str, str], choices: Any = None) -> tuple[Flow, tuple[Conflict, ...]]:
    """What comes of replacements that two sides made in the text of the flow."""
    sides: list[Flow] = []
    for changes in (ours, theirs):
        text = BASE
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        sides.append(load_flow(text))
    found = merge(load_flow(BASE), sides[0], sides[1], choices)
    return found.flow, found.conflicts


USED = load_flow("{pyfi: 1, name: f, processors: [{id: s, flow: d}], subflows: [{name: d, processors: []}]}")
WRONG = replace(USED, definitions={})
"""A side that took a definition away and kept what uses it."""


def step(flow: Flow, id: str) -> Processor:
    found = flow.steps[id]
    assert isinstance(found, Processor)
    return found


@settings(max_examples=20)
@given(flows(), flows())
@example(USED, WRONG)
def test_what_only_one_side_did_is_what_comes_of_it(base: Flow, changed: Flow) -> None:
    for found in (merge(base, changed, base), merge(base, base, changed), merge(base, changed, changed)):
        assert found.conflicts == ()
        assert found.flow == changed


@settings(max_examples=20)
@given(flows(), flows(), flows())
def test_sides_agree_on_the_conflicts_and_a_choice_for_each_settles_them(base: Flow, ours: Flow, theirs: Flow) -> None:
    found, mirrored = merge(base, ours, theirs), merge(base, theirs, ours)
    fields = [{(each.id, each.field) for each in side.conflicts if each.field} for side in (found, mirrored)]
    assert fields[0] == fields[1], "whole parts that conflict depend on what is kept"
    kept = merge(base, ours, theirs, {(each.id, each.field): "ours" for each in found.conflicts})
    assert kept.flow == found.flow, "without a choice it is ours"


def test_fields_keys_and_lines_that_different_sides_changed_come_together() -> None:
    flow, conflicts = merged(
        {"path: a.log": "path: b.log", "first = 1": "first = 10", "slow: 500": "slow: 900"},
        {"encoding: utf-8": "encoding: latin-1", "third = 3": "third = 30", "path: out.txt": "path: new.txt"},
    )
    assert conflicts == ()
    assert step(flow, "read").config == {"path": "b.log", "encoding": "latin-1"}
    assert "first = 10" in str(step(flow, "parse").code)
    assert "third = 30" in str(step(flow, "parse").code)
    assert flow.parameters == {"slow": 900}
    assert step(flow, "out").config == {"path": "new.txt"}


@pytest.mark.parametrize(("side", "path"), [("ours", "b.log"), ("theirs", "c.log"), ("base", "a.log")])
def test_a_field_that_both_changed_is_a_choice(side: str, path: str) -> None:
    ours, theirs = {"path: a.log": "path: b.log"}, {"path: a.log": "path: c.log"}
    assert merged(ours, theirs)[1] == (Conflict("read", "config.path", "a.log", "b.log", "c.log"),)
    flow, _ = merged(ours, theirs, {("read", "config.path"): side})
    assert step(flow, "read").config["path"] == path


def test_a_part_that_one_removed_and_the_other_changed_is_a_choice() -> None:
    gone = {
        "  - {id: out, type: write_lines, config: {path: out.txt}}\n": "",
        "  - {from: parse.success, to: out.in}\n": "auto_terminate: [parse.success]\n",
    }
    flow, conflicts = merged(gone, {"path: out.txt": "path: new.txt"})
    (conflict,) = conflicts
    assert (conflict.id, conflict.field, conflict.ours) == ("out", "", None)
    assert "out" not in flow.steps
    flow, _ = merged(gone, {"path: out.txt": "path: new.txt"}, {("out", ""): "theirs"})
    assert step(flow, "out").config == {"path": "new.txt"}


def test_one_and_true_are_not_the_same_however_deep_they_are() -> None:
    wrong = {"encoding: utf-8": "encoding: {deep: [true]}"}
    base = load_flow(BASE.replace("encoding: utf-8", "encoding: {deep: [1]}"))
    changed = load_flow(BASE.replace("encoding: utf-8", "encoding: {deep: [true]}"))
    for found in (merge(base, changed, base), merge(base, base, changed)):
        assert repr(step(found.flow, "read").config["encoding"]) == "{'deep': [True]}"
    flow, conflicts = merged(wrong, {"encoding: utf-8": "encoding: {deep: [1]}"}, {("read", "config.encoding.deep"): "theirs"})
    assert [(each.id, each.field) for each in conflicts] == [("read", "config.encoding.deep")]
    assert repr(step(flow, "read").config["encoding"]) == "{'deep': [1]}"
    assert [change.id for change in diff(base, changed)] == ["read"]
    assert [change.id for change in diff(load_flow(BASE.replace("500", "1")), load_flow(BASE.replace("500", "true")))] == [
        "parameter:slow"
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_a_step_that_one_side_removed_and_the_other_connected_anew_is_a_choice(turned: bool) -> None:
    gone = {
        "  - {id: out, type: write_lines, config: {path: out.txt}}\n": "",
        "  - {from: parse.success, to: out.in}\n": "auto_terminate: [parse.success]\n",
    }
    more = {"to: parse.in}\n": "to: parse.in}\n  - {from: parse.failure, to: out.in}\n"}
    sides = (more, gone) if turned else (gone, more)
    without, having = ("theirs", "ours") if turned else ("ours", "theirs")
    flow, conflicts = merged(*sides, {("out", ""): without})
    assert [(each.id, each.field) for each in conflicts] == [("out", "")]
    assert ("out" in flow.steps, list(flow.connections)) == (False, ["read.success->parse.in"])
    flow, again = merged(*sides, {("out", ""): having})
    assert again == conflicts
    assert step(flow, "out").config == {"path": "out.txt"}
    assert "parse.failure->out.in" in flow.connections


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_definition_that_one_side_removed_and_the_other_used_is_a_choice(side: Side) -> None:
    head = "pyfi: 1\nname: f\nprocessors:\n  - {id: p, type: log}\n"
    definition = "subflows:\n  - name: d\n    inputs: [in]\n    processors: [{id: q, type: log}]\n"
    user = "  - {id: s, flow: d}\n"
    base, ours, theirs = load_flow(head + definition), load_flow(head), load_flow(head + user + definition)
    found = merge(base, ours, theirs, {("d/flow:", ""): side})
    assert [(each.id, each.field) for each in found.conflicts] == [("d/flow:", "")]
    assert found.flow == (ours if side == "ours" else theirs)


def test_a_use_that_is_chosen_brings_its_definition_along() -> None:
    head = "pyfi: 1\nname: f\nprocessors:\n  - {id: p, type: log}\n"
    used = "  - {id: s, flow: d}\nsubflows:\n  - name: d\n    processors: [{id: q, type: log}]\n"
    base, ours, theirs = load_flow(head + used), load_flow(head), load_flow(head + used.replace("id: s,", "id: s, notes: N,"))
    assert [each.id for each in merge(base, ours, theirs).conflicts] == ["s"]
    assert merge(base, ours, theirs, {("s", ""): "theirs"}).flow == theirs


def test_a_connection_to_what_no_side_has_is_left_to_the_validation() -> None:
    flow, conflicts = merged({"to: out.in": "to: nowhere.in"}, {"slow: 500": "slow: 900"})
    assert (conflicts, "parse.success->nowhere.in" in flow.connections) == ((), True)


def test_a_connection_to_a_step_that_the_other_side_removed_is_a_conflict_and_left_out() -> None:
    gone = {
        "  - {id: out, type: write_lines, config: {path: out.txt}}\n": "",
        "  - {from: parse.success, to: out.in}\n": "auto_terminate: [parse.success]\n",
    }
    flow, conflicts = merged(gone, {"to: parse.in}\n": "to: parse.in}\n  - {from: parse.failure, to: out.in}\n"})
    assert [(each.id, each.field) for each in conflicts] == [("out", "")]
    assert list(flow.connections) == ["read.success->parse.in"]


def test_places_on_the_canvas_never_conflict() -> None:
    flow, conflicts = merged({"read: [0, 0]": "read: [5, 5]"}, {"read: [0, 0]": "read: [9, 9]", "[300, 0]": "[400, 0]"})
    assert conflicts == ()
    assert step(flow, "read").position == (5, 5)
    assert step(flow, "parse").position == (400, 0)


@pytest.mark.parametrize(
    ("ours", "theirs", "together"),
    [
        ("A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"),
        ("a\nb\nc\nd\n", "z\na\nb\nc\n", "z\na\nb\nc\nd\n"),
        ("A\nb\nc\n", "A\nb\nc\n", "A\nb\nc\n"),
        ("A\nb\nc\n", "X\nb\nc\n", None),
        ("a\nX\nc\n", "a\nc\n", None),
        ("A\nb\nc\n", "a\nB\nc\n", None),
        ("", "", ""),
    ],
)
def test_texts_come_together_line_by_line(ours: str, theirs: str, together: str | None) -> None:
    assert merged_text("a\nb\nc\n", ours, theirs) == together


def test_parts_are_those_of_definitions_too() -> None:
    flow = load_flow("pyfi: 1\nname: f\nsubflows:\n  - name: d\n    processors: [{id: p, type: log}]\n")
    assert list(parts_of(flow)) == ["flow:", "d/flow:", "d/p"]
