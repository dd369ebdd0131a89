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


NODE = {
    "prints a gigabyte": "for (let i = 0; i < 1024; i++) console.log('x'.repeat(1 << 20))",
    "starts processes": "for (let i = 0; i < 20; i++) require('child_process').spawn('sleep', ['1000'])",
    "writes to stdout by file descriptor": "require('fs').writeSync(1, 'not a frame\\n'.repeat(1000))",
    "sleeps forever": "await new Promise(() => {})",
    "spins forever": "for (;;) {}",
    "exhausts memory": "const all = []; for (;;) all.push(new Array(1e6).fill(1))",
    "closes its pipes": "for (let i = 0; i < 256; i++) { try { require('fs').closeSync(i) } catch {} }",
    "exits": "process.exit(3)",
    "throws nothing": "throw undefined",
    "fails behind its back": "setTimeout(() => { throw new Error('later') }, 0); await new Promise(() => {})",
    "recurses": "(function again() { again() })()",
}
BASH = {
    "prints a gigabyte": "yes | head -c 1073741824 >&2",
    "forks": "for i in $(seq 50); do (true) & done; wait",
    "leaves a process behind": "sleep 1000 &",
    "sleeps forever": "sleep 1000000",
    "ignores that it is told to end": "trap '' TERM INT HUP USR1 USR2; while :; do :; done",
    "closes its pipes and fails": "exec 0<&- 1>&- 2>&-; exit 1",
    "exits": "exit 3",
    "kills its process": "kill -9 $$",
    "recurses": "again() { again; }; again",
}
LONG = ("prints a gigabyte",)
"""How long that takes is the machine's affair: it may be over its time."""
HARMLESS = ("starts processes", "writes to stdout by file descriptor", "forks", "leaves a process behind")


def of_node(cases: list[str]) -> str:
    branches = "\n".join(f"    if (n === {2 * at + 1}) {{ {NODE[case]} }}" for at, case in enumerate(cases))
    return f"module.exports = async (n) => {{\n{branches}\n    return n\n}}"


def of_bash(cases: list[str]) -> str:
    branches = "\n".join(f"    {2 * at + 1}) {BASH[case]} ;;" for at, case in enumerate(cases))
    return f'read n\ncase $n in\n{branches}\nesac\necho "$n"'


@pytest.mark.parametrize("language", ["node", "bash"])
def test_hostile_code_in_other_languages_is_contained_and_the_messages_between_pass(language: str, tmp_path: Path) -> None:
    cases = list(NODE if language == "node" else BASH)
    code = (of_node if language == "node" else of_bash)(cases)
    head = f"- id: hostile\n  type: {language}\n  timeout: 1s\n  memory: 300MB\n  code: |\n"
    step = head + "".join(f"    {line}\n" for line in code.splitlines())
    count = 2 * len(cases) + 1
    bench = Bench(tmp_path, flow(NUMBERS + step + OUT, LINKS, f"parameters: {{count: {count}}}\n"))
    outcome = bench.run()
    passed = sorted(int(each) for each in bench.lines("out.jsonl"))
    dead = dict(bench.queue("dead:hostile"))
    guilty = [2 * at + 1 for at, case in enumerate(cases) if case not in (*HARMLESS, *LONG)]
    late = [2 * at + 1 for at, case in enumerate(cases) if case in LONG and 2 * at + 1 in dead]
    assert all("timeout" in (dead[n]["error.message"] + dead[n]["error.type"]).lower() for n in late), dead
    assert passed == [n for n in range(count) if n not in (*guilty, *late)], dead
    assert sorted(dead) == sorted((*guilty, *late))
    assert outcome.summary["dead_letters"] == len(dead)
    for attributes in dead.values():
        assert attributes["error.processor"] == "hostile"
        assert attributes["error.type"]
