"""Places, where the keyboard can be in a window: F6 goes round them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QToolBar, QToolButton, QWidget

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


class Places(QObject):
    """The canvas (or the welcome page), the tool bars, the docks that are seen, the tabs of the flows, in this order.

    Esc in a tool bar leads back to the canvas, as it does in panels.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        for bar in window.findChildren(QToolBar):
            for button in bar.findChildren(QToolButton):
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Qt has it out of reach of keys
            back = QShortcut(Qt.Key.Key_Escape, bar)
            back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            back.activated.connect(self._go_back)

    def go(self, steps: int) -> None:
        """Give the keyboard to the next place; -1: to the one before."""
        places = [place for place in self._places() if first_stop(place) is not None]
        focused = QApplication.focusWidget() or self._window.focusWidget()  # a menu may just be closing
        at = next((at for at, place in enumerate(places) if focused is not None and is_within(focused, place)), -1)
        number = (at + steps) % len(places) if at >= 0 else 0
        stop = first_stop(places[number])
        if stop is not None:
            stop.setFocus(Qt.FocusReason.TabFocusReason if steps > 0 else Qt.FocusReason.BacktabFocusReason)

    def _places(self) -> Iterator[QWidget]:
        window = self._window
        yield window.front
        yield from (bar for bar in window.findChildren(QToolBar) if bar.isVisible())
        for dock in window.docks.seen():
            if first_stop(dock) is None and (panel := dock.widget()) is not None:
                panel.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # it has nothing to show, which is to be heard
            yield dock
        yield window.tabs

    def _go_back(self) -> None:
        stop = first_stop(self._window.front)
        if stop is not None:
            stop.setFocus(Qt.FocusReason.OtherFocusReason)


def first_stop(place: QWidget) -> QWidget | None:
    """The first widget of a place that takes the keyboard; the one that it names itself, if it does."""
    inner = getattr(place, "widget", lambda: None)()
    for each in (place, inner):
        proxy = each.focusProxy() if each is not None else None
        if proxy is not None and takes_keys(proxy):
            return proxy
    if takes_keys(place):
        return place
    # WORKAROUND PySide 6.11: to it, what `nextInFocusChain()` returns belongs to the widget before it in the chain, and ends
    # with that: a flow that was closed, or a breadcrumb, took the window's menus away from us.
    return next((widget for widget in place.findChildren(QWidget) if takes_keys(widget)), None)


def takes_keys(widget: QWidget) -> bool:
    """Whether the Tab key would stop here."""
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def is_within(widget: QWidget, place: QWidget) -> bool:
    """Whether a widget is a place, or somewhere in it."""
    return widget is place or place.isAncestorOf(widget)
