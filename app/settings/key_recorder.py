"""KeyRecorder, the button that listens for the next keys and tells which they were."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

_ALONE = frozenset(
    {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_unknown}
)
"""Keys that are only pressed together with others."""
_SHIFTED_SIGN = Qt.KeyboardModifier.ShiftModifier


class KeyRecorder(QPushButton):
    """Pressed, it takes the next keys, whatever they mean elsewhere; Escape, another press or a loss of the focus ends it."""

    recorded = Signal(QKeySequence)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.toggled.connect(self._on_toggled)
        self._on_toggled(listens=False)

    def _on_toggled(self, listens: bool) -> None:
        self.setText(self.tr("Press the keys …") if listens else self.tr("Record keys"))
        self.setAccessibleName(self.text())

    def event(self, event: QEvent) -> bool:
        """While it listens, keys are neither shortcuts nor ways out of here."""
        if self.isChecked() and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._hear(event)
                return True
        return super().event(event)

    def _hear(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ALONE or event.isAutoRepeat():
            return
        self.setChecked(False)
        if key == Qt.Key.Key_Escape:
            return
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Backtab:
            key = Qt.Key.Key_Tab
        elif modifiers & _SHIFTED_SIGN and event.text().isprintable() and not event.text().isalnum() and event.text().strip():
            modifiers &= ~_SHIFTED_SIGN  # the sign says it already: "?" rather than "Shift+?"
        self.recorded.emit(QKeySequence(QKeyCombination(modifiers, key)))

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Whoever goes elsewhere does not mean this button any more."""
        self.setChecked(False)
        super().focusOutEvent(event)
