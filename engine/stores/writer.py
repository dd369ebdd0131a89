"""Writes an Edit of a stored flow: only the rows of the parts that it names."""

from __future__ import annotations

from engine.stores.connection_writer import ConnectionWriter
from engine.stores.definition_writer import DefinitionWriter
from engine.stores.edit import Edit
from engine.stores.note_writer import write_notes
from engine.stores.scope import Scope
from engine.stores.step_writer import StepWriter


def write_edit(scope: Scope, edit: Edit) -> None:
    """Store what an edit comes to. Rows come and go in the order that the foreign keys ask for, whatever the order of Changes.

    Raises:
        IntegrityError: the edit would break a rule; names the part and the cure.
    """
    definitions = DefinitionWriter(scope)
    connections = ConnectionWriter(scope)
    steps = StepWriter(scope)
    definitions.settle(edit.headers)
    connections.delete(edit.connections)
    steps.delete(edit.steps)
    steps.change(edit.steps)
    steps.add(edit.steps)
    definitions.connect(edit.headers)
    connections.write(edit.connections)
    write_notes(scope, edit)
    definitions.delete()
