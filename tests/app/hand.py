"""A person's hand: mouse and keys that come to a window as the window system would send them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.canvas.viewer import FlowViewer

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NONE, CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
_STEPS = 4


class Hand:
    """On a viewer. Places are the canvas's own coordinates, as they lie when a gesture begins; events go to the window."""

    def __init__(self, viewer: FlowViewer) -> None:
        self._viewer = viewer
        self._at = QPoint()
        self._button = LEFT

    def pixel(self, spot: QPointF) -> QPoint:
        """Where a place is in the viewport."""
        pixel = self._viewer.mapFromScene(spot)
        assert self._viewer.viewport().rect().contains(pixel), f"{spot} is not in view"
        return pixel

    def press(self, spot: QPointF, button: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Go there and press."""
        self.move(spot)
        self._button = button
        QTest.mousePress(self._window, button, modifiers, self._in_window)
        QApplication.processEvents()

    def move(self, spot: QPointF, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Go there, button held or not."""
        self._move(self.pixel(spot), modifiers)

    def _move(self, pixel: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        self._at = pixel
        if modifiers == NONE:
            QTest.mouseMove(self._window, self._in_window)
        else:  # QTest knows no keys for moves
            viewport = self._viewer.viewport()
            place, where = QPointF(pixel), QPointF(viewport.mapToGlobal(pixel))
            event = QMouseEvent(QEvent.Type.MouseMove, place, where, Qt.MouseButton.NoButton, self._button, modifiers)
            QApplication.sendEvent(viewport, event)
        QApplication.processEvents()

    def release(self, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Let go where the pointer is."""
        QTest.mouseRelease(self._window, self._button, modifiers, self._in_window)
        QApplication.processEvents()

    def drag(
        self,
        start: QPointF,
        end: QPointF,
        button: Qt.MouseButton = LEFT,
        modifiers: Qt.KeyboardModifier = NONE,
        *,
        drop: bool = True,
    ) -> None:
        """Press, go in a few steps, let go; with `drop` False the button stays down."""
        first, last = self.pixel(start), self.pixel(end)
        self.press(start, button, modifiers)
        for step in range(1, _STEPS + 1):
            self._move(first + (last - first) * step / _STEPS, modifiers)
        if drop:
            self.release(modifiers)

    def click(self, spot: QPointF, button: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press and let go."""
        self.press(spot, button, modifiers)
        self.release(modifiers)

    def other_button(self) -> None:
        """The right button, pressed and let go while another may be held."""
        for act in (QTest.mousePress, QTest.mouseRelease):
            act(self._window, RIGHT, NONE, self._in_window)

    def double_click(self, spot: QPointF) -> None:
        """Twice, quickly."""
        self.move(spot)
        QTest.mouseDClick(self._window, LEFT, NONE, self._in_window)
        QApplication.processEvents()

    def wheel(self, spot: QPointF, turn: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Turn the wheel, 120 for a notch, with the pointer at a place."""
        pixel = QPointF(self.pixel(spot))
        where = self._viewer.viewport().mapToGlobal(pixel)
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(pixel, where, QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, modifiers, phase, False)  # noqa: FBT003
        QApplication.sendEvent(self._viewer.viewport(), event)
        QApplication.processEvents()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """A key, to whatever has the focus."""
        press(self._viewer, key, modifiers)

    @property
    def _window(self) -> QWindow:
        return window_of(self._viewer)

    @property
    def _in_window(self) -> QPoint:
        return self._viewer.viewport().mapTo(self._viewer.window(), self._at)


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key, to the window that is in front: shortcuts and focus decide who gets it."""
    front = _front(widget)  # held: PySide takes a window for gone when nobody holds its widget
    if QApplication.activeWindow() is None:  # a dialog has closed, and there is no window manager to bring another to the front
        front.activateWindow()
        QTest.qWaitForWindowActive(front, 1000)
    QTest.keyClick(window_of(front), key, modifiers)
    QApplication.processEvents()


def type_in(widget: QWidget, text: str) -> None:
    """Letters, to the window that is in front."""
    front = _front(widget)
    for letter in text:
        QTest.keyClick(window_of(front), letter)  # pyright: ignore[reportCallIssue, reportArgumentType] - the stubs lack letters
    QApplication.processEvents()


def window_of(widget: QWidget) -> QWindow:
    """The window that a widget is in, as the window system knows it."""
    window = widget.window().windowHandle()
    assert window is not None
    return window


def _front(widget: QWidget) -> QWidget:
    return (QApplication.activePopupWidget() or QApplication.activeModalWidget() or widget).window()
