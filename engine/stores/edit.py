"""Edit, what a list of Changes comes to: per part, how it was before all of them and how it is after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import Struct

from engine.errors import IntegrityError
from engine.model.apply import HEADER_KEY, key_of, split_key
from engine.model.change import Change
from engine.model.flow import Connection, Header, Label, Parameter, Part, Processor, Subflow

Path = tuple[str, ...]
"""Names of definitions, outermost first; () is the flow itself."""
Step = Processor | Subflow
Kind = TypeVar("Kind", bound=Part)


class Place(NamedTuple):
    """Where a part is: the definition that holds it, and its key there. A header is in the definition that it describes."""

    path: Path
    key: str

    def __str__(self) -> str:
        return "/".join((*self.path, self.key))


ROOT = Place((), HEADER_KEY)
"""The place of the flow's own header."""


class Net(Struct, Generic[Kind]):
    """A part before and after all changes. `last` says that it was absent in between, and so comes last in its order now."""

    before: Kind | None
    after: Kind | None
    last: bool = False


Nets = dict[Place, Net[Kind]]


class Edit(Struct):
    """Net changes by kind of part, each in the order in which the parts took their last place."""

    headers: Nets[Header] = {}
    steps: Nets[Step] = {}
    connections: Nets[Connection] = {}
    labels: Nets[Label] = {}
    parameters: Nets[Parameter] = {}


def net(changes: Iterable[Change]) -> Edit:
    """What the changes come to.

    Raises:
        IntegrityError: they contradict each other, or a part goes by another id than its own.
    """
    edit = Edit()
    for change in changes:
        part = change.after or change.before
        if part is None:
            continue
        place = Place(*split_key(change.id))
        for each in (change.before, change.after):
            if each is not None and key_of(each) != place.key:
                raise IntegrityError(
                    f"the change of '{change.id}' holds '{key_of(each)}': ids never change, and hold only letters, digits, -, _"
                )
        _add(_nets(edit, part), place, change)
    for nets in (edit.headers, edit.steps, edit.connections, edit.labels, edit.parameters):
        _forget_passing(nets)
    return edit


def _nets(edit: Edit, part: Part) -> Nets[Any]:
    if isinstance(part, (Processor, Subflow)):
        return edit.steps
    if isinstance(part, Connection):
        return edit.connections
    if isinstance(part, Label):
        return edit.labels
    return edit.parameters if isinstance(part, Parameter) else edit.headers


def _add(nets: Nets[Any], place: Place, change: Change) -> None:
    known = nets.get(place)
    if known is None:
        nets[place] = Net(change.before, change.after, last=change.before is None)
        return
    if (known.after is None) is not (change.before is None):
        state = "is there" if known.after is not None else "is gone"
        raise IntegrityError(f"the changes contradict each other: '{place}' {state} when one of them takes it for the opposite")
    if known.after is None:
        known.last = True
        nets[place] = nets.pop(place)  # it comes last now
    known.after = change.after


def _forget_passing(nets: Nets[Any]) -> None:
    """Drop parts that came and went."""
    for place in [place for place, each in nets.items() if each.before is None and each.after is None]:
        del nets[place]


def added(nets: Nets[Kind]) -> dict[Place, Kind]:
    """Parts that were not there before."""
    return {place: each.after for place, each in nets.items() if each.before is None and each.after is not None}


def removed(nets: Nets[Kind]) -> dict[Place, Kind]:
    """Parts that are not there any more."""
    return {place: each.before for place, each in nets.items() if each.after is None and each.before is not None}


def kept(nets: Nets[Kind]) -> Nets[Kind]:
    """Parts that were there and still are."""
    return {place: each for place, each in nets.items() if each.before is not None and each.after is not None}
