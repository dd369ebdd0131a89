"""What a stage's runner does in which order, where it matters."""

from __future__ import annotations

from pathlib import Path

from tests.engine.runtime.running import Bench, flow

ENDLESS = """
- id: source
  type: python
  inputs: []
  outputs: [success]
  code: |
    import os

    def source():
        yield "rare"
        while not os.path.exists("seen"):
            yield "often"
- {id: gather, type: merge, config: {key: content, count: 10, age: 0.1}}
- id: look
  type: python
  outputs: [success]
  code: |
    import time

    def look(group):
        if group[0] == "rare":
            open("seen", "w").close()
        time.sleep(0.001)
"""


def test_a_timer_waits_for_no_queue_to_run_empty(tmp_path: Path) -> None:
    # The source ends when the group that only its age lets go is through; until then there is more than can be worked off.
    links = "source.success -> gather.in {fuse: false}\ngather.success -> look.in"
    outcome = Bench(tmp_path, flow(ENDLESS, links, "auto_terminate: [look.success]\n")).run(timeout_s=60)
    assert outcome.troubles == ()
    assert outcome.complete


SLOW = """
- id: source
  type: python
  inputs: []
  outputs: [success]
  code: |
    import time

    def source():
        for n in range(360):
            if n % 120 == 0:
                time.sleep(0.2)
            yield n
- id: work
  type: python
  code: |
    import os
    import time

    def work(n):
        if n == 150 and not os.path.exists("died"):
            open("died", "w").close()
            os._exit(4)
        time.sleep(0.02)
        return n
- {id: out, type: write_lines, config: {path: out.jsonl}}
"""


def test_what_a_task_leaves_over_comes_first_also_in_a_new_host(tmp_path: Path) -> None:
    # Every task takes longer than a task may, so that each leaves something over, before and after the host has died.
    bench = Bench(tmp_path, flow(SLOW, "source.success -> work.in {fuse: false}\nwork.success -> out.in {fuse: false}"))
    outcome = bench.run()
    assert outcome.troubles == ()
    assert (tmp_path / "died").exists()
    assert bench.lines("out.jsonl") == list(range(360))
