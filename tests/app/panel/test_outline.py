"""The outline on the screen: walked by keys, clicked, filtered; and the canvas beside it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest

from app.canvas.card import State
from app.panel.outline import Outline
from app.panel.row_delegate import DETAIL
from app.panel.state_icon import state_icon
from engine.client.parts import Place
from engine.model import edits
from tests.app.panel.paged import FLOW, beside, rest

LEFT = Qt.MouseButton.LeftButton
ROOT = QModelIndex()
FILTERED_S = 0.3


def shown(outline, parent=ROOT) -> dict:
    """The tree as far as it is open."""
    model = outline.model
    return {
        index.data(): shown(outline, index) if outline.tree.isExpanded(index) else {}
        for index in (model.index(row, 0, parent) for row in range(model.rowCount(parent)))
    }


def click(outline, place, key):
    index = outline.model.index_of(Place(place), key)
    outline.tree.scrollTo(index)
    QTest.mouseClick(outline.tree.viewport(), LEFT, pos=outline.tree.visualRect(index).center())


def current(outline) -> str:
    entry = outline.model.entry(outline.tree.currentIndex())
    return "/".join((*entry.place.steps, entry.key))


def test_steps_connections_ports_and_labels_stand_where_they_belong(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            outline.tree.expandAll()
            assert shown(outline) == {
                "read": {"raw": {}},
                "Parse the lines": {"success → tidy.in": {}},
                "tidy": {
                    "success → out.in": {},
                    "in": {"in → strip.in": {}},
                    "strip": {"success → deep.in": {}, "failure → failure": {}},
                    "deep": {
                        "success → success": {},
                        "in": {"in → innermost.in": {}},
                        "innermost": {"success → success": {}},
                        "success": {},
                    },
                    "success": {},
                    "failure": {},
                },
                "out": {},
                "Orders of the day": {},
            }
            raw = outline.model.index_of(Place(), "read.success->parse.in")
            assert raw.data(DETAIL) == "success → parse.in"

    on_page(work)


def test_a_click_goes_there_on_other_levels_too(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            outline.tree.expandAll()
            click(outline, ("tidy", "deep"), "innermost")
            assert page.board.place == Place(("tidy", "deep"))
            assert page.viewer.selected_keys() == ["innermost"]
            click(outline, (), "parse.success->tidy.in")
            assert page.board.place == Place()
            assert page.viewer.selected_keys() == ["parse.success->tidy.in"]
            click(outline, (), "label:note")
            assert page.viewer.selected_keys() == ["label:note"]

    on_page(work)


def test_keys_walk_the_flow(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            outline.tree.setFocus()
            outline.tree.setCurrentIndex(outline.model.index(0, 0))
            for key, expected in (
                (Qt.Key.Key_Down, "parse"),
                (Qt.Key.Key_Down, "tidy"),
                (Qt.Key.Key_Right, "tidy"),
                (Qt.Key.Key_Right, "tidy.success->out.in"),
                (Qt.Key.Key_Down, "tidy/input:in"),
                (Qt.Key.Key_Down, "tidy/strip"),
            ):
                QTest.keyClick(outline.tree, key)
                assert current(outline) == expected
            assert page.viewer.selected_keys() == ["strip"]
            click(outline, (), "tidy")
            QTest.keyClick(outline.tree, Qt.Key.Key_Return)
            assert page.board.place == Place(("tidy",))

    on_page(work)


def test_return_on_a_processor_opens_its_settings_and_escape_goes_back_to_the_canvas(on_page, qtbot):
    async def work(page):
        with beside(Outline(), page) as outline:
            click(outline, (), "read")
            with qtbot.waitSignal(page.part_opened) as opened:
                QTest.keyClick(outline.tree, Qt.Key.Key_Return)
            assert opened.args == ["read"]
            heard: list[bool] = []
            page.setFocus = lambda: heard.append(True)
            QTest.keyClick(outline.tree, Qt.Key.Key_Escape)
            assert heard == [True]

    on_page(work)


def test_what_is_selected_on_the_canvas_shows(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            page.board.show_place(Place(("tidy", "deep")))
            page.viewer.select(["innermost"])
            assert current(outline) == "tidy/deep/innermost"
            assert outline.tree.visualRect(outline.tree.currentIndex()).isValid()
            page.board.show_place(Place())
            page.viewer.select(["read", "parse", "out"])
            entries = [outline.model.entry(index) for index in outline.tree.selectedIndexes()]
            chosen = {entry.key for entry in entries if entry is not None}
            assert chosen == {"read", "parse", "out"}
            page.viewer.select([])
            assert outline.tree.selectedIndexes() == []

    on_page(work)


def test_several_are_selected_together(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            click(outline, (), "read")
            QTest.keyClick(outline.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
            QTest.keyClick(outline.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
            assert page.viewer.selected_keys() == ["read", "parse", "tidy"]

    on_page(work)


def test_edits_show_at_once_and_what_was_open_stays_open(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            outline.tree.expandAll()
            before = shown(outline)
            page.document.edit("x", edits.delete(page.document.flow, ["parse"]))
            assert list(shown(outline)) == ["read", "tidy", "out", "Orders of the day"]
            assert shown(outline)["read"] == {}
            assert shown(outline)["tidy"] == before["tidy"]
            page.document.edit("x", edits.rename(page.document.flow, "tidy", "Tidy up"))
            assert "Tidy up" in shown(outline)
            page.document.undo_stack.undo()
            page.document.undo_stack.undo()
            outline.tree.expandAll()
            assert sorted(shown(outline)) == sorted(before)

    on_page(work)


def test_a_filter_leaves_what_it_finds_and_the_way_there(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            QTest.keyClicks(outline.field, "cron")
            await rest(FILTERED_S)
            assert shown(outline) == {"tidy": {"strip": {}}}
            assert outline._count.text() == "1 part found"
            QTest.keyClick(outline.field, Qt.Key.Key_Return)
            assert page.board.place == Place(("tidy",))
            assert page.viewer.selected_keys() == ["strip"]
            outline.field.setText("raw")
            await rest(FILTERED_S)
            assert shown(outline) == {"read": {"raw": {}}}
            outline.field.setText("no such thing")
            await rest(FILTERED_S)
            assert outline._stack.blank.isVisible()
            assert "matches" in outline._stack.blank.words
            QTest.keyClick(outline.field, Qt.Key.Key_Escape)
            await rest(FILTERED_S)
            assert len(shown(outline)) == 5

    on_page(work)


def test_a_filter_by_state_follows_the_states(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            outline.field.setText("running")
            await rest(FILTERED_S)
            assert shown(outline) == {}
            page.board.set_states({"read": State.RUNNING})
            await rest(FILTERED_S)
            assert list(shown(outline)) == ["read"]

    on_page(work)


def test_a_filter_is_asked_again_after_an_edit(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            outline.field.setText("innermost")
            await rest(FILTERED_S)
            page.document.edit("x", edits.rename(page.document.flow, "read", "the innermost of all"))
            await rest(FILTERED_S)
            assert list(shown(outline)) == ["the innermost of all", "tidy"]

    on_page(work)


def test_a_step_shows_its_state(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            out = outline.model.index_of(Place(), "out")
            assert out.data(Qt.ItemDataRole.DecorationRole).cacheKey() == state_icon(State.DISABLED).cacheKey()
            page.board.set_states({"tidy/deep/innermost": State.RUNNING})
            tidy = outline.model.index_of(Place(), "tidy")
            assert tidy.data(Qt.ItemDataRole.DecorationRole).cacheKey() == state_icon(State.RUNNING).cacheKey()

    on_page(work)


def test_another_page_and_none(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            outline.tree.expand(outline.model.index_of(Place(), "tidy"))
            outline.show_page(None)
            assert outline._stack.blank.words == "No flow is open."
            assert not outline.field.isEnabled()
            outline.show_page(page)
            assert outline.tree.isExpanded(outline.model.index_of(Place(), "tidy"))

    on_page(work)


def test_an_empty_flow_says_what_to_do(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            assert "empty" in outline._stack.blank.words
            page.editing.add_label((0.0, 0.0))
            assert not outline._stack.blank.isVisible()

    on_page(work, "{pyfi: 1, name: empty}")


def test_a_definition_inside_itself_ends(on_page):
    async def work(page):
        with beside(Outline(), page) as outline:
            outline.tree.expandAll()
            assert shown(outline)["tidy"]["again"] == {}
            outline.field.setText("again")
            await rest(FILTERED_S)
            assert shown(outline) == {"tidy": {"again": {}}}

    again = FLOW.replace(
        "      - {id: deep, flow: deeper}\n", "      - {id: deep, flow: deeper}\n      - {id: again, flow: clean}\n"
    )
    on_page(work, again)
