"""The list of stored flows, in the real window over a real database."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMenu, QMessageBox, QPushButton

from app.flows.flow_list import FlowList
from app.flows.flows_dialog import FlowsDialog
from app.panel.row_delegate import DETAIL
from engine.client.library import Library
from engine.model.codec import load_flow
from tests.app.desk import Desk, result, until
from tests.app.hand import CTRL, LEFT, SHIFT

TEXT = "pyfi: 1\nname: {}\nprocessors:\n  - {{id: a, type: generate, config: {{count: 3}}}}\n  - {{id: b, type: log}}\n"


def stored(desk: Desk, *names: str) -> None:
    with Library(desk.url) as library:
        for name in names:
            library.create(load_flow(TEXT.format(name)))


def names(desk: Desk) -> list[str]:
    with Library(desk.url) as library:
        return sorted(each.name for each in library.list())


def shown(flows: FlowList) -> list[str]:
    return [flows.model.index(row).data() for row in range(flows.model.rowCount())]


def dialog(desk: Desk) -> FlowsDialog:
    """The dialog, by its key, with the flows in it."""
    desk.key(Qt.Key.Key_O, CTRL | SHIFT)
    found = desk.window.findChild(FlowsDialog)
    assert found is not None
    until(lambda: bool(shown(found.flows)) or found.flows._stack.currentIndex() == 1)
    return found


def answer(desk: Desk, words: str) -> None:
    """Press a button of the question that is asked next."""
    until(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    button = next(each for each in box.findChildren(QPushButton) if each.text().replace("&", "") == words)
    QTimer.singleShot(0, button.click)
    until(lambda: QApplication.activeModalWidget() is not box)


def test_a_flow_is_found_by_its_name_and_opened_with_the_keyboard(told):
    def tell(desk: Desk) -> None:
        stored(desk, "orders", "invoices", "order-archive")
        found = dialog(desk)
        assert shown(found.flows) == ["invoices", "order-archive", "orders"]
        assert found.flows.model.index(0).data(DETAIL) == "2 processors"
        QTest.keyClicks(found.flows.field, "order")
        assert shown(found.flows) == ["order-archive", "orders"]
        QTest.keyClick(found.flows.field, Qt.Key.Key_Down)
        QTest.keyClick(found.flows.view, Qt.Key.Key_Return)
        until(lambda: desk.window.page is not None)
        assert desk.page.title == "orders"
        assert not found.isVisible()

    told(tell)


def test_nothing_stored_and_nothing_found_is_said(told):
    def tell(desk: Desk) -> None:
        found = dialog(desk)
        assert "make a new one" in found.flows._stack.blank.words
        stored(desk, "orders")
        until(lambda: shown(found.flows) == ["orders"])  # made elsewhere
        QTest.keyClicks(found.flows.field, "xyz")
        assert found.flows._stack.blank.words == "No flow is called that."
        QTest.keyClick(found, Qt.Key.Key_Escape)
        assert not found.isVisible()

    told(tell)


def test_the_button_opens_what_is_selected(told):
    def tell(desk: Desk) -> None:
        stored(desk, "orders")
        found = dialog(desk)
        desk.click(found.buttons.button(QDialogButtonBox.StandardButton.Open))
        until(lambda: desk.window.page is not None)
        assert desk.page.title == "orders"

    told(tell)


def test_a_flow_is_duplicated_and_deleted_from_the_panel(told):
    def tell(desk: Desk) -> None:
        stored(desk, "orders")
        desk.open_again("orders")
        desk.window.docks.show("flows")
        flows = desk.window.docks.flows
        until(lambda: shown(flows) == ["orders"])

        def choose(words: str) -> None:
            area = flows.view.visualRect(flows.view.currentIndex()).center()
            QTest.mouseClick(flows.view.viewport(), LEFT, pos=area)
            flows.view.customContextMenuRequested.emit(QPoint(area))
            menu = next(each for each in flows.findChildren(QMenu) if each.isVisible())
            next(each for each in menu.actions() if each.text().replace("&", "") == words).trigger()
            menu.close()

        choose("Duplicate")
        until(lambda: desk.page.title == "orders-2")
        assert names(desk) == ["orders", "orders-2"]
        until(lambda: shown(flows) == ["orders", "orders-2"])

        choose("Delete …")
        answer(desk, "Cancel")
        assert names(desk) == ["orders", "orders-2"]

        flows.view.setFocus()
        QTest.keyClick(flows.view, Qt.Key.Key_Delete)
        answer(desk, "Delete")
        until(lambda: names(desk) == ["orders-2"], 120)
        until(lambda: [page.title for page in desk.window.pages()] == ["orders-2"])
        until(lambda: shown(flows) == ["orders-2"])

    told(tell)


def test_what_the_engine_has_under_the_name_of_another_flow_is_not_deleted(told):
    def tell(desk: Desk) -> None:
        stored(desk, "orders", "bills")
        with Library(desk.url) as library:
            ids = {each.name: each.id for each in library.list()}
        engine = result(desk.window.conductor.supervisor.need())
        flow = load_flow(TEXT.format("orders") + "connections: [{from: a.success, to: b.in}]\n")
        result(engine.deploy("orders", flow, engine.folder, start=False, key="another"))
        result(engine.deploy("bills of old", flow, engine.folder, start=False, key=ids["bills"]))
        desk.window.docks.show("flows")
        flows = desk.window.docks.flows
        until(lambda: shown(flows) == ["bills", "orders"])
        for rest in (["orders"], []):
            flows.view.setFocus()
            QTest.keyClick(flows.view, Qt.Key.Key_Delete)
            answer(desk, "Delete")
            until(lambda rest=rest: shown(flows) == rest)
        until(lambda: [each.name for each in result(engine.deployments())] == ["orders"])

    told(tell)


def test_a_flow_that_runs_is_not_deleted_though_nothing_was_heard_of_it(told):
    def tell(desk: Desk) -> None:
        stored(desk, "orders")
        with Library(desk.url) as library:
            id = library.load("orders").id
        conductor = desk.window.conductor
        engine = result(conductor.supervisor.need())
        result(conductor.feed.close())
        text = TEXT.format("orders").replace("count: 3", "count: 0, rate: 1")
        flow = load_flow(text + "connections: [{from: a.success, to: b.in}]\n")
        result(engine.run("orders", flow, engine.folder, key=id))
        desk.window.docks.show("flows")
        flows = desk.window.docks.flows
        until(lambda: shown(flows) == ["orders"])
        said: list[str] = []
        desk.window.tell = said.append  # type: ignore[method-assign]
        flows.view.setFocus()
        QTest.keyClick(flows.view, Qt.Key.Key_Delete)
        answer(desk, "Delete")
        until(lambda: bool(said))
        assert said == ["“orders” runs; stop it, then delete it."]
        assert names(desk) == ["orders"]
        assert result(engine.deployment("orders")).state == "running"
        result(engine.remove("orders"))

    told(tell)
