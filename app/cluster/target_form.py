"""TargetForm, the servers of a target as fields that say what is wrong while one types."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.theme.style_sheet import set_look, set_property
from engine.client.targets import Target, made, name_problem, url_problem, with_password, without_password

SERVERS = ("broker", "results", "bus", "database")


class TargetForm(QWidget):
    """Shows a target without its passwords: one stays as it is unless another is typed, or another server or user."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: Target | None = None
        self.fields: dict[str, QLineEdit] = {}
        self.reasons: dict[str, QLabel] = {}
        self.queues_box = QComboBox()
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(8)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._add("name", self.tr("Name"), "prod", self.tr("What you call it here and on the command line."))
        self._add(
            "broker",
            self.tr("Broker"),
            "amqp://user:password@host//",
            self.tr("RabbitMQ (amqp://), Redis (redis://) or Amazon SQS (sqs://): tells workers that there is work."),
        )
        self._add(
            "bus",
            self.tr("Bus"),
            "redis://:password@host/0",
            self.tr("Redis: carries the live figures and logs to this window."),
        )
        self._add(
            "database",
            self.tr("Database"),
            "postgresql://user:password@host/pyfi",
            self.tr("PostgreSQL: keeps flows, and every message until it is worked on."),
        )
        self._add(
            "results",
            self.tr("Results"),
            self.tr("the database"),
            self.tr("Where results of calls are kept: postgresql://, redis:// or s3://. Left empty: in the database."),
        )
        self._add(
            "shared",
            self.tr("Shared folders"),
            "/mnt/flows",
            self.tr("Folders that every node has in the same place, with a comma between them: files in them run anywhere."),
        )
        self.queues_box.addItem(self.tr("Classic"), "classic")
        self.queues_box.addItem(self.tr("Quorum (replicated)"), "quorum")
        self.queues_box.setAccessibleName(self.tr("Queues of RabbitMQ"))
        self.queues_box.setToolTip(self.tr("What RabbitMQ's queues are; other brokers have only one kind."))
        self.queues_box.currentIndexChanged.connect(lambda _: self.edited.emit())
        self._form.addRow(self.tr("RabbitMQ queues"), self.queues_box)

    def _add(self, role: str, title: str, example: str, meaning: str) -> None:
        field, reason = QLineEdit(), QLabel()
        field.setAccessibleName(title)
        field.setPlaceholderText(example)
        field.setToolTip(meaning)
        reason.setWordWrap(True)
        set_look(reason, "error")
        reason.hide()
        box = QVBoxLayout()
        box.setSpacing(2)
        box.addWidget(field)
        box.addWidget(reason)
        label = QLabel(title)
        label.setBuddy(field)
        label.setToolTip(meaning)
        self._form.addRow(label, box)
        self.fields[role], self.reasons[role] = field, reason
        field.textEdited.connect(lambda _: self._on_edited())

    def show_target(self, target: Target | None) -> None:
        """Show a target that is kept already; None: a new one."""
        self._known = target
        shown: Mapping[str, str] = {}
        if target is not None:
            urls = {role: without_password(url) if (url := getattr(target, role)) else "" for role in SERVERS}
            shown = {**urls, "name": target.name, "shared": ", ".join(target.shared)}
        for role, field in self.fields.items():
            field.setText(shown.get(role, ""))
            field.setCursorPosition(0)
        self.fields["name"].setReadOnly(target is not None)
        self.queues_box.setCurrentIndex(max(0, self.queues_box.findData(target.queues if target is not None else "classic")))
        self.check(complain=False)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not any(field.text().strip() for field in self.fields.values())

    def target(self) -> Target:
        """What was typed, with the passwords that were not shown. Ask `check` before whether it is right."""
        given = {role: self._typed(role) for role in SERVERS}
        shared = tuple(folder for each in self._typed("shared").split(",") if (folder := each.strip()))
        return made(self._typed("name"), {**given, "shared": shared, "queues": self.queues_box.currentData()})

    def check(self, *, complain: bool = True) -> bool:
        """Whether everything is right. What is not is said at its field; `complain` also of what was left empty."""
        is_right = True
        for role, field in self.fields.items():
            reason = self._reason(role)
            is_right &= not reason
            shown = reason if complain or field.text().strip() else ""
            self.reasons[role].setText(shown)
            self.reasons[role].setVisible(bool(shown))
            set_property(field, "invalid", bool(shown))
        return is_right

    def _typed(self, role: str) -> str:
        text = self.fields[role].text().strip()
        if role in SERVERS and self._known is not None:
            return with_password(text, getattr(self._known, role))
        return text

    def _reason(self, role: str) -> str:
        text = self._typed(role)
        if role == "name":
            return name_problem(text) if text else self.tr("A target needs a name.")
        if role == "shared":
            wrong = [each.strip() for each in text.split(",") if each.strip() and not each.strip().startswith("/")]
            return self.tr("“{}” must be an absolute path.").format(wrong[0]) if wrong else ""
        if not text and role != "results":
            return self.tr("Name its server.")
        reason = url_problem(role, text)
        return self.tr("It {}.").format(reason) if reason else ""

    def _on_edited(self) -> None:
        self.check(complain=False)
        self.edited.emit()
