"""Writes connections."""

from __future__ import annotations

from engine.database.tables import ConnectionRow
from engine.database.tables.port import IN, OUT
from engine.model.flow import Connection
from engine.stores import row as rows
from engine.stores.bulk import Row, delete_rows, insert_rows, update_rows
from engine.stores.edit import Nets, added, kept, removed
from engine.stores.scope import Scope
from engine.stores.wiring import End

_KEYS = ("definition_id", "source_step", "source_port", "target_step", "target_port")


class ConnectionWriter:
    """Adds, changes and removes connections. Every method raises IntegrityError when a rule would be broken."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def delete(self, nets: Nets[Connection]) -> None:
        """Delete connections."""
        gone = [
            {**rows.connection_row(connection), "definition_id": key} for key, connection in self._scope.located(removed(nets))
        ]
        ends = [{name: row[name] for name in _KEYS} for row in gone]
        delete_rows(self._scope.transaction, ConnectionRow, _KEYS, ends, _name)

    def write(self, nets: Nets[Connection]) -> None:
        """Update the connections that stay and insert the new ones."""
        scope = self._scope
        staying = kept(nets)
        afters = [rows.connection_row(each.after) for each in staying.values() if each.after is not None]
        update_rows(scope.transaction, ConnectionRow, _KEYS, scope.changed(ConnectionRow, staying, afters), _name)
        located = scope.located(added(nets))
        new = scope.appended(ConnectionRow, ((key, rows.connection_row(connection)) for key, connection in located))
        scope.wiring.join((_name(row), _end(row, "source", OUT), _end(row, "target", IN)) for row in new)
        insert_rows(scope.transaction, ConnectionRow, new, _name)


def _end(row: Row, side: str, direction: str) -> End:
    return row["definition_id"], row[f"{side}_step"], row[f"{side}_port"], direction


def _name(row: Row) -> str:
    source = rows.join_end(row["source_step"], row["source_port"])
    return f"connection '{source}->{rows.join_end(row['target_step'], row['target_port'])}'"
