"""Paints notes: Markdown on a coloured sheet."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QAbstractTextDocumentLayout, QColor, QPainter, QPalette, QTextDocument

from app.canvas.paint.brush import Brush
from app.canvas.sheet import Note

_PADDING = 8.0
GRIP = 14.0
"""Size of the corner by which a note is made larger."""


class NotePainter:
    """Draws notes in canvas coordinates."""

    def __init__(self, brush: Brush) -> None:
        self._brush = brush
        self._documents: dict[str, tuple[Note, QTextDocument]] = {}

    def draw(self, painter: QPainter, notes: dict[str, Note], selected: set[str], area: QRectF, *, readable: bool) -> None:
        """Draw the notes that an area touches; their text only where it can be read."""
        for key, note in notes.items():
            if note.rect.intersects(area):
                self._sheet(painter, note, is_selected=key in selected)
                if readable:
                    self._text(painter, note)

    def _sheet(self, painter: QPainter, note: Note, *, is_selected: bool) -> None:
        brush = self._brush
        ground = QColor(note.color) if note.color else brush.color("bar_middle")
        ground.setAlpha(46)
        painter.setBrush(ground)
        painter.setPen(brush.pen("selection", 2.0) if is_selected else brush.pen("border"))
        painter.drawRect(note.rect)
        if is_selected:
            corner = note.rect.bottomRight()
            painter.setPen(brush.pen("selection", 1.5))
            for step in (4.0, 8.0, 12.0):
                painter.drawLine(corner - QPointF(step, 1), corner - QPointF(1, step))

    def _text(self, painter: QPainter, note: Note) -> None:
        room = note.rect.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        document = self._document(note)
        painter.save()
        painter.translate(room.topLeft())
        painter.setClipRect(QRectF(0, 0, room.width(), room.height()), Qt.ClipOperation.IntersectClip)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, self._brush.color("text"))  # type: ignore[attr-defined]
        document.documentLayout().draw(painter, context)
        painter.restore()

    def _document(self, note: Note) -> QTextDocument:
        known = self._documents.get(note.key)
        if known is not None and (known[0].text, known[0].width) == (note.text, note.width):
            return known[1]
        document = QTextDocument()
        document.setDefaultFont(self._brush.fonts["text"])
        document.setDocumentMargin(0)
        document.setMarkdown(note.text)
        document.setPageSize(QSizeF(note.width - 2 * _PADDING, -1))
        document.setTextWidth(note.width - 2 * _PADDING)
        self._documents[note.key] = (note, document)
        return document
