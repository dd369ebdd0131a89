"""The parameters of the call that is being written."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.editor.colors import EditorColors
from app.editor.completion_client import Signature

_MOST_WIDTH = 620
_MOST_SHOWN = 4


class CallTip(QLabel):
    """A line above the call, with the parameter in bold whose turn it is; it never takes the focus."""

    def __init__(self, editor: QWidget) -> None:
        super().__init__(editor)
        self.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Parameters"))
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setContentsMargins(7, 4, 7, 4)
        self._editor = editor

    def open(self, signatures: Sequence[Signature], caret: QRect, colors: EditorColors) -> None:
        """Show calls above a caret, given in global pixels; below where there is no room."""
        self.setFont(self._editor.font())
        self.setStyleSheet(
            f"CallTip {{ background: {colors.background}; color: {colors.text}; border: 1px solid {colors.gutter_text}; }}"
        )
        self.setText("<br>".join(_shown(each, colors) for each in signatures[:_MOST_SHOWN]))
        self.setWordWrap(False)
        if self.sizeHint().width() > _MOST_WIDTH:
            self.setWordWrap(True)
            self.resize(_MOST_WIDTH, self.heightForWidth(_MOST_WIDTH))
        else:
            self.resize(self.sizeHint())
        area = self.screen().availableGeometry()
        place = caret.topLeft() - QPoint(0, self.height() + 3)
        if place.y() < area.top():
            place.setY(caret.bottom() + 3)
        place.setX(max(area.left(), min(place.x(), area.right() - self.width())))
        self.move(place)
        self.show()


def _shown(signature: Signature, colors: EditorColors) -> str:
    parameters = [html.escape(each) for each in signature.parameters]
    if 0 <= signature.current < len(parameters):
        parameters[signature.current] = f"<b style='color: {colors.keyword}'>{parameters[signature.current]}</b>"
    behind = f" → {html.escape(signature.returned)}" if signature.returned else ""
    name = f"<span style='color: {colors.function}'>{html.escape(signature.name)}</span>"
    text = f"<br><span style='color: {colors.comment}'>{html.escape(signature.text)}</span>" if signature.text else ""
    return f"{name}({', '.join(parameters)}){behind}{text}"
