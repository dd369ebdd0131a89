"""Whatever is edited, the outline's model is what a new one would be, and keeps Qt's rules."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from app.panel.outline_model import OutlineModel
from engine.client.parts import Place
from engine.errors import PyfiError
from engine.model import edits
from engine.model.flow import Label, Processor, Subflow

ROOT = QModelIndex()
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def read(model, parent=ROOT) -> list:
    rows = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        entry = model.entry(index)
        assert model.parent(index) == parent
        below = read(model, index)
        assert model.hasChildren(index) == bool(below)
        rows.append(("/".join((*entry.place.steps, entry.key)), index.data(), below))
    return rows


def some_edit(chance: random.Random, flow):
    """One of the edits that a person would make, on some level."""
    within = chance.choice(["", "", "clean", "clean/deeper"])
    level = flow
    for name in within.split("/") if within else ():
        level = level.definitions[name]
    steps, links = list(level.steps), list(level.connections)
    pick = chance.choice
    kinds = {
        "add": lambda: edits.add(flow, Processor(id=f"n{chance.randrange(99)}", type="python", code="x = 1"), within),
        "use": lambda: edits.add(flow, Subflow(id=f"s{chance.randrange(99)}", flow=pick(["clean", "deeper"])), within),
        "label": lambda: edits.add(flow, Label(id=f"l{chance.randrange(99)}", text="a label"), within),
        "delete": lambda: edits.delete(flow, chance.sample(steps + links, min(2, len(steps + links))), within),
        "heal": lambda: edits.delete(flow, [pick(steps)], within, heal=True),
        "rename": lambda: edits.rename(flow, pick(steps), pick(["One", "Two"]), within),
        "connect": lambda: edits.connect(flow, f"{pick(steps)}.success", f"{pick(steps)}.in", within),
        "move": lambda: edits.move(flow, {pick(steps): (1.0, chance.random())}, within),
        "wrap": lambda: edits.wrap(flow, chance.sample(steps, min(2, len(steps))), f"w{chance.randrange(99)}", within),
    }
    return kinds[pick(list(kinds))]()


@pytest.mark.parametrize("seed", range(6))
def test_it_follows_any_edit_undo_and_redo(on_page, seed):
    async def work(page):
        chance = random.Random(seed)
        model, document = OutlineModel(), page.document
        model.show_board(page.board)
        tester = QAbstractItemModelTester(model, FATAL)
        document.changed.connect(model.follow)
        read(model)
        made = 0
        for _ in range(60):
            try:
                if made > 3 and chance.random() < 0.25:
                    document.undo_stack.undo()
                elif made > 3 and chance.random() < 0.2:
                    document.undo_stack.redo()
                else:
                    document.edit("x", some_edit(chance, document.flow))
                    made += 1
            except (PyfiError, IndexError, ValueError):
                continue
            fresh = OutlineModel()
            fresh.show_board(page.board)
            assert read(model) == read(fresh)
        assert made > 15
        document.changed.disconnect(model.follow)
        tester.deleteLater()

    on_page(work)


def test_rows_that_stay_keep_their_identity(on_page):
    async def work(page):
        model = OutlineModel()
        model.show_board(page.board)
        page.document.changed.connect(model.follow)
        kept = QPersistentModelIndex(model.index_of(Place(("tidy", "deep")), "innermost"))
        page.document.edit("x", edits.delete(page.document.flow, ["read", "parse"]))
        assert kept.isValid()
        assert kept == model.index_of(Place(("tidy", "deep")), "innermost")
        page.document.edit("x", edits.delete(page.document.flow, ["tidy"]))
        assert not kept.isValid()
        page.document.changed.disconnect(model.follow)

    on_page(work)
