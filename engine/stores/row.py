"""Parts as rows and rows as parts. Pure: no database here.

A row made here lacks its key's `definition_id` and its `place`, which only the database knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy.orm import InstrumentedAttribute

from engine.database.tables import ConnectionRow, LabelRow, ParameterRow, ProcessorRow, StepRow, SubflowRow
from engine.model.flow import (
    Connection,
    Git,
    Header,
    Label,
    Limit,
    Parameter,
    Position,
    Processor,
    Replicas,
    Retry,
    Sample,
    Schedule,
    Subflow,
)
from engine.model.ports import split_end
from engine.stores.record import write_struct

Row = dict[str, Any]
Frozen = TypeVar("Frozen", Retry, Replicas, Limit)
Columns = tuple[InstrumentedAttribute[Any], ...]

PROCESSOR = "processor"
SUBFLOW = "subflow"
BOUNDARY_KIND = "boundary"

_NO_RETRY, _NO_SCHEDULE, _ONE, _NO_LIMIT = Retry(), Schedule(), Replicas(), Limit()
"""Parts are frozen, so those with equal settings may share them: half of the objects of a large flow."""


def join_end(step: str, port: str) -> str:
    """A connection's end; the port of a boundary step, whose id is empty, is a bare name."""
    return f"{step}.{port}" if step else port


def kind_of(step: Processor | Subflow) -> str:
    """The step's kind, as rows call it."""
    return PROCESSOR if isinstance(step, Processor) else SUBFLOW


def step_row(step: Processor | Subflow) -> Row:
    """What processors and subflows share."""
    x, y = step.position or (None, None)
    return {
        "id": step.id,
        "kind": kind_of(step),
        "name": step.name,
        "auto_terminate": list(step.auto_terminate),
        "enabled": step.enabled,
        "notes": step.notes,
        "color": step.color,
        "x": x,
        "y": y,
        "layer": step.layer,
    }


def boundary_row() -> Row:
    """The step that owns a definition's own ports."""
    return {**step_row(Subflow(id="", flow="")), "kind": BOUNDARY_KIND}


def header_row(header: Header) -> Row:
    """What a definition says of itself, but for its name."""
    return {
        "inputs": list(header.inputs),
        "outputs": list(header.outputs),
        "notes": header.notes,
        "requirements": list(header.requirements),
        "python": header.python,
    }


def processor_row(processor: Processor) -> Row:
    """What only a processor has."""
    git, schedule, retry, replicas = processor.git, processor.schedule, processor.retry, processor.replicas
    return {
        "id": processor.id,
        "type": processor.type,
        "config": processor.config,
        "code": processor.code,
        "git_repo": git and git.repo,
        "git_commit": git and git.commit,
        "git_module": git and git.module,
        "git_requirements": git and git.requirements,
        "function": processor.function,
        "inputs": None if processor.inputs is None else list(processor.inputs),
        "outputs": None if processor.outputs is None else list(processor.outputs),
        "concurrency": processor.concurrency,
        "every_s": schedule.every_s,
        "cron": schedule.cron,
        "once": schedule.once,
        "retry_attempts": retry.attempts,
        "retry_penalty_s": retry.penalty_s,
        "timeout_s": processor.timeout_s,
        "batch": processor.batch,
        "mode": processor.mode,
        "memory_bytes": processor.memory_bytes,
        "replicas_min": replicas.min,
        "replicas_max": replicas.max,
        "requires": list(processor.requires),
        "requirements": list(processor.requirements),
        "python": processor.python,
        "secrets": list(processor.secrets),
        "state": processor.state,
        "tests": [write_struct(sample) for sample in processor.tests],
    }


def subflow_row(subflow: Subflow) -> Row:
    """What only a subflow has."""
    return {"id": subflow.id, "flow": subflow.flow, "parameters": subflow.parameters, "expanded": subflow.expanded}


def connection_row(connection: Connection) -> Row:
    """A connection."""
    source_step, source_port = split_end(connection.source)
    target_step, target_port = split_end(connection.target)
    return {
        "source_step": source_step,
        "source_port": source_port,
        "target_step": target_step,
        "target_port": target_port,
        "name": connection.name,
        "limit_messages": connection.limit.messages,
        "limit_bytes": connection.limit.size_bytes,
        "expire_s": connection.expire_s,
        "priority": connection.priority,
        "breakpoint": connection.breakpoint,
        "fuse": connection.fuse,
        "bends": [list(bend) for bend in connection.bends],
        "layer": connection.layer,
        "color": connection.color,
        "label_at": connection.label_at,
    }


def label_row(label: Label) -> Row:
    """A label."""
    x, y = label.position or (None, None)
    width, height = label.size or (None, None)
    return {"id": label.id, "text": label.text, "x": x, "y": y, "width": width, "height": height, "color": label.color}


def parameter_row(parameter: Parameter) -> Row:
    """A parameter."""
    return {"name": parameter.name, "value": parameter.value}


_S, _P, _U, _C, _L = StepRow, ProcessorRow, SubflowRow, ConnectionRow, LabelRow

STEP_COLUMNS: Columns = (_S.id, _S.name, _S.auto_terminate, _S.enabled, _S.notes, _S.color, _S.x, _S.y, _S.layer)
PROCESSOR_COLUMNS: Columns = (
    *STEP_COLUMNS,
    *(_P.type, _P.config, _P.code, _P.git_repo, _P.git_commit, _P.git_module, _P.git_requirements, _P.function),
    *(_P.inputs, _P.outputs, _P.concurrency, _P.every_s, _P.cron, _P.once, _P.retry_attempts, _P.retry_penalty_s),
    *(_P.timeout_s, _P.batch, _P.mode, _P.memory_bytes, _P.replicas_min, _P.replicas_max, _P.requires),
    *(_P.requirements, _P.python, _P.secrets, _P.state, _P.tests),
)
SUBFLOW_COLUMNS: Columns = (*STEP_COLUMNS, _U.flow, _U.parameters, _U.expanded)
CONNECTION_COLUMNS: Columns = (
    *(_C.source_step, _C.source_port, _C.target_step, _C.target_port, _C.name, _C.limit_messages, _C.limit_bytes),
    *(_C.expire_s, _C.priority, _C.breakpoint, _C.fuse, _C.bends, _C.layer, _C.color, _C.label_at),
)
LABEL_COLUMNS: Columns = (_L.id, _L.text, _L.x, _L.y, _L.width, _L.height, _L.color)
PARAMETER_COLUMNS: Columns = (ParameterRow.name, ParameterRow.value)

Read = Sequence[Any]
"""Values in the order of one of the lists above."""


def read_processor(row: Read) -> Processor:
    """A processor from `PROCESSOR_COLUMNS`."""
    key, name, auto_terminate, enabled, notes, color, x, y, layer, *own = row
    kind, config, code, repo, commit, module, file, function, inputs, outputs, concurrency, *own = own
    every_s, cron, once, attempts, penalty_s, timeout_s, batch, mode, memory_bytes, least, most, *own = own
    requires, requirements, python, secrets, state, tests = own
    return Processor(
        id=key,
        type=kind,
        name=name,
        config=config,
        code=code,
        git=None if repo is None else Git(repo, commit, module, file),
        function=function,
        inputs=None if inputs is None else tuple(inputs),
        outputs=None if outputs is None else tuple(outputs),
        auto_terminate=tuple(auto_terminate),
        concurrency=concurrency,
        schedule=_NO_SCHEDULE if every_s is None and cron is None and not once else Schedule(every_s, cron, once),
        retry=_shared(_NO_RETRY, Retry(attempts, penalty_s)),
        timeout_s=timeout_s,
        batch=batch,
        mode=mode,
        memory_bytes=memory_bytes,
        replicas=_shared(_ONE, Replicas(least, most)),
        requires=tuple(requires),
        requirements=tuple(requirements),
        python=python,
        secrets=tuple(secrets),
        state=state,
        enabled=enabled,
        notes=notes,
        color=color,
        tests=tuple(msgspec.convert(tests, list[Sample])) if tests else (),
        position=_pair(x, y),
        layer=layer,
    )


def read_subflow(row: Read) -> Subflow:
    """A subflow from `SUBFLOW_COLUMNS`."""
    key, name, auto_terminate, enabled, notes, color, x, y, layer, flow, parameters, expanded = row
    return Subflow(
        id=key,
        flow=flow,
        name=name,
        parameters=parameters,
        auto_terminate=tuple(auto_terminate),
        enabled=enabled,
        notes=notes,
        color=color,
        position=_pair(x, y),
        expanded=expanded,
        layer=layer,
    )


def read_connection(row: Read) -> Connection:
    """A connection from `CONNECTION_COLUMNS`."""
    source_step, source_port, target_step, target_port, name, messages, size, expire_s, *own = row
    priority, stop, fuse, bends, layer, color, label_at = own
    return Connection(
        source=join_end(source_step, source_port),
        target=join_end(target_step, target_port),
        name=name,
        limit=_shared(_NO_LIMIT, Limit(messages, size)),
        expire_s=expire_s,
        priority=priority,
        breakpoint=stop,
        fuse=fuse,
        bends=tuple((x, y) for x, y in bends),
        layer=layer,
        color=color,
        label_at=label_at,
    )


def read_label(row: Read) -> Label:
    """A label from `LABEL_COLUMNS`."""
    key, text, x, y, width, height, color = row
    return Label(id=key, text=text, position=_pair(x, y), size=_pair(width, height), color=color)


def _shared(usual: Frozen, made: Frozen) -> Frozen:
    return usual if made == usual else made


def _pair(x: float | None, y: float | None) -> Position | None:
    return None if x is None or y is None else (x, y)
