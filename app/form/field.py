"""Field, one setting in a form: title, editor, help, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from msgspec import UNSET
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.form.context import FormContext
from app.form.editor import Editor, make_editor
from app.form.shown import sentence, shown_default
from app.form.spoken_setting import spoken_setting
from app.form.text_editor import ValueEditor
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.client.setting import Setting, check_setting


class Field(QWidget):
    """A setting with its editor.

    A value that the editor cannot show, such as a reference to a parameter where there is a box to tick, is edited as text.
    """

    edited = Signal(str, object)
    """A person gave the setting, whose name comes first, another value; UNSET when it is back at its default."""

    validity_changed = Signal()
    inputs_changed = Signal()

    def __init__(self, setting: Setting, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        setting = self.setting = spoken_setting(setting)
        self._context = context
        self._reasons: Sequence[str] = ()
        self._shown_reason: str | None = None
        self.editor: Editor = make_editor(setting, context, self)
        self._native = self.editor
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(3)
        self._layout.addLayout(self._make_head())
        if not self.editor.has_title:
            self._layout.addWidget(self.editor)
        self.help = _text_label(setting.meaning, "small", self)
        self.help.setVisible(bool(setting.meaning))
        self._layout.addWidget(self.help)
        self.reason = _text_label("", "error", self)
        self.reason.hide()
        self._layout.addWidget(self.reason)
        self.setWhatsThis(self._explanation())
        self._adopt(self.editor)
        self._show_state()

    def _explanation(self) -> str:
        """What it is for, for Shift+F1: its meaning and its default."""
        words = [f"<b>{escape(self.setting.title)}</b>"]
        if self.setting.meaning:
            words.append(escape(self.setting.meaning))
        if default := shown_default(self.setting):
            words.append(self.tr("Default: {0}").format(escape(default)))
        return "<p>".join(words)

    @property
    def value(self) -> Any:
        """What is given, or UNSET."""
        return self.editor.value()

    @property
    def is_valid(self) -> bool:
        """Whether nothing is known to be wrong with it."""
        return self._shown_reason is None

    @property
    def is_readable(self) -> bool:
        """Whether what is typed is a value at all."""
        return self.editor.problem() is None

    @property
    def own_reason(self) -> str | None:
        """Why its value does not fit the setting, whatever others say of it."""
        return self.editor.problem() or check_setting(self.setting, self.editor.value(), self._context.parameters())

    def set_value(self, value: Any) -> None:
        """Show a value, without a signal. One that is shown already is left alone, with the cursor in it."""
        if self.editor.problem() is not None or not is_same(self.editor.value(), value):
            self._use(self._suited(value))
            self.editor.set_value(value)
        self._show_state()

    def set_reasons(self, reasons: Sequence[str]) -> None:
        """Say what others found wrong with it, as sentences."""
        self._reasons = reasons
        self._show_state()

    def set_note(self, note: str) -> None:
        """Say something else in the place of its meaning."""
        self.help.setText(note or self.setting.meaning)
        set_look(self.help, "note" if note else "small")

    def refresh(self) -> None:
        """Look again whether the value fits: the parameters may have changed."""
        self._show_state()

    def reset(self) -> None:
        """Go back to the default, as a person would."""
        self._give(UNSET)

    def open_menu(self) -> None:
        """Open the menu of what else can be done, if there is anything."""
        if not self.menu_button.isHidden():
            self.menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))

    def use_text(self) -> None:
        """Edit the value as text of YAML from now on."""
        value = self.editor.value()
        self._use(ValueEditor(self.setting, self._context, self))
        self.editor.set_value(value)
        self.editor.setFocus()

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(4)
        self.title = QLabel(self.setting.title, self)
        self.title.setVisible(not self.editor.has_title)
        self.title.setToolTip(self._tooltip())
        self._mark = QLabel("•", self)
        set_look(self._mark, "accent")
        self._mark.setToolTip(self.tr("Differs from the default"))
        policy = self._mark.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.menu_button = QToolButton(self)
        self.menu_button.setIcon(icon("more", role="muted"))
        self.menu_button.setAccessibleName(self.tr("More for {0}").format(self.setting.title))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setProperty("look", "menu")
        self.menu = QMenu(self.menu_button)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.menu_button.setMenu(self.menu)
        self.menu_button.setToolTip(self.tr("More (Ctrl+.)"))
        shortcut = QShortcut(QKeySequence(self.tr("Ctrl+.")), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.open_menu)
        self.reset_button = QToolButton(self)
        self.reset_button.setIcon(icon("reset", role="muted"))
        default = shown_default(self.setting)
        self.reset_button.setToolTip(
            self.tr("Reset to the default ({0})").format(default) if default else self.tr("Reset to the default")
        )
        self.reset_button.setAccessibleName(self.tr("Reset {0}").format(self.setting.title))
        self.reset_button.clicked.connect(self.reset)
        for button in (self.menu_button, self.reset_button):
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
            # The Tab key goes from input to input; the menu, which can reset as well, has a key of its own.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head.addWidget(self.title)
        if self.editor.has_title:
            head.addWidget(self.editor)
        head.addWidget(self._mark)
        head.addStretch(1)
        head.addWidget(self.reset_button)
        head.addWidget(self.menu_button)
        return head

    def _adopt(self, editor: Editor) -> None:
        editor.edited.connect(self._on_edited)
        editor.inputs_changed.connect(self.inputs_changed)
        editor.set_accessible(self.setting.title, self.setting.meaning)
        editor.setToolTip(self._tooltip())
        self.title.setBuddy(editor.inputs()[0])
        self.setFocusProxy(editor)

    def _suited(self, value: Any) -> Editor:
        """The editor that can show a value."""
        if self._native.fits(value):
            return self._native
        return self.editor if isinstance(self.editor, ValueEditor) else ValueEditor(self.setting, self._context, self)

    def _use(self, editor: Editor) -> None:
        if editor is self.editor:
            return
        old, self.editor = self.editor, editor
        if old is not self._native:
            self._layout.removeWidget(old)
            old.deleteLater()
        old.hide()
        if editor is not self._native:
            self._layout.insertWidget(1, editor)
            self._adopt(editor)
        else:
            self.title.setBuddy(editor.inputs()[0])
            self.setFocusProxy(editor)
        editor.show()
        self.inputs_changed.emit()
        self.title.setVisible(not editor.has_title)

    def _give(self, value: Any) -> None:
        """Set a value as a person would."""
        self._use(self._suited(value))
        self.editor.set_value(value)
        self._on_edited()

    def _on_edited(self) -> None:
        self._reasons = ()
        self._show_state()
        self.edited.emit(self.setting.name, self.editor.value())

    def _show_state(self) -> None:
        is_given = self.editor.value() is not UNSET
        self._mark.setVisible(is_given and not self.setting.required)
        self.reset_button.setVisible(is_given and not self.setting.required)
        self.menu_button.setVisible(self.setting.parameters or self.editor.empty_value() is not UNSET)
        own = self.own_reason
        reason = own or (" ".join(self._reasons) or None)
        was_valid = self.is_valid
        self._shown_reason = reason
        self.reason.setText(sentence(reason) if reason else "")
        self.reason.setVisible(reason is not None)
        self.help.setVisible(bool(self.setting.meaning) and reason is None)
        self.editor.set_invalid(reason is not None)
        if was_valid != self.is_valid:
            self.validity_changed.emit()

    def _fill_menu(self) -> None:
        self.menu.clear()
        if self.setting.parameters:
            names = list(self._context.parameters())
            below = self.menu.addMenu(icon("link"), self.tr("Use a parameter"))
            below.setEnabled(bool(names))
            for name in names:
                below.addAction(f"${{{name}}}", lambda name=name: self._give(f"${{{name}}}"))
            if not isinstance(self._native, ValueEditor):
                if isinstance(self.editor, ValueEditor):
                    self.menu.addAction(icon("edit"), self.tr("Edit in the form"), self._use_native)
                else:
                    self.menu.addAction(icon("code"), self.tr("Edit as text"), self.use_text)
        empty = self.editor.empty_value()
        if empty is not UNSET:
            self.menu.addAction(icon("minus"), self.tr("Leave empty"), lambda: self._give(empty))
        self.menu.addSeparator()
        reset = self.menu.addAction(icon("reset"), self.tr("Reset to the default"), self.reset)
        reset.setEnabled(self.editor.value() is not UNSET)

    def _use_native(self) -> None:
        """Leave the text; a value that the form cannot show is lost."""
        value = self.editor.value()
        self._give(value if self._native.fits(value) else UNSET)

    def _tooltip(self) -> str:
        default = shown_default(self.setting)
        lines = [self.setting.meaning, self.tr("Default: {0}").format(default) if default else ""]
        return "\n".join(line for line in [*lines, self.setting.name] if line)


def is_same(first: Any, second: Any) -> bool:
    """Whether two values are the same to the last: 1, 1.0 and true are not."""
    return type(first) is type(second) and first == second


def _text_label(text: str, look: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_look(label, look)
    return label
