"""Plot, lines over time with a crosshair. It brings pyqtgraph along, so the loader alone imports it, when it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.chart.line import Line, figure
from app.theme.current import current_theme

_WIDTH = 1.8
_ZOOM = 0.8
_STEP = 0.1
_ROOM = 0.04
_FEW = 2

_TIMES = 30
"""The height of the line of times below a pane."""


class Plot(QWidget):
    """Lines of one unit share a pane; panes stand above each other over the same time.

    The wheel zooms in time and dragging pans; from then on the plot stands still, until `go_live`. Keys do the same: arrows
    move the crosshair, with Ctrl the time; + and - zoom, Home goes live.
    """

    live_changed = Signal()
    """Somebody looks at another time than now, or again at now."""
    hovered = Signal(object)
    """The time under the crosshair in seconds since the epoch, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Chart"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 60)
        # pyqtgraph's types are not to be relied on: what comes from it is met here and nowhere else.
        self._canvas: Any = pg.GraphicsLayoutWidget()
        self._canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canvas.viewport().installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._canvas)
        self._lines: list[Line] = []
        self._panes: dict[str, Any] = {}
        self._curves: dict[Any, Any] = {}
        self._hairs: dict[str, Any] = {}
        self._range = (0.0, 1.0)
        self.is_live = True
        self.at: float | None = None
        """Where the crosshair is."""
        self._readout = QLabel(self)
        self._readout.setObjectName("readout")
        self._readout.setTextFormat(Qt.TextFormat.RichText)
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout.hide()
        self._canvas.ci.layout.setSpacing(2)
        self._canvas.ci.setContentsMargins(2, 4, 8, 2)
        self._canvas.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._color()

    # -- what is shown

    @property
    def lines(self) -> list[Line]:
        """What is drawn."""
        return self._lines

    @property
    def seen(self) -> tuple[float, float]:
        """The time in view, in seconds since the epoch."""
        pane = next(iter(self._panes.values()), None)
        if pane is None:
            return self._range
        (begin, end), _ = pane.vb.viewRange()
        return float(begin), float(end)

    def show_lines(self, lines: Sequence[Line], begin_s: float, end_s: float) -> None:
        """Draw these; while it is live, with this time in view."""
        self._lines = list(lines)
        units = list(dict.fromkeys(line.counter.unit_name for line in lines))
        if units != list(self._panes):
            self._make_panes(units)
        for key in [key for key in self._curves if key not in {line.key for line in lines}]:
            pane, curve = self._curves.pop(key)
            pane.removeItem(curve)
        for line in lines:
            self._draw(line)
        self._range = (begin_s, max(end_s, begin_s + 1))
        if self.is_live:
            self._look(*self._range)
        for unit in self._panes:
            self._fit_height(unit)
        if self.at is not None:
            self._show_crosshair(self.at)

    def _make_panes(self, units: Sequence[str]) -> None:
        seen = self.seen
        self._canvas.ci.clear()
        self._panes, self._curves, self._hairs = {}, {}, {}
        for row, unit in enumerate(units):
            axis = pg.DateAxisItem(orientation="bottom")
            pane: Any = self._canvas.ci.addPlot(row=row, col=0, axisItems={"bottom": axis})
            pane.setMenuEnabled(False)
            pane.hideButtons()
            pane.setMouseEnabled(x=True, y=False)
            pane.showGrid(x=True, y=True, alpha=0.12)
            pane.setLabel("left", unit)
            pane.getAxis("left").setWidth(58)
            pane.getAxis("left").enableAutoSIPrefix(enable=False)
            pane.setDownsampling(auto=True, mode="peak")
            pane.setClipToView(True)
            view = pane.vb
            view.disableAutoRange()
            view.setLimits(yMin=0, minXRange=5)
            view.sigXRangeChanged.connect(lambda *_, unit=unit: self._fit_height(unit))
            view.sigRangeChangedManually.connect(lambda *_: self._leave_live())
            hair = pg.InfiniteLine(angle=90, movable=False)
            hair.hide()
            pane.addItem(hair, ignoreBounds=True)
            if row < len(units) - 1:
                pane.getAxis("bottom").setStyle(showValues=False)
            self._panes[unit], self._hairs[unit] = pane, hair
        first = next(iter(self._panes.values()), None)
        for pane in self._panes.values():
            if pane is not first:
                pane.setXLink(first)
        if units and not self.is_live:
            self._look(*seen)
        self._color()

    def _draw(self, line: Line) -> None:
        pen = pg.mkPen(QColor(line.color), width=_WIDTH)
        known = self._curves.get(line.key)
        if known is None:
            pane = self._panes[line.counter.unit_name]
            known = self._curves[line.key] = (pane, pane.plot(antialias=True))
        known[1].setPen(pen)
        # A line of one point would not be seen.
        known[1].setData(line.times, line.values, symbol="o" if len(line.times) <= _FEW else None)
        known[1].setSymbolSize(5)
        known[1].setSymbolBrush(QColor(line.color))
        known[1].setSymbolPen(None)

    def _fit_height(self, unit: str) -> None:
        """From zero to a little above the highest value in view."""
        view = self._panes[unit].vb
        (begin, end), _ = view.viewRange()
        tops = [
            float(line.values[(line.times >= begin) & (line.times <= end)].max(initial=0.0))
            for line in self._lines
            if line.counter.unit_name == unit
        ]
        view.setYRange(0, max(tops, default=0.0) * (1 + 2 * _ROOM) or 1.0, padding=0)

    def _look(self, begin_s: float, end_s: float) -> None:
        for pane in self._panes.values():
            pane.vb.setXRange(begin_s, end_s, padding=0)
            break  # the others follow it

    # -- live or not

    def go_live(self) -> None:
        """Have the time in view go on with the clock again."""
        self.is_live = True
        self._look(*self._range)

    def _leave_live(self) -> None:
        if self.is_live:
            self.is_live = False
            self.live_changed.emit()

    def _change_view(self, begin_s: float, end_s: float) -> None:
        self._look(begin_s, end_s)
        self._leave_live()

    # -- the crosshair

    def _on_mouse_moved(self, place: QPointF) -> None:
        for pane in self._panes.values():
            if pane.vb.sceneBoundingRect().contains(place):
                self._show_crosshair(float(pane.vb.mapSceneToView(place).x()))
                return
        self.clear_crosshair()

    def _show_crosshair(self, time_s: float) -> None:
        found = [(line, row) for line in self._lines if (row := line.at(time_s)) is not None]
        if not found:
            self.clear_crosshair()
            return
        at = min((row[0] for _, row in found), key=lambda each: abs(each - time_s))
        self.at = at
        for hair in self._hairs.values():
            hair.setValue(at)
            hair.show()
        self._readout.setText(_readout(at, [(line, row[1]) for line, row in found]))
        self._readout.adjustSize()
        self._place_readout(at)
        self._readout.show()
        self.hovered.emit(at)

    def _place_readout(self, time_s: float) -> None:
        """Beside the crosshair, on the side that has room."""
        pane = next(iter(self._panes.values()))
        place = self._canvas.mapFromScene(pane.vb.mapViewToScene(QPointF(time_s, 0)))
        size = self._readout.size()
        x = place.x() + 12 if place.x() + 12 + size.width() < self.width() else place.x() - 12 - size.width()
        self._readout.move(max(0, x), 8)

    def clear_crosshair(self) -> None:
        """No time is looked at."""
        if self.at is None:
            return
        self.at = None
        self._readout.hide()
        for hair in self._hairs.values():
            hair.hide()
        self.hovered.emit(None)

    @property
    def readout(self) -> str:
        """What is said beside the crosshair; empty when there is none."""
        return self._readout.text() if self._readout.isVisibleTo(self) else ""

    # -- events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The pointer has left; a double click leads back to now."""
        if event.type() == QEvent.Type.Leave:
            self.clear_crosshair()
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self._return()
            return True
        return False

    def _return(self) -> None:
        self.go_live()
        self.live_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """What the mouse does, by keys."""
        begin, end = self.seen
        middle, half = (begin + end) / 2, (end - begin) / 2
        is_far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                way = -1 if event.key() == Qt.Key.Key_Left else 1
                if is_far:
                    self._change_view(begin + way * _STEP * 2 * half, end + way * _STEP * 2 * half)
                else:
                    self._step(way)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._change_view(middle - half * _ZOOM, middle + half * _ZOOM)
            case Qt.Key.Key_Minus:
                self._change_view(middle - half / _ZOOM, middle + half / _ZOOM)
            case Qt.Key.Key_Home:
                self._return()
            case Qt.Key.Key_Escape if self.at is not None:
                self.clear_crosshair()
            case _:
                event.ignore()
                return
        event.accept()

    def _step(self, way: int) -> None:
        """The crosshair goes a row on."""
        line = max(self._lines, key=lambda line: len(line.times), default=None)
        if line is None or not len(line.times):
            return
        times = line.times.tolist()
        row = len(times) if self.at is None else min(range(len(times)), key=lambda each: abs(times[each] - (self.at or 0)))
        self._show_crosshair(times[min(len(times) - 1, max(0, row + way))])

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Other colours when the theme changes, other sizes when the font does."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._color()
        super().changeEvent(event)

    # -- looks

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another room."""
        super().resizeEvent(event)
        self._fit_units()

    def _fit_units(self) -> None:
        """The unit stands upright beside its axis, if there is room for all of it; the legend says it, too."""
        room = self.height() / max(1, len(self._panes)) - _TIMES
        for unit, pane in self._panes.items():
            pane.getAxis("left").showLabel(self.fontMetrics().horizontalAdvance(unit) < room)

    def _color(self) -> None:
        theme = current_theme()
        self._canvas.setBackground(QColor(theme.surface))
        muted, border = QColor(theme.muted), QColor(theme.border)
        for unit, pane in self._panes.items():
            for side in ("left", "bottom"):
                axis = pane.getAxis(side)
                axis.setPen(pg.mkPen(border))
                axis.setTextPen(pg.mkPen(muted))
                axis.setTickPen(pg.mkPen(muted))
                axis.setStyle(tickFont=self.font(), hideOverlappingLabels=True)
            pane.setLabel("left", unit, color=theme.muted)
            self._hairs[unit].setPen(pg.mkPen(QColor(theme.muted), style=Qt.PenStyle.DashLine))
        self._fit_units()
        if hasattr(self, "_readout"):
            self._readout.setStyleSheet(
                f"background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.border};"
                " border-radius: 4px; padding: 4px 6px;"
            )

    def picture(self, factor: float = 2.0) -> QImage:
        """The plot as it is seen, sharp also on paper."""
        image = QImage(self.size() * factor, QImage.Format.Format_ARGB32)
        image.setDevicePixelRatio(factor)
        image.fill(QColor(current_theme().surface))
        self.render(image)
        return image


def _readout(time_s: float, values: Sequence[tuple[Line, float]]) -> str:
    at = datetime.fromtimestamp(time_s).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    rows = "".join(
        f'<tr><td style="color: {line.color}">■</td><td>&nbsp;{line.name}&nbsp;</td>'
        f'<td align="right"><b>{figure(value)}</b></td><td>&nbsp;{line.counter.unit_name}</td></tr>'
        for line, value in values
    )
    return f"{at}<table>{rows}</table>"
