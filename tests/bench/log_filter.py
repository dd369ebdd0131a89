"""A compressed log of 200-byte lines: read_lines, a Python filter that keeps 2 %, write_lines; against a bare gzip loop.

python tests/bench/log_filter.py [--lines N]
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.measure import ROUNDS, median, report, rounds, run_file

REACH = 946_000
FLOW = """
pyfi: 1
name: log-filter
processors:
  - {id: read, type: read_lines, config: {path: access.log.gz}}
  - id: errors
    type: python
    code: |
      def errors(line):
          if " 500 " in line:
              return line
  - {id: write, type: write_lines, config: {path: errors.log.gz}}
connections:
  - {from: read.success, to: errors.in}
  - {from: errors.success, to: write.in}
"""


def make_log(path: Path, lines: int) -> int:
    """Write a log of 200-byte lines, 2 % of them errors; returns how many are."""
    rng = random.Random(1)
    errors = 0
    with gzip.open(path, "wt", compresslevel=6, encoding="ascii") as file:
        for number in range(lines):
            status = 500 if number % 50 == 7 else 200
            address = f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}"
            clock = f"10:{number // 60 % 60:02}:{number % 60:02}"
            item, size = rng.randrange(100000), rng.randrange(100, 99999)
            request = f'"GET /shop/item/{item} HTTP/1.1" {status} {size} "-" "Mozilla/5.0"'
            line = f"{address} - - [22/Nov/2026:{clock} +0000] {request}"
            errors += " 500 " in line
            file.write(line.ljust(199, ".") + "\n")
    return errors


def bare_loop(source: Path, target: Path) -> int:
    """The same with the standard library and no flow."""
    kept = 0
    with gzip.open(source, "rt", encoding="ascii") as lines, gzip.open(target, "wt", encoding="ascii") as out:
        for line in lines:
            if " 500 " in line:
                out.write(line)
                kept += 1
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=3_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pyfi-bench-") as name:
        folder = Path(name)
        errors = make_log(folder / "access.log.gz", options.lines)
        (folder / "bench.flow.yaml").write_text(FLOW, encoding="utf-8")

        def bare() -> float:
            started = time.perf_counter()
            assert bare_loop(folder / "access.log.gz", folder / "bare.log.gz") == errors
            return options.lines / (time.perf_counter() - started)

        def flow() -> float:
            summary = run_file(folder / "bench.flow.yaml", workspace=folder / "workspace")
            assert summary["processors"]["write"]["in"] == errors, summary
            return summary["messages_per_second"]

        results = rounds({"bare gzip loop, one core": bare, "PYFI": flow}, options.rounds)
        made, expected = (gzip.decompress((folder / name).read_bytes()) for name in ("errors.log.gz", "bare.log.gz"))
        assert made == expected, "the outputs differ"
    for side, values in results.items():
        print(f"{side}: median {median(values):,.0f} lines/s")
    rate = median(results["PYFI"])
    report("compressed log, read, filter, write", rate, "lines/s", f"{REACH:,}", rate >= REACH)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
