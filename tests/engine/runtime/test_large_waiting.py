"""Large content that waits in a join or merge: its file is there for as long as it waits, and no longer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.ledger.base import Ledger
from engine.ledger.url import open_ledger
from tests.engine.runtime.running import Bench, flow

LARGE = 1_500_000

# The second message comes only when there is a file `go`.
SOURCES = f"""
- id: large
  type: python
  inputs: []
  outputs: [success]
  code: |
    def large():
        yield "x" * {LARGE}
- id: late
  type: python
  inputs: []
  outputs: [success]
  code: |
    import pathlib, time
    def late(ctx):
        while not pathlib.Path(ctx.params["go"]).exists():
            time.sleep(0.01)
        yield "y"
"""
JOINS = {
    "python": "- {id: it, type: python, inputs: [a, b], code: 'def it(a, b): return len(a) + len(b)'}",
    "node": "- {id: it, type: node, inputs: [a, b], code: 'module.exports = (a, b) => a.length + b.length'}",
    "join": "- {id: it, type: join, config: {inputs: [a, b], key: '1', into: ports}}",
}
OUT = """
- {id: size, type: map, config: {content: "content if isinstance(content, int) else sum(map(len, content.values()))"}}
- {id: out, type: write_lines, config: {path: out.jsonl}}
"""
CONNECTED = """
large.success -> it.a
late.success -> it.b
it.success -> size.in
size.success -> out.in
"""


def held(bench: Bench) -> dict[str, int]:
    """The state rows of the step `it`, and how many bytes each takes."""

    def look(ledger: Ledger) -> dict[str, int]:
        registered = ledger.registration(str(bench.path))
        if registered is None:
            return {}
        return {key: len(value) for key, (value, _) in ledger.read_state(registered[0].steps["it"]).items()}

    ledger = open_ledger(f"sqlite:///{bench.workspace / 'ledger.db'}")
    try:
        return look(ledger)
    finally:
        ledger.close()


def files(bench: Bench) -> list[int]:
    """The sizes of the files of the claims folder."""
    return [path.stat().st_size for path in (bench.workspace / "claims").glob("??/*")]


@pytest.mark.parametrize("kind", list(JOINS))
def test_the_file_of_a_large_content_is_there_while_it_waits_and_gone_after(tmp_path: Path, kind: str) -> None:
    # Given a join whose first partner is large and whose second does not come yet,
    go = tmp_path / "go"
    ends = "auto_terminate: [it.unmatched]\n" if kind == "join" else ""
    bench = Bench(tmp_path, flow(SOURCES + JOINS[kind] + OUT, CONNECTED, f"parameters: {{go: '{go}'}}\n{ends}"))
    # when a run is stopped,
    asyncio.run(bench.run_until(lambda: bool(held(bench))))
    # then what waits is in a file, and only its name in the state.
    assert max(held(bench).values()) < 1000
    assert [size >= LARGE for size in files(bench)] == [True]
    # When the other partner comes, then they are joined, and the file goes.
    go.touch()
    assert bench.run().exit_code == 0
    assert bench.lines("out.jsonl") == [LARGE + 1]
    assert files(bench) == []
