"""The summary that ends `pyfi run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.cli.terminal import count, print_tables, shown_path, table
from engine.client.run import Outcome

if TYPE_CHECKING:
    from rich.table import Table


def print_summary(outcome: Outcome, flow_file: Path, *, interrupted: bool) -> None:
    """Print how a run ended."""
    summary = outcome.summary
    print_counts(summary)
    print()
    print(headline(outcome, interrupted=interrupted))
    for path in outcome.results:
        print(f"results: {shown_path(path)}")
    for sentence in remarks(outcome, flow_file):
        print(sentence)


def print_counts(summary: dict[str, Any]) -> None:
    """Print what every processor did, and what passed every connection."""
    print_tables(_processors(summary["processors"]), *_connections(summary["connections"]))


def headline(outcome: Outcome, *, interrupted: bool) -> str:
    """What was done, how fast, how it ended."""
    summary = outcome.summary
    state = "finished" if outcome.complete else "stopped before its end" if interrupted else "could not finish"
    went_on = ", having gone on with a run that was left unfinished" if outcome.continued else ""
    rate = f"{summary['messages_per_second']:,.0f} messages/s"
    return f"{summary['flow']}: {state} after {summary['seconds']:.2f} s, {rate}{went_on}"


def remarks(outcome: Outcome, flow_file: Path) -> list[str]:
    """What the person at the terminal ought to know or do."""
    said = [f"trouble: {sentence}" for sentence in outcome.troubles]
    for step, letters in outcome.dead.items():
        look = f"pyfi queue peek dead:{step} --flow {shown_path(flow_file)}"
        said.append(f"dead letters: {count(letters, 'message')} of '{step}' failed for good; look at them with `{look}`")
    for step, ports in outcome.unpaired.items():
        waiting = ", ".join(f"{number:,} at '{port}'" for port, number in ports.items())
        said.append(f"unpaired: '{step}' found no partner for {waiting}")
    return said


def _processors(processors: dict[str, Any]) -> Table:
    rows = [
        (
            name,
            _many(each["in"]),
            _outputs(each["out"]),
            _many(each["failed"]),
            _many(each["tasks"]),
            _seconds(each["task_seconds"]),
        )
        for name, each in processors.items()
    ]
    return table(("processor", "in", "out", "failed", "tasks", "time"), rows, numbers=("in", "failed", "tasks", "time"))


def _connections(connections: dict[str, Any]) -> list[Table]:
    if not connections:
        return []
    expired = any(each.get("expired") for each in connections.values())
    columns = ("connection", "passed", "queued", *(("expired",) if expired else ()))
    rows = [
        (
            key.replace("->", " -> "),
            _many(each["passed"]),
            _many(each["queued"]),
            *((_many(each["expired"]),) if expired else ()),
        )
        for key, each in connections.items()
    ]
    return [table(columns, rows, numbers=columns[1:])]


def _outputs(out: dict[str, int]) -> str:
    """`success 1,200  slow 8`: every port that sent anything."""
    return "  ".join(f"{port} {number:,}" for port, number in out.items() if number) or "-"


def _many(number: int) -> str:
    """A count; nothing to see is a dash, so that the eye finds the rest."""
    return f"{number:,}" if number else "-"


def _seconds(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:,.1f} s"
    return f"{seconds * 1000:,.0f} ms" if seconds else "-"
