"""The palette: what it offers, and how it gets onto the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidgetItem

from app.page.component import dragged, processors
from app.panel.palette import Palette
from engine.client.parts import Place
from tests.app.panel.paged import beside, rest


def titles(palette) -> dict[str, list[str]]:
    tree = palette.tree
    groups = [group(palette, number) for number in range(tree.topLevelItemCount())]
    items = {each.text(0): [each.child(row) for row in range(each.childCount())] for each in groups}
    return {title: [item.text(0) for item in found if item is not None] for title, found in items.items()}


def group(palette, number) -> QTreeWidgetItem:
    found = palette.tree.topLevelItem(number)
    assert found is not None
    return found


def item(palette, title):
    return next(each for each in palette._items() if each.text(0) == title)


def spot_of(palette, title):
    palette.tree.scrollToItem(item(palette, title))
    return palette.tree.visualItemRect(item(palette, title)).center()


def test_every_type_is_offered_by_what_it_is_for(on_page):
    async def work(page):
        with beside(Palette(), page) as palette:
            await rest(0.05)
            shown = titles(palette)
            assert {each.title for each in processors()} <= {title for group in shown.values() for title in group}
            assert shown["Subflows of this flow"] == ["clean"]
            assert list(shown)[:3] == ["Parts", "Your own code", "Sources"]
            assert "Input port" not in shown["Parts"]
            page.board.show_place(Place(("tidy",)))
            assert "Input port" in titles(palette)["Parts"]

    on_page(work)


def test_a_double_click_adds_it_in_the_middle_and_the_next_beside(on_page):
    async def work(page):
        with beside(Palette(), page) as palette:
            await rest(0.05)
            page.viewer.look_at(QPointF(5000, 5000), 1.0)
            for _ in range(2):
                QTest.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=spot_of(palette, "Filter"))
                QTest.mouseDClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=spot_of(palette, "Filter"))
            first, second = page.document.flow.steps["filter"], page.document.flow.steps["filter-2"]
            assert page.board.sheet.cards.rect(page.board.sheet.cards.rows["filter"]).contains(page.viewer.centre)
            assert first.position != second.position

    on_page(work)


def test_the_keyboard_alone_finds_and_adds(on_page):
    async def work(page):
        with beside(Palette(), page) as palette:
            await rest(0.05)
            QTest.keyClicks(palette.field, "write")
            QTest.keyClick(palette.field, Qt.Key.Key_Down)
            current = palette.tree.currentItem()
            assert current is not None
            chosen = current.text(0)
            assert chosen.startswith("Write")
            assert "Takes: in" in palette._summary.text()
            QTest.keyClick(palette.field, Qt.Key.Key_Return)
            assert chosen.lower().replace(" ", "-") in page.document.flow.steps
            QTest.keyClick(palette.field, Qt.Key.Key_Escape)
            assert palette.field.text() == ""
            assert len(titles(palette)) > 5

    on_page(work)


def test_what_is_dragged_is_the_component(on_page):
    async def work(page):
        with beside(Palette(), page) as palette:
            await rest(0.05)
            tree = palette.tree
            component = dragged(tree.mimeData([item(palette, "Route")]))
            assert component is not None
            assert component.type == "route"
            assert tree.dragEnabled()
            assert not group(palette, 0).flags() & Qt.ItemFlag.ItemIsDragEnabled
            assert dragged(tree.mimeData([group(palette, 0)])) is None

    on_page(work)


def test_dropped_on_the_canvas_it_is_there(on_page):
    async def work(page):
        with beside(Palette(), page) as palette:
            await rest(0.05)
            data = palette.tree.mimeData([item(palette, "Route")])
            page.viewer.look_at(QPointF(5000, 5000), 1.0)
            spot = page.viewer.mapFromScene(QPointF(5100, 5100))
            copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            for event in (QDragEnterEvent(spot, copy, data, left, none), QDropEvent(QPointF(spot), copy, data, left, none)):
                QApplication.sendEvent(page.viewer.viewport(), event)
            assert page.document.flow.steps["route"].position == (5100.0, 5100.0)

    on_page(work)


def test_a_category_that_was_closed_stays_closed(on_page):
    async def work(page):
        with beside(Palette(), page) as palette:
            await rest(0.05)
            group(palette, 1).setExpanded(False)
            palette.field.setText("a")
            palette.field.setText("")
            assert not group(palette, 1).isExpanded()
            assert group(palette, 2).isExpanded()

    on_page(work)


def test_nothing_found_is_said(on_page):
    async def work(page):
        with beside(Palette(), page) as palette:
            await rest(0.05)
            palette.field.setText("zzzz")
            assert palette._summary.text() == "Nothing is called “zzzz”."

    on_page(work)


def test_without_a_page_it_shows_and_does_nothing(on_page):
    async def work(page):
        with beside(Palette(), None) as palette:
            await rest(0.05)
            assert "Sources" in titles(palette)
            assert not palette.tree.isEnabled()
            assert not palette.tree.dragEnabled()
            QTest.keyClick(palette.field, Qt.Key.Key_Return)
            assert "Open a flow" in palette._summary.text()

    on_page(work)
