"""All editors there are; importing this makes them known to `make_editor`."""

from __future__ import annotations

from app.form.choice_editor import BooleanEditor, ChoiceEditor, SuggestionEditor
from app.form.color_editor import ColorEditor
from app.form.group_editor import EitherEditor, GroupEditor
from app.form.groups_editor import GroupsEditor
from app.form.line_editor import LineEditor
from app.form.path_editor import PathEditor
from app.form.rows_editor import RowsEditor
from app.form.schedule_editor import ScheduleEditor
from app.form.text_editor import LongTextEditor, ValueEditor

__all__ = [
    "BooleanEditor",
    "ChoiceEditor",
    "ColorEditor",
    "EitherEditor",
    "GroupEditor",
    "GroupsEditor",
    "LineEditor",
    "LongTextEditor",
    "PathEditor",
    "RowsEditor",
    "ScheduleEditor",
    "SuggestionEditor",
    "ValueEditor",
]
