"""When a source that goes wrong is tried again, and when the run goes on without it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.engine.runtime.running import Bench, flow

OUT = "- {id: out, type: write_lines, config: {path: out.jsonl}}"


def source(code: str, settings: str = "") -> str:
    """A source whose file `calls` counts how often it was called; `code` is given that number as `n`."""
    lines = [
        "import os",
        "def source():",
        "    with open('calls', 'a+b') as calls:",
        "        calls.write(b'.')",
        "        n = calls.tell()",
        *(f"    {line}" for line in code.splitlines()),
    ]
    body = "".join(f"    {line}\n" for line in lines)
    return f"- id: source\n  type: python\n  inputs: []\n  outputs: [success]\n{settings}  code: |\n{body}"


def test_a_source_that_always_ends_its_host_ends_the_run(tmp_path: Path) -> None:
    bench = Bench(tmp_path, flow(source("yield n\nos._exit(4)") + OUT, "source.success -> out.in"))
    outcome = bench.run()
    assert outcome.troubles == (
        "source 'source' failed: its host exited with status 4, 6 times in a row before it made anything",
    )
    assert outcome.exit_code == 1


def test_a_source_that_ends_its_host_now_and_then_goes_on(tmp_path: Path) -> None:
    code = "yield from range(20 * n)\nif n < 8:\n    import time\n    time.sleep(0.3)\n    os._exit(4)"
    bench = Bench(tmp_path, flow(source(code) + OUT, "source.success -> out.in"))
    outcome = bench.run()
    assert outcome.troubles == ()
    assert bench.lines("out.jsonl") == list(range(160))


def test_a_source_is_not_blamed_for_a_step_that_ends_their_host(tmp_path: Path) -> None:
    # Given a step in the source's host that two messages end five times each, before the source is through,
    body = "    import os\n    def bad(n):\n        if n in (1, 2): os._exit(3)\n        return n\n"
    bad = f"- id: bad\n  type: python\n  code: |\n{body}"
    code = "import time\nfor i in range(6):\n    yield i\n    time.sleep(0.1)"
    text = flow(source(code) + bad + OUT, "source.success -> bad.in\nbad.success -> out.in")
    bench = Bench(tmp_path, text)
    # when it runs, then only those two have failed.
    outcome = bench.run()
    assert outcome.troubles == ()
    assert sorted(content for content, _ in bench.queue("dead:bad")) == [1, 2]
    assert sorted(bench.lines("out.jsonl")) == [0, 3, 4, 5]


def test_a_source_that_reached_its_end_has_all_its_retries_again(tmp_path: Path) -> None:
    # Given a source that fails at every other start, with one retry, and mostly has nothing to say,
    settings = "  schedule: {every: 20ms}\n  retry: {attempts: 1, penalty: 10ms}\n"
    code = "if n % 2 and n < 9: raise ValueError('busy')\nif n >= 9: yield n"
    bench = Bench(tmp_path, flow(source(code, settings) + OUT, "source.success -> out.in"))
    # when it runs, then it comes to where it speaks.
    out = tmp_path / "out.jsonl"
    asyncio.run(bench.run_until(lambda: out.exists() and out.stat().st_size > 0, timeout_s=60))
    assert bench.lines("out.jsonl")[0] == 9
