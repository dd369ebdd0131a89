"""Pages with a form: of what every part has, and of what its type has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET
from PySide6.QtWidgets import QLabel, QWidget

from app.form.form import Form
from app.help.topic import section_of_part, set_topic, topic_of_type
from app.inspector.gesture import Gestures
from app.inspector.page import Page, about
from app.inspector.subject import Subject
from app.theme.style_sheet import set_look
from engine.client.part_setting import attribute_of, part_settings, part_values, read_value, reasons_by_setting
from engine.client.setting import Kind, Setting, title_of
from engine.client.type_setting import config_reasons, type_settings
from engine.model.flow import Part, Processor, Subflow

_OF_STEPS = ("color", "enabled", "schedule", "concurrency", "retry", "timeout", "memory", "secrets", "requires", "replicas")
_OF_CODE = ("batch", "mode")
_OF_CONNECTIONS = ("limit", "expire", "priority", "breakpoint", "fuse")
_SHARED = frozenset((*_OF_STEPS, *_OF_CODE, *_OF_CONNECTIONS))


class PartPage(Page):
    """Settings that parts of a kind have. With several parts, what they have in common, and each edit is made to all."""

    def __init__(
        self, subject: Subject, settings: Sequence[Setting], gestures: Gestures, parent: QWidget | None = None, margin: int = 14
    ) -> None:
        super().__init__(subject, gestures, parent)
        self._shown: dict[str, Any] | None = None
        self.form = Form(settings, None, self.context(), self)
        self.form.value_changed.connect(self._on_value_changed)
        self._column(self.form).setContentsMargins(margin, margin, margin, margin)
        self.refresh()

    def turn_to(self, subject: Subject) -> None:
        """Show another part; what was typed and not taken belongs to the one before."""
        self._shown = None
        super().turn_to(subject)

    def forms(self) -> list[Form]:
        """Its form."""
        return [self.form]

    def refresh(self) -> None:
        """Show the values; those in which the parts differ are said to."""
        parts = list(self.subject.parts().values())
        if not parts:
            return
        attributes = {name: attribute_of(type(parts[0]), name) for name in self.form.fields}
        differ = {name for name, attribute in attributes.items() if _differ(parts, attribute)}
        self.form.set_values({name: value for name, value in self._kept(parts[0]).items() if name not in differ})
        self.form.set_notes(dict.fromkeys(differ, self.tr("They differ; what you enter goes to all of them.")))
        self.set_reasons(self._reasons)
        for name, field in self.form.fields.items():
            set_topic(field, f"flow-file.md#{section_of_part(parts[0])}.{name}")

    def _kept(self, part: Part) -> dict[str, Any]:
        """The values to show: what was typed stays as long as the document says the same, or has not heard of it."""
        tree = part_values(part)
        before, self._shown = self._shown, tree
        kept = dict(tree)
        for name, field in self.form.fields.items():
            said = tree.get(name, UNSET)
            unheard = before is not None and before.get(name, UNSET) == said and not field.is_valid
            if unheard or (field.value is not UNSET and _is_same(type(part), name, field.value, said)):
                kept[name] = field.value
        return kept

    def set_reasons(self, reasons: Sequence[str]) -> None:
        """Say at each setting what is wrong with it."""
        super().set_reasons(reasons)
        found = reasons_by_setting(list(reasons), self.form.fields)
        self.form.set_reasons({name: [about(name, reason) for reason in found[name]] for name in found})

    def _on_value_changed(self, name: str, value: Any) -> None:
        field = self.form.field(name)
        if field.own_reason is not None:
            return  # a part cannot hold it; the field says why
        parts = self.subject.parts()
        try:
            given = {key: read_value(type(part), name, value) for key, part in parts.items()}
        except ValueError as error:
            field.set_reasons([str(error)])
            return
        for fields in given.values():
            if fields.get("git") is not None:  # it takes the place of code, as code does of it
                fields["code"] = None
        if given:
            self.configure(field.setting.title.lower(), next(iter(given.values())))


def _differ(parts: Sequence[Part], attribute: str) -> bool:
    first = getattr(parts[0], attribute)
    return any(getattr(part, attribute) != first for part in parts)


def _is_same(kind: type[Part], name: str, typed: Any, said: Any) -> bool:
    """Whether two ways of writing a value, such as `60` and `1m`, mean the same."""
    try:
        return read_value(kind, name, typed) == read_value(kind, name, said)
    except ValueError:
        return False


def shared_settings(parts: Sequence[Part]) -> list[Setting]:
    """The settings that several parts have in common and that make sense for all at once."""
    if len({type(part) for part in parts}) > 1 and not all(isinstance(part, Processor | Subflow) for part in parts):
        return []
    alike = {(type(part), getattr(part, "type", "")): part for part in parts}
    each = [{setting.name: setting for group in part_settings(part).values() for setting in group} for part in alike.values()]
    return [
        setting for name, setting in each[0].items() if name in _SHARED and all(other.get(name) == setting for other in each)
    ]


class ConfigPage(Page):
    """The settings of a processor's type, or the parameters of a subflow. What nobody knows can be taken out."""

    def __init__(self, subject: Subject, gestures: Gestures, parent: QWidget | None = None) -> None:
        super().__init__(subject, gestures, parent)
        self._layout = self._column()
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._none = QLabel(self)
        set_look(self._none, "muted")
        self._none.setWordWrap(True)
        self._layout.insertWidget(0, self._none)
        self._settings: list[Setting] = []
        self.form = Form([], None, self.context(), self)
        self._layout.insertWidget(1, self.form)
        self.refresh()

    def forms(self) -> list[Form]:
        """Its form."""
        return [self.form]

    def refresh(self) -> None:
        """Show the values, in another form if there are other settings."""
        part = self.subject.part()
        if not isinstance(part, Processor | Subflow):
            return
        settings = self._described(part)
        if settings != self._settings:
            self._replace_form(settings)
        self.form.set_values(self._given(part))
        self.form.refresh()
        self._none.setVisible(not settings and isinstance(part, Subflow))
        self._none.setText(self.tr("The flow '{0}' has no parameters.").format(getattr(part, "flow", "")))
        self.set_reasons(self._reasons)
        type = part.type if isinstance(part, Processor) else ""
        for name, field in self.form.fields.items():
            set_topic(field, topic_of_type(type, name) or f"flow-file.md#{section_of_part(part)}")

    def set_reasons(self, reasons: Sequence[str]) -> None:
        """Say at each setting what is wrong with it, also what is known before anybody looks at the whole flow."""
        super().set_reasons(reasons)
        part = self.subject.part()
        own = config_reasons(part.type, part.config, self.context().parameters()) if isinstance(part, Processor) else []
        found = reasons_by_setting(list(dict.fromkeys([*own, *reasons])), self.form.fields)
        self.form.set_reasons({name: [about(name, reason) for reason in found[name]] for name in found})

    def _replace_form(self, settings: list[Setting]) -> None:
        old = self.form
        self._settings = settings
        self.form = Form(settings, None, self.context(), self)
        self.form.value_changed.connect(self._on_value_changed)
        self._layout.replaceWidget(old, self.form)
        old.hide()
        old.deleteLater()

    def _described(self, part: Processor | Subflow) -> list[Setting]:
        if isinstance(part, Subflow):
            return self._parameters_of(part)
        known = list(type_settings(part.type))
        names = {setting.name for setting in known}
        return known + [_unknown(name, self.tr("Not a setting of this type.")) for name in part.config if name not in names]

    def _parameters_of(self, part: Subflow) -> list[Setting]:
        scope = self.subject.scope
        below = scope.find(part.flow) if scope is not None else None
        inside = below.flow.parameters if below is not None else {}
        known = [
            Setting(name=name, kind=Kind.ANY, title=name, meaning="", default=value, parameters=True)
            for name, value in inside.items()
        ]
        return known + [_unknown(name, self.tr("Not a parameter of it.")) for name in part.parameters if name not in inside]

    @staticmethod
    def _given(part: Processor | Subflow) -> dict[str, Any]:
        return part.parameters if isinstance(part, Subflow) else part.config

    def _on_value_changed(self, name: str, value: Any) -> None:
        part = self.subject.part()
        field = self.form.field(name)
        if not isinstance(part, Processor | Subflow) or not field.is_readable:
            return
        given = {key: old for key, old in self._given(part).items() if key != name or value is not UNSET}
        if value is not UNSET:
            given[name] = value
        attribute = "parameters" if isinstance(part, Subflow) else "config"
        self.configure(field.setting.title.lower(), {attribute: given})


def _unknown(name: str, meaning: str) -> Setting:
    return Setting(name=name, kind=Kind.ANY, title=title_of(name), meaning=meaning, parameters=True)
