"""Checks of one processor on its own: ranges, schedule, code."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from engine.errors import UsageError
from engine.model.code import CodeFacts, inspect_python
from engine.model.flow import CODE_TYPES, Git, Processor, Schedule
from engine.model.ports import code_ports
from engine.model.problem import did_you_mean, listed, shown

NAME = re.compile(r"[A-Za-z0-9_-]{1,200}")
NAME_RULE = "letters, digits, - and _, at most 200"
MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
PYTHON = re.compile(r"3\.\d{1,2}(\.\d{1,2})?")
OLDEST_PYTHON = (3, 11)
_PROGRAMS = {"python": "Python", "node": "Node.js", "bash": "bash"}
SMALLEST_MEMORY = 1_000_000
MOST_COPIES = 1000


def check_processor(step: Processor, runtimes: Collection[str] | None) -> list[str]:
    """What is wrong with a processor whatever its type's config and its connections are."""
    return [reason for check in _CHECKS for reason in check(step)] + list(_check_runtime(step, runtimes))


def facts_of(step: Processor) -> CodeFacts | None:
    """What its source tells of a Python processor; None when there is no source or it is wrong."""
    if step.type != "python" or step.code is None:
        return None
    try:
        return inspect_python(step.code, step.function, code_ports(step).inputs)
    except UsageError:
        return None


def _check_ranges(step: Processor) -> Iterator[str]:
    if not 1 <= step.concurrency <= MOST_COPIES:
        yield f"`concurrency` must be from 1 to {MOST_COPIES}, not {step.concurrency}"
    replicas = step.replicas
    if not (0 <= replicas.min <= replicas.max and 1 <= replicas.max <= MOST_COPIES):
        given = f"{{min: {replicas.min}, max: {replicas.max}}}"
        yield f"`replicas` must have 0 <= min <= max and max from 1 to {MOST_COPIES}, not {given}"
    if step.retry.attempts < 0 or step.retry.penalty_s < 0:
        yield "`retry` must have attempts and a penalty of 0 or more"
    if step.timeout_s <= 0:
        yield "`timeout` must be more than 0; give a long one, such as 1d, for calls that take their time"
    if step.memory_bytes < SMALLEST_MEMORY:
        yield f"`memory` must be at least 1MB, not {step.memory_bytes} bytes; did you mean {step.memory_bytes}MB?"


def _check_state(step: Processor) -> Iterator[str]:
    if step.state is not None:
        yield "`state` has no effect yet; remove it: what `ctx.state` holds is kept for every processor, under its id"


def _check_schedule(step: Processor) -> Iterator[str]:
    schedule = step.schedule
    if schedule == Schedule():
        return
    if (schedule.every_s is not None) + (schedule.cron is not None) + schedule.once > 1:
        yield "`schedule` must be one of `every`, `cron` and `once`; keep one"
    if schedule.every_s is not None and schedule.every_s < 0:
        yield "`schedule.every` must be 0s or more"
    if schedule.cron is not None:
        reason = check_cron(schedule.cron)
        if reason:
            yield f"`schedule.cron` {shown(schedule.cron)} is not a cron expression ({reason}); write it like */5 * * * *"


@lru_cache(maxsize=1000)
def check_cron(text: str) -> str | None:
    """Why a text is no cron expression; None when it is one."""
    from datetime import UTC, datetime

    from cronsim import CronSim, CronSimError

    try:
        CronSim(text, datetime(2024, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        return str(error).rstrip(".").lower()
    return None


def _check_ports(step: Processor) -> Iterator[str]:
    for word, names in (("inputs", step.inputs), ("outputs", step.outputs)):
        if names:
            yield from check_port_names(word, names)


def check_port_names(word: str, names: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with the names of ports."""
    for name in names:
        if not NAME.fullmatch(name):
            yield f"`{word}` holds {shown(name)}; a port's name is {NAME_RULE}"
    if len(set(names)) < len(names):
        yield f"`{word}` names a port twice; keep one"


def check_built_in(step: Processor) -> Iterator[str]:
    """What a processor of a built-in type may not have."""
    for word, given in (("code", step.code), ("git", step.git), ("function", step.function)):
        if given is not None:
            yield f"has `{word}`, but type '{step.type}' is built in; remove it or use type python"
    if step.batch or step.mode != "message":
        yield f"`batch` and `mode` are for the user's code, and type '{step.type}' is built in; remove them"


def _check_code(step: Processor) -> Iterator[str]:
    if step.type not in CODE_TYPES:
        return
    if step.code is not None and step.git is not None:
        yield "has both `code` and `git`; keep one"
    elif step.git is not None:
        yield from _check_git(step.git)
    elif not (step.code or "").strip():
        yield "has no code; add `code` or `git`"
    if step.mode == "lines" and step.type != "bash":
        yield "`mode: lines` is for bash; remove it"
    if step.batch and step.type == "bash":
        yield "`batch` is not for bash; use `mode: lines`"
    if step.type == "python" and step.code and step.code.strip():
        yield from _check_python(step, step.code)


def _check_needs(step: Processor) -> Iterator[str]:
    if step.requirements and step.type == "bash":
        yield "`requirements` are packages of Python or Node.js, and type 'bash' has none; remove them"
    yield from check_requirements(step.requirements)
    if step.python is None:
        return
    if step.type != "python":
        yield f"`python` is the version that runs Python code, and type '{step.type}' is none; remove it"
    else:
        yield from check_python_version(step.python)


def check_requirements(requirements: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with packages: uv and npm would take some for options."""
    for each in requirements:
        if each.startswith("-") and not re.fullmatch(r"-r\s+[^-\s].*", each):
            yield f"`requirements` holds {shown(each)}, which is no package; name one, or a file that lists some: -r FILE"


def check_python_version(version: str) -> Iterator[str]:
    """What is wrong with a version of Python."""
    if not PYTHON.fullmatch(version):
        yield f"`python` {shown(version)} is no version of Python, such as '3.12'"
    elif tuple(map(int, version.split(".")[:2])) < OLDEST_PYTHON:
        yield f"`python` must be 3.11 or newer, not {shown(version)}"


def _check_git(git: Git) -> Iterator[str]:
    if not MODULE.fullmatch(git.module):
        yield f"`git.module` {shown(git.module)} is no dotted module name, such as ext.processors.sample"
    for word, value in (("repo", git.repo), ("commit", git.commit)):
        # git would take it for an option.
        if value.startswith("-") or "\0" in value or not value.strip():
            yield f"`git.{word}` {shown(value)} is not allowed; it may not begin with '-'"


def _check_python(step: Processor, code: str) -> Iterator[str]:
    inputs = code_ports(step).inputs
    try:
        facts = inspect_python(code, step.function, inputs)
    except UsageError as error:
        yield str(error)
        return
    if not facts.is_certain:
        return
    if facts.is_async:
        yield f"'{facts.function}' is async, which Python processors do not run; write it as a plain function"
    if not inputs:
        yield from _check_source(facts)
    elif facts.is_join and not step.batch:
        yield from _check_join(step, facts, inputs)
    elif not facts.is_original_signature:
        yield from _check_call(facts)


def _given(facts: CodeFacts) -> frozenset[str]:
    """The parameters that are given by name, beside the contents."""
    return frozenset({"ctx", "plugs", "output"} if facts.is_original_signature else {"ctx"})


def _check_source(facts: CodeFacts) -> Iterator[str]:
    """A source's function is called with nothing but `ctx`."""
    needed = [name for name in facts.required if name not in _given(facts)]
    if needed:
        yield f"'{facts.function}' needs {listed(needed)}, but a source (`inputs: []`) gets no message; remove the parameter"
    if not (facts.makes_values or facts.wants_ctx or facts.is_original_signature):
        yield f"'{facts.function}' yields nothing, but a source (`inputs: []`) must; write `yield value`"


def _check_join(step: Processor, facts: CodeFacts, inputs: tuple[str, ...]) -> Iterator[str]:
    extra = [name for name in facts.required if name not in inputs and name not in _given(facts)]
    if extra:
        yield f"'{facts.function}' joins {listed(inputs)}, and nothing gives it {listed(extra)}{did_you_mean(extra[0], inputs)}"
    yield from check_exclusive(step, "a join")


def _check_call(facts: CodeFacts) -> Iterator[str]:
    """A function is called with one content, and `ctx` by name."""
    if not facts.positional and not facts.takes_any:
        yield f"'{facts.function}' takes no content; give it a parameter, or make it a source with `inputs: []`"
    more = [name for name in facts.required if name != "ctx" and name not in facts.positional[:1]]
    if more:
        yield f"'{facts.function}' gets one content, and nothing gives it {listed(more)}; remove it or name each in `inputs`"


def check_exclusive(step: Processor, what: str) -> Iterator[str]:
    """What only one host may run cannot have copies."""
    if step.concurrency > 1:
        yield f"{what} keeps what waits in one place, so `concurrency` must be 1, not {step.concurrency}"
    if step.replicas.max > 1:
        yield f"{what} keeps what waits in one place, so `replicas.max` must be 1, not {step.replicas.max}"


def _check_runtime(step: Processor, runtimes: Collection[str] | None) -> Iterator[str]:
    if runtimes is not None and step.type in CODE_TYPES and step.type not in runtimes:
        program = _PROGRAMS[step.type]
        yield f"needs {program}, which is not installed; install it or write the step in another language"


_CHECKS: tuple[Callable[[Processor], Iterator[str]], ...] = (
    _check_ranges,
    _check_state,
    _check_schedule,
    _check_ports,
    _check_code,
    _check_needs,
)
