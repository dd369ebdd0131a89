"""Hostile code, in a real engine: each kind is contained and named, and the messages beside the hostile one pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.runtime.running import NUMBERS, Bench, flow

STEP = """
- id: hostile
  type: python
  timeout: TIMEOUT
  memory: 300MB
  code: |
    import os
    import sys
    import time

    def hostile(n):
        if n == 2:
            CODE
        return n
"""
OUT = """
- id: out
  type: write_lines
  config: {path: out.jsonl}
"""
LINKS = "numbers.success -> hostile.in\nhostile.success -> out.in"
COUNT = "parameters: {count: 5}\n"
OTHERS = [0, 1, 3, 4]
ALL = [0, 1, 2, 3, 4]

CASES = {
    # Named: what a bulletin of the step says, or the error that its message failed with; and who passes.
    "prints a gigabyte": ("for _ in range(1024): print('x' * (1 << 20))", "", ALL),
    "forks": ("[os._exit(0) if os.fork() == 0 else os.wait() for _ in range(50)]", "", ALL),
    "sleeps forever": ("time.sleep(10**6)", "CallTimeout", OTHERS),
    "spins forever and ignores that it is told to end": (
        "exec('while True:\\n try:\\n  while True: pass\\n except BaseException: pass')",
        "hang|timeout|did not end|Timeout",
        OTHERS,
    ),
    "exhausts memory": ("bytearray(10**10)", "MemoryError", OTHERS),
    "closes its pipes": ("os.closerange(0, 256)", "", OTHERS),
    "writes to stdout by file descriptor": ("os.write(1, b'not a frame\\n' * 1000)", "", ALL),
    "raises BaseException": ("raise BaseException('base')", "BaseException", OTHERS),
    "exits": ("sys.exit(3)", "SystemExit", OTHERS),
    "kills its process": ("os.kill(os.getpid(), 9)", "", OTHERS),
    "recurses": ("(lambda f: f(f))(lambda f: f(f))", "RecursionError", OTHERS),
}
"""Those whose bulletin is empty here say it in their log, or have done no harm."""


def step(code: str, timeout: str = "1s") -> str:
    return STEP.replace("CODE", code).replace("TIMEOUT", timeout)


@pytest.mark.parametrize("case", CASES)
def test_hostile_code_is_contained_and_named_and_the_flow_goes_on(case: str, tmp_path: Path) -> None:
    code, named, passing = CASES[case]
    timeout = "60s" if case in ("prints a gigabyte", "forks") else "1s"
    bench = Bench(tmp_path, flow(NUMBERS + step(code, timeout) + OUT, LINKS, COUNT))
    outcome = bench.run()
    assert sorted(bench.lines("out.jsonl")) == passing
    dead = bench.queue("dead:hostile") if passing == OTHERS else []
    assert [content for content, _ in dead] == [n for n in ALL if n not in passing]
    assert outcome.summary["dead_letters"] == len(dead)
    said = [text for found, _, text in bench.log if found == "hostile"]
    errors = [f"{attributes['error.type']}: {attributes['error.message']}" for _, attributes in dead]
    if passing == OTHERS:
        assert errors
        assert dead[0][1]["error.processor"] == "hostile"
    assert not named or any(word in text for word in named.split("|") for text in (*errors, *said)), (errors, said)


def test_code_that_deletes_its_working_folder_takes_nothing_else_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "flow"
    folder.mkdir()
    code = "import shutil; shutil.rmtree(os.getcwd())"
    bench = Bench(folder, flow(NUMBERS + step(code) + OUT, LINKS, COUNT))
    bench.workspace = tmp_path / "workspace"
    bench.run()
    assert bench.workspace.is_dir()


@pytest.mark.parametrize("name", ["app", "engine", "wire", "host", "stage"])
def test_modules_named_like_ours_are_the_users_own(name: str, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / f"{name}.py").write_text("WHOSE = 'mine'\n")
    code = f"sys.path.insert(0, 'code'); import {name}; return [{name}.WHOSE]"
    bench = Bench(tmp_path, flow(NUMBERS + step(code) + OUT, LINKS, COUNT))
    bench.run()
    assert bench.lines("out.jsonl") == [0, 1, ["mine"], 3, 4]
