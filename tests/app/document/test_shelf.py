"""Flows of a real database and their files, which may be changed from outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from app.document.document import Document
from app.document.keeper import Keeper
from app.document.origins import Origins
from app.document.shelf import Book, Shelf, example_names
from engine.errors import NotFound, PyfiError
from engine.model import edits
from engine.model.codec import dump_flow, load_flow, read_flow
from tests.app.desk import result, run, until

TEXT = "{pyfi: 1, name: filed, processors: [{id: a, type: log}, {id: b, type: log}]}"
CHANGED = "{pyfi: 1, name: filed, processors: [{id: a, type: log, name: outside}]}"


@pytest.fixture
def shelved(qtbot, tmp_path: Path) -> Callable[[Callable[[Shelf, Path], None]], None]:
    def tell(story: Callable[[Shelf, Path], None]) -> None:
        def act() -> None:
            shelf = Shelf(tmp_path / "data", f"sqlite:///{tmp_path / 'flows.db'}")
            try:
                story(shelf, tmp_path / "filed.flow.yaml")
            finally:
                result(shelf.close())

        run(act)

    return tell


def edited(shelf: Shelf, book: Book, name: str) -> int:
    return result(shelf.ask(lambda library: library.save(book.id, book.revision, edits.rename(book.flow, "a", name))))


def test_a_file_is_the_same_flow_each_time(shelved):
    def story(shelf: Shelf, path: Path) -> None:
        path.write_text(TEXT)
        first = result(shelf.open(str(path)))
        assert (first.path, first.folder) == (path, path.parent)
        assert all(step.position is not None for step in first.flow.steps.values())
        edited(shelf, first, "here")
        again = result(shelf.open(str(path)))
        assert (again.id, again.flow.steps["a"].name, again.remark) == (first.id, "here", "")
        assert [each.name for each in result(shelf.list())] == ["filed"]
        assert path.read_text() == TEXT

    shelved(story)


def test_a_file_changed_outside_is_brought_in(shelved):
    def story(shelf: Shelf, path: Path) -> None:
        path.write_text(TEXT)
        first = result(shelf.open(str(path)))
        path.write_text(CHANGED)
        again = result(shelf.open(str(path)))
        assert (again.id, again.remark) == (first.id, "")
        assert set(again.flow.steps) == {"a"}
        assert again.flow.steps["a"].name == "outside"
        assert result(shelf.open(str(path))).flow == again.flow

    shelved(story)


def test_changes_on_both_sides_are_both_kept_and_told(shelved):
    def story(shelf: Shelf, path: Path) -> None:
        path.write_text(TEXT)
        first = result(shelf.open(str(path)))
        edited(shelf, first, "here")
        path.write_text(CHANGED)
        other = result(shelf.open(str(path)))
        assert other.id != first.id
        assert "both were kept" in other.remark
        assert other.flow.steps["a"].name == "outside"
        assert result(shelf.open(first.id)).flow.steps["a"].name == "here"

    shelved(story)


def test_a_written_file_belongs_to_its_flow(shelved):
    def story(shelf: Shelf, path: Path) -> None:
        book = result(shelf.new("fresh"))
        assert book.path is None
        assert book.folder.is_dir()
        flow = structs.replace(book.flow, steps=load_flow(TEXT).steps)
        result(shelf.ask(lambda library: library.save(book.id, book.revision, edits.add(book.flow, flow.steps["a"]))))
        result(shelf.write_file(book.id, flow, book.revision + 1, path))
        assert read_flow(path) == flow
        assert result(shelf.open(str(path))).id == book.id
        assert dump_flow(read_flow(path)) == path.read_text()

    shelved(story)


def test_examples_are_opened_from_a_copy_that_stays(shelved):
    def story(shelf: Shelf, path: Path) -> None:
        for name in example_names():
            book = result(shelf.open_example(name))
            assert book.folder == shelf.folder / "examples" / name
            assert book.path is not None
            assert book.path.is_file()
        note = shelf.folder / "examples" / "airports" / "mine.txt"
        note.write_text("mine")
        id = result(shelf.open_example("airports")).id
        assert result(shelf.open_example("airports")).id == id
        assert note.read_text() == "mine"
        assert len(result(shelf.list())) == len(example_names())

    shelved(story)


def test_what_cannot_be_opened_is_said_in_a_sentence(shelved):
    def story(shelf: Shelf, path: Path) -> None:
        path.write_text("{pyfi: 99")
        for reference in (str(path), str(path.parent / "none.flow.yaml"), "no such flow"):
            with pytest.raises(PyfiError):
                result(shelf.open(reference))
        with pytest.raises(NotFound, match="no example 'none'"):
            result(shelf.open_example("none"))
        (shelf.folder / "examples" / "airports").mkdir(parents=True)  # a copy that was interrupted
        assert result(shelf.open_example("airports")).flow.steps

    shelved(story)


def test_flows_opened_last_come_first(shelved):
    def story(shelf: Shelf, path: Path) -> None:
        ids = [result(shelf.new(name)).id for name in ("one", "two", "three")]
        result(shelf.open(ids[0]))
        assert shelf.origins.recent == [ids[0], ids[2], ids[1]]
        assert Origins(shelf.folder / "desktop.json").recent == shelf.origins.recent

    shelved(story)


def test_a_file_of_origins_that_is_broken_harms_nothing(tmp_path):
    path = tmp_path / "desktop.json"
    path.write_bytes(b"\x00{")
    origins = Origins(path)
    assert origins.recent == []
    origins.opened("x")
    assert Origins(path).recent == ["x"]
    origins.forget("x")
    assert Origins(path).recent == []


def test_a_flow_that_is_deleted_here_is_kept_nowhere(shelved):
    def story(shelf: Shelf, path: Path) -> None:
        book = result(shelf.new("fresh"))
        keeper = Keeper(Document(book.flow, book.folder), shelf, book)
        until(lambda: not keeper.safe.needs_putting_together, 10)
        result(keeper.close())
        assert result(shelf.open(book.id)).kept is not None
        result(shelf.delete(book.id))
        assert list((shelf.folder / "kept").iterdir()) == []
        with pytest.raises(NotFound):
            result(shelf.open(book.id))

    shelved(story)
