"""The flow database, for commands: flows in and out."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct, structs

from engine.client.place import user
from engine.database.session import open_database
from engine.errors import NotFound
from engine.model.apply import diff
from engine.model.flow import Flow
from engine.stores.flows import FlowStore


class Stored(Struct, frozen=True):
    """What storing a flow has done: its name and revision, and how many parts differ from before; None: it is new."""

    name: str
    revision: int
    changes: int | None


@contextmanager
def flow_store() -> Generator[FlowStore]:
    """The flows of the database that the settings name."""
    database = open_database()
    try:
        yield FlowStore(database)
    finally:
        database.close()


def import_flow(flow: Flow, name: str | None = None) -> Stored:
    """Store a flow, under another name if one is given; a stored flow of that name becomes equal to it.

    Raises:
        PyfiError: the database refuses.
    """
    if name is not None:
        flow = structs.replace(flow, header=structs.replace(flow.header, name=name))
    with flow_store() as store:
        try:
            before = store.load(flow.name)[0]
        except NotFound:
            before = None
        stored = store.import_flow(flow, user())
    return Stored(stored.name, stored.revision, None if before is None else len(diff(before, flow)))


def export_flow(name: str) -> Flow:
    """A stored flow.

    Raises:
        NotFound: there is none of that name.
    """
    with flow_store() as store:
        return store.export(name)


def records(store: str, method: str) -> list[Any]:
    """What a method of one of the stores (`deployments`, `nodes`, `users`) lists."""
    from engine.stores.deployments import DeploymentStore
    from engine.stores.nodes import NodeStore
    from engine.stores.users import UserStore

    kinds = {"deployments": DeploymentStore, "nodes": NodeStore, "users": UserStore}
    database = open_database()
    try:
        return getattr(kinds[store](database), method)()
    finally:
        database.close()
