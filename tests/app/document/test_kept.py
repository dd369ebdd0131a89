"""What is kept of a flow beside the database: whatever happened, and wherever it ended, it is read as it was."""

from __future__ import annotations

import asyncio
import errno
import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.kept import EDIT, Kept, edits_path, forget_kept, forget_others, head_of, line_of, read_kept
from app.document.safe import ROOM_BYTES, Safe
from engine.client.kept import read_text, text_of
from engine.errors import StorageError
from engine.model import edits
from engine.model.apply import apply
from engine.model.change import Change
from engine.model.codec import load_flow
from engine.model.flow import Flow, Processor

FLOW = load_flow(
    "{pyfi: 1, name: kept, processors: [{id: a, type: log}, {id: b, type: log}], layout: {a: [0, 0], b: [0, 300]}}"
)
ID, BASE = "f00d", "db"


class Window:
    """What a keeper does with a safe, and what is true then."""

    def __init__(self, folder: Path, flow: Flow = FLOW) -> None:
        self.folder = folder
        self.flow = flow
        self.revision = 1
        self.waiting: list[Change] = []
        self.safe = Safe(folder, ID, BASE)

    async def put_together(self) -> None:
        await self.safe.put_together(self.flow, self.revision, "", self.waiting)

    def edit(self, changes: list[Change]) -> None:
        self.flow = apply(self.flow, changes)
        self.waiting = [*self.waiting, *changes]
        self.safe.note_edit(changes)

    def rename(self, step: str, name: str) -> None:
        self.edit(edits.rename(self.flow, step, name))

    def save(self, count: int) -> None:
        self.waiting = self.waiting[count:]
        self.revision += 1
        self.safe.note_saved(count, self.revision)

    def bring_in(self, name: str) -> None:
        """Somebody else has renamed a part that is edited here never."""
        changes = edits.rename(self.flow, "b", name)
        self.flow = apply(self.flow, changes)
        self.safe.note_theirs(changes)
        self.revision += 1
        self.safe.note_waiting(self.waiting, self.revision)

    def die(self) -> None:
        """As with `kill -9`: nothing more is written, and the lock goes."""
        self.safe.release()

    def left(self) -> tuple[Flow, int, list[Change]]:
        kept = read_kept(self.folder, ID, BASE)
        assert kept is not None
        return kept.flow, kept.revision, kept.waiting

    def as_it_was(self) -> tuple[Flow, int, list[Change]]:
        return self.flow, self.revision, self.waiting


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    made = Window(tmp_path)
    asyncio.run(made.put_together())
    yield made
    made.die()


ACTS = st.lists(st.sampled_from(["rename", "save", "bring in", "put together", "die", "close"]), max_size=25)


@settings(max_examples=60, deadline=None)
@given(acts=ACTS)
def test_a_flow_is_read_as_it_was_whenever_its_window_ends(acts: list[str]) -> None:
    async def live(folder: Path) -> None:
        window = Window(folder)
        await window.put_together()
        for number, act in enumerate(acts):
            if act == "rename":
                window.rename("a", f"name {number}")
            elif act == "save" and window.waiting:
                window.save(1 + number % len(window.waiting))
            elif act == "bring in":
                window.bring_in(f"theirs {number}")
            elif act == "put together":
                await window.put_together()
            elif act in ("die", "close"):
                if act == "die":
                    window.die()
                else:
                    await window.safe.close(window.flow, window.revision, "", window.waiting)
                assert window.left() == window.as_it_was()
                kept = read_kept(folder, ID, BASE)
                window.safe = Safe(folder, ID, BASE, kept)
        window.die()
        assert window.left() == window.as_it_was()
        assert not window.safe.trouble

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(live(Path(folder)))


def test_an_edit_during_the_putting_together_is_in_the_old_files_and_in_the_new(tmp_path: Path) -> None:
    async def live() -> None:
        window = Window(tmp_path)
        await window.put_together()
        window.rename("a", "before")
        task = asyncio.ensure_future(window.put_together())
        await asyncio.sleep(0)
        window.rename("a", "meanwhile")
        window.rename("b", "too")
        await task
        window.rename("a", "after")
        window.die()
        assert window.left() == window.as_it_was()

    asyncio.run(live())


def test_large_edits_are_kept_in_their_order(tmp_path: Path) -> None:
    async def live() -> None:
        window = Window(tmp_path)
        await window.put_together()
        many = [Processor(id=f"p{number}", type="log", position=(0.0, number)) for number in range(1000)]
        window.edit([Change(step.id, None, step) for step in many])
        window.rename("p999", "the last")
        window.save(3)
        await window.safe.close(window.flow, window.revision, "", window.waiting)
        assert window.left() == window.as_it_was()

    asyncio.run(live())


def test_half_a_line_counts_as_none(window: Window) -> None:
    window.rename("a", "whole")
    wanted = window.as_it_was()
    kept = read_kept_of_the_dead(window)
    window.rename("a", "half")
    window.die()
    path = edits_path(window.folder, ID, kept.generation)
    path.write_bytes(path.read_bytes()[: kept.used + 20])
    assert window.left() == wanted


def read_kept_of_the_dead(window: Window) -> Kept:
    """Read while the window has it open, for tests only."""
    window.die()
    kept = read_kept(window.folder, ID, BASE)
    assert kept is not None
    window.safe = Safe(window.folder, ID, BASE, kept)
    return kept


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1] + b"x",
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b'"format":1', b'"format":0'),
        lambda content: b"",
        lambda content: b"\x00" * 100,
    ],
)
def test_what_is_broken_or_of_another_format_is_not_shown(window: Window, spoil: Any) -> None:
    window.die()
    path = window.folder / f"{ID}.flow"
    path.write_bytes(spoil(path.read_bytes()))
    assert read_kept(window.folder, ID, BASE) is None


def test_what_is_of_another_database_or_another_flow_is_not_shown(window: Window) -> None:
    window.die()
    assert read_kept(window.folder, ID, "another") is None
    assert read_kept(window.folder, "cafe", BASE) is None
    (window.folder / "cafe.flow").write_bytes((window.folder / f"{ID}.flow").read_bytes())
    assert read_kept(window.folder, "cafe", BASE) is None


def test_edits_that_cannot_be_read_are_set_aside_not_overwritten(window: Window) -> None:
    window.rename("a", "precious")
    window.die()
    path = window.folder / f"{ID}.flow"
    path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format":9'))
    generation = head_of(path).generation  # type: ignore[union-attr]
    Safe(window.folder, ID, BASE).release()
    assert b'"format":9' in (window.folder / "unread" / "1" / path.name).read_bytes()
    assert b"precious" in (window.folder / "unread" / "1" / f"{ID}.{generation}.edits").read_bytes()
    assert not path.exists()


def test_what_is_set_aside_takes_the_place_of_nothing(window: Window) -> None:
    for number in (1, 2):
        window.rename("a", f"precious {number}")
        window.die()
        path = window.folder / f"{ID}.flow"
        path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format":9'))
        window.safe = Safe(window.folder, ID, BASE)
        assert window.safe.aside == window.folder / "unread" / str(number)
        asyncio.run(window.put_together())
    aside = [next(window.folder.glob(f"unread/{number}/*.edits")).read_bytes() for number in (1, 2)]
    assert b"precious 1" in aside[0]
    assert b"precious 2" in aside[1]


def test_nothing_follows_an_event_that_could_not_be_written(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    window.rename("a", "kept")
    wanted = window.as_it_was()
    with monkeypatch.context() as full:
        full.setattr(os, "pwrite", _no_room)
        window.rename("a", "lost")
    assert "No space left" in window.safe.trouble
    assert window.safe.needs_putting_together
    window.rename("a", "after the hole")
    window.die()
    assert window.left() == wanted


def _no_room(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_put_together_the_hole_is_closed(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    async def live() -> None:
        with monkeypatch.context() as full:
            full.setattr(os, "pwrite", _no_room)
            window.rename("a", "not written")
        await window.put_together()
        assert not window.safe.trouble
        window.rename("a", "written")

    asyncio.run(live())
    window.die()
    assert window.left() == window.as_it_was()


def test_a_hole_during_the_putting_together_is_still_one_behind_it(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    async def live() -> tuple[Flow, int, list[Change]]:
        wanted = window.as_it_was()
        task = asyncio.ensure_future(window.put_together())
        await asyncio.sleep(0)
        with monkeypatch.context() as full:
            full.setattr(os, "pwrite", _no_room)
            window.rename("a", "not written")
        await task
        window.rename("a", "after the hole")
        assert "No space left" in window.safe.trouble
        return wanted

    wanted = asyncio.run(live())
    window.die()
    assert window.left() == wanted


def test_events_that_do_not_follow_from_those_before_them_take_nothing_with_them(window: Window) -> None:
    window.rename("a", "kept")
    wanted = window.as_it_was()
    for name in ("hole1", "hole2", "hole3"):  # lines of one length: what is written next could be followed by an old one
        window.rename("a", name)
        if name == "hole1":
            window.safe._files[0].used -= len(line_of(EDIT, window.waiting[-1:]))
    window.die()
    assert window.left() == wanted

    kept = read_kept(window.folder, ID, BASE)
    assert kept is not None
    window.safe, (window.flow, _, window.waiting) = Safe(window.folder, ID, BASE, kept), wanted
    assert window.safe.aside is not None
    assert b"hole3" in next(window.safe.aside.glob("*.edits")).read_bytes()
    window.rename("a", "newer")
    window.die()
    assert window.left() == window.as_it_was()


def test_an_edit_that_comes_while_a_safe_is_closed_is_kept(window: Window) -> None:
    async def live() -> None:
        window.rename("a", "before")
        task = asyncio.ensure_future(window.safe.close(window.flow, window.revision, "", window.waiting))
        await asyncio.sleep(0)
        window.rename("a", "meanwhile")
        await task

    asyncio.run(live())
    assert window.left() == window.as_it_was()


def test_unsaved_edits_of_a_second_window_are_not_forgotten_with_the_copy_of_the_first(window: Window) -> None:
    async def live() -> None:
        second = Window(window.folder)
        await second.put_together()
        second.rename("a", "precious")
        second.die()
        await window.safe.close(window.flow, window.revision, "", [])
        forget_others(window.folder, BASE, [])
        assert second.left() == second.as_it_was()
        assert not (window.folder / f"{ID}.flow").exists()

    asyncio.run(live())


def test_a_second_window_keeps_its_own_and_takes_nothing_of_the_first(window: Window) -> None:
    async def second() -> None:
        window.rename("a", "first")
        assert read_kept(window.folder, ID, BASE) is None  # it belongs to a window that lives
        other = Window(window.folder)
        await other.put_together()
        other.rename("a", "second")
        other.die()
        assert other.left() == other.as_it_was()
        window.die()
        assert window.left() == window.as_it_was()
        await other_closed(other)

    async def other_closed(other: Window) -> None:
        kept = read_kept(other.folder, ID, BASE)
        assert kept is not None
        again = Safe(other.folder, ID, BASE, kept)
        await again.close(kept.flow, kept.revision, "", [])
        assert other.left() == other.as_it_was()  # what waits comes before what is only a copy

    asyncio.run(second())


def test_flows_that_the_database_has_no_more_are_forgotten_but_not_their_unsaved_edits(window: Window) -> None:
    forget_others(window.folder, BASE, [])
    forget_kept(window.folder, ID)
    assert (window.folder / f"{ID}.flow").exists()  # its window is there
    window.rename("a", "precious")
    window.die()
    forget_others(window.folder, BASE, [])
    kept = read_kept(window.folder, ID, BASE)
    assert kept is not None
    asyncio.run(Safe(window.folder, ID, BASE, kept).close(kept.flow, kept.revision, "", []))
    for database, ids in (("another", []), (BASE, [ID])):
        forget_others(window.folder, database, ids)
        assert read_kept(window.folder, ID, BASE) is not None
    forget_others(window.folder, BASE, ["cafe"])
    assert list(window.folder.iterdir()) == []


def test_the_room_for_edits_is_taken_beforehand(window: Window) -> None:
    head = head_of(window.folder / f"{ID}.flow")
    assert head is not None
    path = edits_path(window.folder, ID, head.generation)
    assert path.stat().st_blocks * 512 >= ROOM_BYTES
    window.rename("a", "x")
    assert path.stat().st_size == ROOM_BYTES


def test_a_flow_that_was_given_up_is_forgotten(window: Window) -> None:
    window.rename("a", "x")
    window.safe.drop()
    assert read_kept(window.folder, ID, BASE) is None
    assert not list(window.folder.glob("*.edits"))


def test_where_nothing_can_be_written_it_says_so_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    safe = Safe(tmp_path / "file" / "kept", ID, BASE)
    assert "Not a directory" in safe.trouble
    safe.note_edit([])
    asyncio.run(safe.close(FLOW, 1, "", []))


def test_values_of_every_kind_are_kept_exactly() -> None:
    config = {"bytes": b"\x00\xff", "day": date(2020, 2, 29), "pair": (1, 2.0), "$": "dollar", "large": 2**70, 'a"$":b': None}
    step = Processor(id="a", type="log", config=config, code='x = {"$": 1}', position=(1.5, -0.0))
    flow = Flow(header=FLOW.header, steps={"a": step}, parameters={"set": {1}, "none": None})
    changes = [Change("a", None, step), Change("parameter:x", None, None)]
    read, read_changes, about = read_text(text_of(flow, changes, revision=3))
    assert (read, read_changes, about) == (flow, changes, {"revision": 3})
    assert read is not None
    assert [type(value) for value in read.steps["a"].config.values()] == [type(value) for value in config.values()]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"flow": {}}', '{"changes": [1]}', '{"changes": [["a", {"kind": "x"}, null]]}']
)
def test_a_text_that_is_none_is_one_sentence(text: str) -> None:
    with pytest.raises(StorageError, match="no text of a flow"):
        read_text(text)
