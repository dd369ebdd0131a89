"""The end of a run: what waits is let go of, and by whom first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.runtime.running import NUMBERS, Bench, flow

SEVENS = "- {id: sevens, type: merge, config: {count: 7}}\n"
PAIRS = "- {id: pairs, type: merge, config: {count: 2}}\n"
OUT = "- {id: out, type: write_lines, config: {path: out.jsonl}}\n"
LINKS = "numbers.success -> sevens.in {fuse: false}\nsevens.success -> pairs.in {fuse: FUSE}\npairs.success -> out.in"


@pytest.mark.parametrize("fuse", ["true", "false"])
@pytest.mark.parametrize("steps", [NUMBERS + SEVENS + PAIRS + OUT, OUT + PAIRS + SEVENS + NUMBERS], ids=["downward", "upward"])
def test_merges_let_go_from_the_first_to_the_last_however_the_file_has_them(tmp_path: Path, steps: str, fuse: str) -> None:
    bench = Bench(tmp_path, flow(steps, LINKS.replace("FUSE", fuse)))
    bench.run()
    assert bench.lines("out.jsonl") == [[[0, 1, 2, 3, 4, 5, 6], [7, 8, 9]]]
