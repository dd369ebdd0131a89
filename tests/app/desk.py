"""The desktop's window over a real database of its own, on an event loop like the application's."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import qasync
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.canvas.viewer import FlowViewer
from app.document.shelf import Shelf
from app.page.flow_page import FlowPage
from app.window.main_window import MainWindow
from engine.client.engine import Engine
from engine.client.library import Library
from engine.model.flow import Flow
from tests.app.hand import LEFT, Hand, press, type_in

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)
SIZE = (2000, 1200)


def run(act: Callable[[], None]) -> None:
    """Do something with a loop like the application's running. A fault in the background fails it.

    It is done in no task of the loop: with a nested event loop, which a click or a dialog may need, no other task could go on.
    """
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setQuitOnLastWindowClosed(False)
    faults: list[Any] = []
    with qasync.QEventLoop(application) as loop:
        loop.set_exception_handler(lambda _, context: faults.append(context))

        def on_started() -> None:
            try:
                act()
            except BaseException as error:  # noqa: BLE001 - raised again below, out of Qt's hands
                faults.insert(0, error)
            finally:
                loop.stop()

        QTimer.singleShot(0, on_started)
        loop.run_forever()
    for fault in faults[:1]:
        raise fault if isinstance(fault, BaseException) else AssertionError(faults)


def until(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Let the loop run until something happens."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        QTest.qWait(10)


def shown(kind: type[W]) -> W:
    """The one window of a kind that is seen."""
    found: list[W] = []

    def look() -> bool:
        found[:] = [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]
        return bool(found)

    until(look)
    (window,) = found
    return window


def result(work: Coroutine[Any, Any, T]) -> T:
    """What some work on the loop comes to."""
    task = asyncio.ensure_future(work)
    until(task.done)
    return task.result()


class Desk:
    """A window, its flow in front, and a person before it. `url` is its database; None: as the settings say."""

    def __init__(self, window: MainWindow, url: str | None) -> None:
        self.window = window
        self.url = url

    @property
    def page(self) -> FlowPage:
        assert self.window.page is not None
        return self.window.page

    @property
    def viewer(self) -> FlowViewer:
        return self.page.viewer

    @property
    def hand(self) -> Hand:
        return Hand(self.viewer)

    @property
    def flow(self) -> Flow:
        return self.page.document.flow

    @property
    def chosen(self) -> list[str]:
        return self.viewer.selected_keys()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, pressed with the window in front."""
        press(self.window, key, modifiers)

    def type(self, text: str) -> None:
        """Letters, typed with the window in front."""
        type_in(self.window, text)

    def middle(self, key: str) -> QPointF:
        """Where to press a card: on its name."""
        cards = self.page.board.sheet.cards
        return cards.rect(cards.rows[key]).topLeft() + QPointF(120, 18)

    def port(self, card: str, name: str, *, is_input: bool = False) -> QPointF:
        """Where a port is."""
        cards = self.page.board.sheet.cards
        return cards.spot(cards.rows[card], name, is_input=is_input)

    def place(self, key: str) -> tuple[float, float]:
        """Where a card is."""
        cards = self.page.board.sheet.cards
        return float(cards.x[cards.rows[key]]), float(cards.y[cards.rows[key]])

    def look(self, x: float = 500, y: float = 250, scale: float = 1.0) -> None:
        """Look at a place of the canvas."""
        self.viewer.look_at(QPointF(x, y), scale)

    def new(self) -> FlowPage:
        """A new flow, by its key."""
        before = len(self.window.pages())
        self.key(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        until(lambda: len(self.window.pages()) > before)
        self.look()
        self.viewer.setFocus()
        return self.page

    def open(self, flow: Flow) -> FlowPage:
        """A flow of the database, put there first."""
        with Library(self.url) as library:
            id = library.create(flow).id
        return self.open_again(id)

    def open_again(self, reference: str) -> FlowPage:
        """A flow by its id or file."""
        page = result(self.window.open_book(self.window.shelf.open(reference)))
        until(lambda: self.window.first_paint.is_through)  # panels that are made later push the canvas aside
        self.viewer.setFocus()
        return page

    def saved(self) -> Flow:
        """What the database holds once everything is saved."""
        until(lambda: self.page.keeper.is_safe)
        with Library(self.url) as library:
            return library.load(self.page.book.id).flow

    def answer(self, text: str) -> None:
        """Type an answer into the dialog that the next step asks, and press Return."""

        def on_shown() -> None:
            if QApplication.activeModalWidget() is None:
                QTimer.singleShot(20, on_shown)
                return
            press(self.window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            type_in(self.window, text)
            press(self.window, Qt.Key.Key_Return)

        QTimer.singleShot(20, on_shown)

    def click_at(self, widget: QWidget, spot: QPoint) -> None:
        """Click a widget at a place of it."""
        QTest.mouseClick(widget, LEFT, pos=spot)
        QApplication.processEvents()

    def click(self, widget: QWidget) -> None:
        """Click a widget."""
        QTest.mouseClick(widget, LEFT)
        QApplication.processEvents()


def _stop_all(window: MainWindow) -> None:
    """Stop what runs: the window would ask whether it is to go on."""
    for page in window.pages() if window.isVisible() else ():
        if window.conductor.state_of(page) == "running":
            result(window.conductor.stop(page))
            until(lambda page=page: window.conductor.state_of(page) != "running")


@contextlib.contextmanager
def desk_in(folder: Path) -> Iterator[Desk]:
    """A window with nothing open; closed at the end as a person closes it."""
    url = f"sqlite:///{folder / 'flows.db'}"
    engine = Engine(folder / "ws")
    window = MainWindow(Shelf(folder / "data", url), engine)
    window.resize(*SIZE)
    window.show()
    closed: list[bool] = []
    window.closed.connect(lambda: closed.append(True))
    try:
        yield Desk(window, url)
    finally:
        _stop_all(window)
        result(engine.shut_down(patience_s=5))
        window.close()
        until(lambda: bool(closed), 30)
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def story(folder: Path, tell: Callable[[Desk], None]) -> None:
    """Tell one story in a window of its own."""

    def act() -> None:
        with desk_in(folder) as desk:
            tell(desk)

    run(act)
