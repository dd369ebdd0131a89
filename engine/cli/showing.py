"""One thing, shown whole: a processor type, a flow, a processor, or any row of a list."""

from __future__ import annotations

from msgspec import to_builtins

from engine.cli.terminal import cell, print_json, print_tables, print_text, table
from engine.client.flow import flow_tree, open_flow, part_text, part_tree
from engine.client.kind import Filter, find, opened_flows
from engine.client.processor_type import describe_type
from engine.errors import NotFound
from engine.model.flow import Processor
from engine.model.scope import Scope


def show_type(name: str, *, as_json: bool) -> None:
    """Show a processor type with its settings."""
    found = describe_type(name)
    if as_json:
        print_json(to_builtins(found))
        return
    print(f"{found.name}: {found.summary}\n")
    print(f"category  {found.category}")
    print(f"inputs    {', '.join(found.inputs) or '-'}")
    print(f"outputs   {', '.join(found.outputs) or 'named in its settings'}")
    if found.manual:
        print(f"manual    {found.manual}")
    if found.settings:
        print()
        rows = [
            (each.name, each.type, "required" if each.default is None else each.default, each.meaning)
            for each in found.settings
        ]
        print_tables(table(("setting", "type", "default", "meaning"), rows))


def show_flow(name: str, *, as_json: bool) -> None:
    """Show a stored flow, or one in a file: its parameters, processors and connections."""
    opened = open_flow(name)
    flow = opened.flow
    if as_json:
        print_json(flow_tree(flow))
        return
    print(flow.name)
    if flow.header.notes:
        print(flow.header.notes)
    for parameter, value in flow.parameters.items():
        print(f"parameter {parameter} = {cell(value)}")
    print()
    steps = [
        (step.id, step.type if isinstance(step, Processor) else f"subflow {step.flow}", step.name or "-", cell(step.enabled))
        for step in flow.steps.values()
    ]
    links = [(each.source, each.target, cell(each.limit.messages), each.priority) for each in flow.connections.values()]
    tables = [table(("processor", "type", "name", "enabled"), steps)]
    if links:
        tables.append(table(("from", "to", "limit", "priority"), links, numbers=("limit",)))
    print_tables(*tables)


def show_processor(name: str, which: Filter, *, as_json: bool) -> None:
    """Show a processor as its flow file has it, code and all."""
    row = find("processors", name, which)
    for opened in opened_flows(which):
        for scope in Scope(opened.flow).walk():
            for step in scope.flow.steps.values():
                if (opened.flow.name, f"{scope.prefix}{step.id}") == (row["flow"], row["id"]):
                    if as_json:
                        print_json({"flow": row["flow"], **part_tree(step)})
                    else:
                        print_text(part_text(step))
                    return
    raise NotFound(f"processor '{name}' has just been deleted")


def show_row(kind: str, name: str, which: Filter, *, as_json: bool) -> None:
    """Show everything that a list knows of one thing."""
    row = find(kind, name, which)
    if as_json:
        print_json(row)
    else:
        print_tables(table(("field", "value"), [(key, cell(value)) for key, value in row.items()]))
