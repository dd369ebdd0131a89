"""Writes what no other part refers to: labels and parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.database.tables import LabelRow, ParameterRow
from engine.model.flow import Label, Parameter
from engine.stores import row as rows
from engine.stores.bulk import Row, delete_rows, insert_rows, update_rows
from engine.stores.edit import Edit, Nets, added, kept, removed
from engine.stores.scope import Scope

Note = TypeVar("Note", Label, Parameter)


def write_notes(scope: Scope, edit: Edit) -> None:
    """Delete, update and insert labels and parameters.

    Raises:
        IntegrityError: one of them breaks a rule.
    """
    _write(scope, LabelRow, "id", edit.labels, rows.label_row)
    _write(scope, ParameterRow, "name", edit.parameters, rows.parameter_row)


def _write(
    scope: Scope, table: type[LabelRow | ParameterRow], key: str, nets: Nets[Note], to_row: Callable[[Note], Row]
) -> None:
    keys = ("definition_id", key)
    word = "label" if table is LabelRow else "parameter"

    def name(row: Row) -> str:
        return f"{word} '{row[key]}'"

    gone = [{"definition_id": owner, key: to_row(part)[key]} for owner, part in scope.located(removed(nets))]
    delete_rows(scope.transaction, table, keys, gone, name)
    staying = kept(nets)
    afters = [to_row(each.after) for each in staying.values() if each.after is not None]
    update_rows(scope.transaction, table, keys, scope.changed(table, staying, afters), name)
    new = ((owner, to_row(part)) for owner, part in scope.located(added(nets)))
    insert_rows(scope.transaction, table, scope.appended(table, new), name)
