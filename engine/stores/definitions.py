"""Definitions, the tree of a stored flow's graphs by the names that lead to them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from engine.database.tables import DefinitionRow
from engine.errors import IntegrityError
from engine.model.flow import Header
from engine.stores.edit import Path


class Definitions:
    """Which definition a path or a name means. The root, (), is the flow's own graph."""

    def __init__(self) -> None:
        self._ids: dict[Path, int] = {}
        self._headers: dict[int, Header] = {}
        self._gone: dict[Path, int] = {}

    @classmethod
    def read(cls, connection: Connection, flow_id: str, name: str) -> Definitions:
        """The definitions of a stored flow called `name`, each after its parent and in its order."""
        row = DefinitionRow
        query = (
            select(row.id, row.parent_id, row.name, row.inputs, row.outputs, row.notes, row.requirements, row.python)
            .where(row.flow_id == flow_id)
            .order_by(row.place, row.id)
        )
        below: dict[int | None, list[tuple[int, Header]]] = {}
        for key, parent, own_name, inputs, outputs, notes, requirements, python in connection.execute(query):
            header = Header(
                name=name if own_name is None else own_name,
                inputs=tuple(inputs),
                outputs=tuple(outputs),
                notes=notes,
                requirements=tuple(requirements),
                python=python,
            )
            below.setdefault(parent, []).append((key, header))
        found = cls()
        found._read_below(below, None, ())
        return found

    def _read_below(self, below: dict[int | None, list[tuple[int, Header]]], parent: int | None, path: Path) -> None:
        for key, header in below.get(parent, ()):
            own = path if parent is None else (*path, header.name)
            self.put(own, key, header)
            self._read_below(below, key, own)

    def put(self, path: Path, key: int, header: Header) -> None:
        """Note a definition, or its new header."""
        self._ids[path] = key
        self._headers[key] = header

    def drop(self, path: Path) -> list[int]:
        """Forget a definition and those inside it, and give their rows. `id_of` still knows them, for their parts."""
        gone = {each: key for each, key in self._ids.items() if each[: len(path)] == path}
        self._gone.update(gone)
        for each in gone:
            del self._ids[each]
        return list(gone.values())

    def __contains__(self, path: Path) -> bool:
        return path in self._ids

    def __iter__(self) -> Iterator[tuple[Path, int]]:
        return iter(self._ids.items())

    def id_of(self, path: Path) -> int:
        """The row of the definition at a path, also of one that was dropped.

        Raises:
            IntegrityError: there is none.
        """
        key = self._ids.get(path, self._gone.get(path))
        if key is None:
            raise IntegrityError(f"there is no definition '{'/'.join(path)}' in the flow")
        return key

    @property
    def root(self) -> Header:
        """The flow's own header."""
        return self._headers[self._ids[()]]

    def header_of(self, key: int) -> Header:
        """The header of a definition."""
        return self._headers[key]

    def resolve(self, path: Path, name: str) -> int | None:
        """The definition that `name` means inside the definition at `path`: the nearest one, from there upwards."""
        for depth in range(len(path), -1, -1):
            key = self._ids.get((*path[:depth], name))
            if key is not None:
                return key
        return None
