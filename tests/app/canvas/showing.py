"""A viewer with something on it, and what it paints, as numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.canvas.card import Card, Kind, State
from app.canvas.link import Link
from app.canvas.sheet import Note, Sheet
from app.canvas.viewer import FlowViewer


def chain(count: int, *, columns: int = 6) -> Sheet:
    """Cards in rows, each joined to the next, of all kinds and states, with some bends, and a note."""
    sheet = Sheet()
    kinds, states = list(Kind), list(State)
    sheet.cards.add(
        [
            (
                Card(
                    key=f"c{number}",
                    kind=kinds[number % len(kinds)] if number % 3 == 0 else Kind.PROCESSOR,
                    name=f"Step {number}",
                    type="Python",
                    inputs=("in",),
                    outputs=("success", "failure"),
                ),
                number % columns * 430.0,
                number // columns * 290.0,
                states[number % len(states)],
            )
            for number in range(count)
        ]
    )
    sheet.links.add(
        [
            Link(
                key=f"c{number}.success->c{number + 1}.in",
                source=f"c{number}",
                source_port="success",
                target=f"c{number + 1}",
                target_port="in",
                bends=((number * 37.0, 555.0),) if number % 7 == 3 else (),
            )
            for number in range(count - 1)
        ]
    )
    sheet.notes = {"label:n": Note(key="label:n", text="# Note\n\nwith *words*", x=-300, y=100)}
    return sheet


def pixels(image: QImage) -> npt.NDArray[np.uint32]:
    """An image's colours by row and column."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.bytesPerLine() // 4)
    return flat[:, : plain.width()] & np.uint32(0xFFFFFF)


def on_screen(viewer: FlowViewer) -> npt.NDArray[np.uint32]:
    """What stands on the screen now, by whatever ways it got there; paints nothing."""
    QApplication.processEvents()
    whole = viewer.screen().grabWindow(viewer.winId())
    return pixels(whole.toImage())


def afresh(viewer: FlowViewer) -> npt.NDArray[np.uint32]:
    """What stands there when all of it was painted at once."""
    viewer.viewport().repaint()
    return on_screen(viewer)


def colors(image: npt.NDArray[np.uint32]) -> int:
    """How many colours there are."""
    return len(np.unique(image))


def differing(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> int:
    """How many pixels can be seen to differ: Qt's antialiasing of a line depends a little on where it is clipped."""
    channels = [np.abs((one >> shift & 255).astype(int) - (other >> shift & 255)) for shift in (0, 8, 16)]
    return int((np.max(channels, axis=0) > _UNSEEN).sum())


_UNSEEN = 4


JOINED = "a.success->b.in"


def joined(qtbot) -> FlowViewer:
    """A viewer that is shown, with `a` and `b` far from each other, joined."""
    made = FlowViewer()
    qtbot.addWidget(made)
    made.resize(1400, 700)
    made.show()
    sheet = Sheet()
    cards = [Card(key=key, name=key, inputs=("in",), outputs=("success",)) for key in "ab"]
    sheet.cards.add([(cards[0], 0, 0, State.STOPPED), (cards[1], 900, 200, State.STOPPED)])
    sheet.links.add([Link(key=JOINED, source="a", source_port="success", target="b", target_port="in")])
    made.show_sheet(sheet)
    made.look_at(QPointF(600, 200), 1.0)
    return made
