"""The kinds of things that can be listed and shown: flows, processors, types, nodes, queues ..."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins

from engine.client.flow import Opened, open_flow
from engine.client.place import workspace_folder
from engine.errors import NotFound, UsageError
from engine.ledger.url import open_ledger
from engine.model.flow import Flow, Processor
from engine.model.problem import did_you_mean, listed, shown
from engine.model.scope import Scope
from engine.runtime.workspace import Workspace
from engine.targets import LOCAL

Row = dict[str, Any]


class Filter(Struct, frozen=True):
    """What to list: of one flow (a file or a stored flow's name), in one workspace or on one cluster."""

    flow: str | None = None
    workspace: Path | None = None
    target: str = ""


class Kind(Struct, frozen=True):
    """One kind. `rows` gives its things as mappings with the same keys; `name` is the key by which one of them is found."""

    rows: Callable[[Filter], Iterable[Row]]
    name: str = "name"


def rows_of(kind: str, which: Filter) -> list[Row]:
    """Every thing of a kind.

    Raises:
        UsageError: there is no such kind.
    """
    plural = kind_name(kind)
    if which.target and plural != "calls":
        from engine.client.cluster_kind import rows

        return rows(plural, which.target, which.flow)
    return list(KINDS[plural].rows(which))


def find(kind: str, name: str, which: Filter) -> Row:
    """One thing of a kind, by its name.

    Raises:
        UsageError: there is no such kind.
        NotFound: there is no such thing, or there are several.
    """
    plural = kind_name(kind)
    key = KINDS[plural].name
    rows = rows_of(plural, which)
    # A processor's name may be given behind its flow's: `triage.parse`.
    found = [row for row in rows if name in (row[key], f"{row.get('flow', '')}.{row[key]}")]
    if len(found) == 1:
        return found[0]
    if found:
        flows = listed(sorted({str(row.get("flow") or row.get("target")) for row in found}))
        raise NotFound(f"several {plural} are called {shown(name)}, in {flows}; give one with --flow")
    cure = did_you_mean(name, (str(row[key]) for row in rows)) or f"; `pyfi ls {plural}` shows those there are"
    raise NotFound(f"there is nothing called {shown(name)} among the {plural}{cure}")


def kind_name(kind: str) -> str:
    """A kind as it is called in KINDS, from its singular or plural.

    Raises:
        UsageError: there is no such kind.
    """
    for name in (kind, f"{kind}s"):
        if name in KINDS:
            return name
    cure = did_you_mean(kind, KINDS) or f"; it can be {', '.join(KINDS)}"
    raise UsageError(f"there is no kind of thing called {shown(kind)}{cure}")


def opened_flows(which: Filter) -> Iterator[Opened]:
    """The flow that is asked for, otherwise every stored one."""
    if which.flow is not None:
        yield open_flow(which.flow)
        return
    from engine.client.store import flow_store

    with flow_store() as store:
        for stored in store.list():
            yield Opened(store.export(stored.name), Path.cwd(), stored.name)


def _flows(which: Filter) -> Iterator[Row]:
    from engine.client.store import flow_store

    with flow_store() as store:
        counts = store.count_processors()
        for stored in store.list():
            yield {
                "name": stored.name,
                "revision": stored.revision,
                "processors": counts.get(stored.id, 0),
                "updated": _time(stored.updated_at),
                "by": stored.updated_by,
            }


def _processors(which: Filter) -> Iterator[Row]:
    for flow, prefix in _levels(which):
        for step in flow[1].steps.values():
            if isinstance(step, Processor):
                yield {"flow": flow[0], "id": prefix + step.id, "type": step.type, "name": step.name, "enabled": step.enabled}


def _connections(which: Filter) -> Iterator[Row]:
    for flow, prefix in _levels(which):
        for connection in flow[1].connections.values():
            yield {
                "flow": flow[0],
                "id": prefix + connection.id,
                "limit": connection.limit.messages,
                "priority": connection.priority,
                "expire_s": connection.expire_s,
            }


def _sockets(which: Filter) -> Iterator[Row]:
    """Every input of a processor, by the original PYFI's word for where data goes in."""
    from engine.model.ports import input_ports
    from engine.processors.registry import catalog

    for opened in opened_flows(which):
        for scope in Scope(opened.flow).walk():
            for step in scope.flow.steps.values():
                for port in input_ports(step, scope, catalog()) if isinstance(step, Processor) else ():
                    yield {"flow": opened.flow.name, "id": f"{scope.prefix}{step.id}", "port": port}


def _levels(which: Filter) -> Iterator[tuple[tuple[str, Flow], str]]:
    """Every flow with its definitions: (the flow's name, the level), and what the level's ids begin with."""
    for opened in opened_flows(which):
        for scope in Scope(opened.flow).walk():
            yield (opened.flow.name, scope.flow), scope.prefix


def _patterns(which: Filter) -> Iterator[Row]:
    from engine.client.pattern import patterns

    for each in patterns():
        yield {
            "name": each.name,
            "inputs": ", ".join(each.inputs),
            "outputs": ", ".join(each.outputs),
            "tags": ", ".join(each.tags),
            "description": each.description.partition("\n")[0],
            "problem": each.problem,
            "file": str(each.path),
        }


def _types(which: Filter) -> Iterator[Row]:
    from engine.client.processor_type import describe_types

    for each in describe_types():
        yield {"name": each.name, "category": each.category, "summary": each.summary}


def _stored(store: str, method: str) -> Callable[[Filter], Iterator[Row]]:
    """Rows of the flow database: what `method` of a store gives."""

    def rows(which: Filter) -> Iterator[Row]:
        from engine.client.store import records

        for record in records(store, method):
            yield {key: _plain(value) for key, value in to_builtins(record, builtin_types=(dt.datetime,)).items()}

    return rows


def _deployments(which: Filter) -> Iterator[Row]:
    """What runs by the database's word, and what has run in the workspace of this machine."""
    from engine.client.store import records

    for each in records("deployments", "list"):
        yield {
            "name": each.name,
            "target": each.target,
            "state": each.desired,
            "flow": each.flow_name,
            "revision": str(each.revision),
            "updated": _time(each.updated_at),
        }
    for name, facts in local_runs(workspace_folder(which.workspace)).items():
        started = dt.datetime.fromtimestamp(facts["started"], dt.UTC) if "started" in facts else None
        yield {
            "name": facts.get("flow", name),
            "target": "local",
            "state": "finished" if facts.get("state") == "finished" else "unfinished",
            "flow": name,
            "revision": str(facts.get("revision", ""))[:12],
            "updated": _time(started) if started is not None else "",
        }


def local_runs(folder: Path | None) -> dict[str, dict[str, Any]]:
    """What is known of every flow file that has run in a workspace, by its path."""
    workspace = Workspace(folder)
    if not (workspace.folder / "ledger.db").exists():
        return {}
    with contextlib.closing(open_ledger(workspace.ledger_url)) as ledger:
        return {name: ledger.facts(number) for name, number in ledger.deployments().items()}


def _queues(which: Filter) -> Iterator[Row]:
    from engine.client.queues import open_queues

    with open_queues(which.workspace, target=which.target) as queues:
        for queue in queues.list(which.flow or ""):
            yield {"flow": queue.flow, "id": queue.key, "kind": queue.kind, "messages": queue.messages, "bytes": queue.bytes}


def _calls(which: Filter) -> Iterator[Row]:
    import asyncio

    from engine.client.call import graph_text
    from engine.client.gates import list_calls

    for call in asyncio.run(list_calls(which.workspace, which.target or LOCAL)):
        yield {
            "id": call.id,
            "state": call.state,
            "flow": call.flow,
            "steps": graph_text(call.graph) if call.graph is not None else "",
            "made": _moment(call.since_ms),
            "answered": _moment(call.at_ms),
            "bytes": call.size,
        }


def _moment(at_ms: int) -> str:
    return _time(dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)) if at_ms else ""


def _plain(value: Any) -> Any:
    return _time(value) if isinstance(value, dt.datetime) else value


def _time(value: dt.datetime) -> str:
    return value.isoformat(timespec="seconds")


KINDS: Mapping[str, Kind] = {
    "flows": Kind(_flows),
    "processors": Kind(_processors, "id"),
    "connections": Kind(_connections, "id"),
    "sockets": Kind(_sockets, "id"),
    "plugs": Kind(_connections, "id"),
    "types": Kind(_types),
    "patterns": Kind(_patterns),
    "queues": Kind(_queues, "id"),
    "calls": Kind(_calls, "id"),
    "deployments": Kind(_deployments),
    "nodes": Kind(_stored("nodes", "nodes")),
    "agents": Kind(_stored("nodes", "agents")),
    "workers": Kind(_stored("nodes", "workers")),
    "tasks": Kind(_stored("nodes", "tasks"), "id"),
    "users": Kind(_stored("users", "list")),
    "roles": Kind(_stored("users", "roles")),
}
"""By plural. `sockets` and `plugs` are the original PYFI's words for inputs and connections."""
