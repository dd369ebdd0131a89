"""The parts of a flow, frozen: an edit makes a new part, never changes one.

Durations are seconds, sizes are bytes, positions are canvas pixels. How parts look in a file is the codec's matter.

Parts are trees: nothing in one leads back to it. So Python's garbage collector need not look at them (`gc=False`), which it
would do again and again while a large flow is loaded.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

CODE_TYPES = ("python", "node", "bash")
"""The types whose behaviour is the user's own code; every other type is built in."""

Position = tuple[float, float]


class Retry(Struct, frozen=True, gc=False):
    """What happens to a message whose call raised: `attempts` more tries, `penalty_s` apart."""

    attempts: int = 0
    penalty_s: float = 30.0


class Schedule(Struct, frozen=True, gc=False):
    """When a processor runs: `once`, at `cron` times, or every `every_s` seconds (0: whenever there is input).

    None of the three set is the default: a source runs once, any other processor whenever there is input.
    """

    every_s: float | None = None
    cron: str | None = None
    once: bool = False


class Replicas(Struct, frozen=True, gc=False):
    """How many copies of a stage a cluster may run."""

    min: int = 1
    max: int = 1


class Git(Struct, frozen=True, gc=False):
    """Code taken from a git commit: `module` (dotted) of `repo` at `commit`."""

    repo: str
    commit: str
    module: str
    requirements: str | None = None


class Sample(Struct, frozen=True, gc=False):
    """A stored test of a processor: `content` in, `expect` (port to contents) out."""

    content: Any
    attributes: dict[str, str] = {}
    port: str = "in"
    expect: dict[str, list[Any]] | None = None
    name: str = ""


class Processor(Struct, frozen=True, kw_only=True, gc=False):
    """A step: user code or a built-in type, with its settings.

    `inputs` and `outputs` are None where the type's own ports hold. `auto_terminate` lists the outputs dropped on purpose.
    """

    id: str
    type: str
    name: str = ""
    config: dict[str, Any] = {}
    code: str | None = None
    git: Git | None = None
    function: str | None = None
    inputs: tuple[str, ...] | None = None
    outputs: tuple[str, ...] | None = None
    auto_terminate: tuple[str, ...] = ()
    concurrency: int = 1
    schedule: Schedule = Schedule()
    retry: Retry = Retry()
    timeout_s: float = 60.0
    batch: bool = False
    mode: Literal["message", "lines"] = "message"
    memory_bytes: int = 512_000_000
    replicas: Replicas = Replicas()
    requires: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    python: str | None = None
    """Which version of Python runs it, such as `3.12`; None: the flow's, or PYFI's own."""
    secrets: tuple[str, ...] = ()
    state: str | None = None
    enabled: bool = True
    notes: str = ""
    color: str | None = None
    tests: tuple[Sample, ...] = ()
    position: Position | None = None
    layer: int = 0
    """Layout, as the position is: what has a higher layer lies over what has a lower."""


class Subflow(Struct, frozen=True, kw_only=True, gc=False):
    """A use of a definition (`flow` names it) as a step of another flow.

    `expanded` is layout, as the position is: the canvas draws it as a frame with what is inside, not as a card.
    """

    id: str
    flow: str
    name: str = ""
    parameters: dict[str, Any] = {}
    auto_terminate: tuple[str, ...] = ()
    enabled: bool = True
    notes: str = ""
    color: str | None = None
    position: Position | None = None
    expanded: bool = False
    layer: int = 0


class Limit(Struct, frozen=True, gc=False):
    """Back-pressure: the queue's feeder pauses when either number is reached; 0 switches one off."""

    messages: int = 10_000
    size_bytes: int = 1_000_000_000


class Connection(Struct, frozen=True, kw_only=True, gc=False):
    """An output port joined to an input port, with the policy of the durable queue between them.

    `source` and `target` are `processor.port`; inside a subflow a bare name is one of the subflow's own ports.
    """

    source: str
    target: str
    name: str = ""
    limit: Limit = Limit()
    expire_s: float = 0.0
    priority: str = "fifo"
    breakpoint: bool = False
    fuse: bool = True
    bends: tuple[Position, ...] = ()
    layer: int = 0
    color: str | None = None
    label_at: float | None = None
    """Layout, as the bends are: at which part of its way (0 to 1) its label is; None: wherever there is room."""

    @property
    def id(self) -> str:
        """`a.p->b.q`: also the connection's key in summaries and the ledger."""
        return f"{self.source}->{self.target}"


class Label(Struct, frozen=True, kw_only=True, gc=False):
    """A note on the canvas, in Markdown."""

    id: str
    text: str = ""
    position: Position | None = None
    size: Position | None = None
    color: str | None = None


class Parameter(Struct, frozen=True, gc=False):
    """A named value that settings refer to as `${name}`."""

    name: str
    value: Any = None


class Header(Struct, frozen=True, kw_only=True, gc=False):
    """What a flow or definition says of itself: its name, its own ports (a subflow's), notes, what its Python code needs."""

    name: str
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    notes: str = ""
    requirements: tuple[str, ...] = ()
    """Packages that all its Python processors have, beside their own; also those of its subflows."""
    python: str | None = None


Part = Processor | Subflow | Connection | Label | Parameter | Header


class Flow(Struct, frozen=True, kw_only=True, gc=False):
    """A named graph.

    `steps` holds processors and subflows in file order, by id; `connections` by `Connection.id`; `definitions` the flows used
    as subflows, by name, visible from here downwards. The mappings are never changed in place.
    """

    header: Header
    parameters: dict[str, Any] = {}
    steps: dict[str, Processor | Subflow] = {}
    connections: dict[str, Connection] = {}
    labels: dict[str, Label] = {}
    definitions: dict[str, Flow] = {}

    @property
    def name(self) -> str:
        """The flow's name, from its header."""
        return self.header.name
