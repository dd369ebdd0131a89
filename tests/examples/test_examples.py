"""Every example runs with the real command on a copy of its folder, and gives the results that its data hold.

The numbers were computed from the data with awk and plain Python; where that is cheap, the test computes them again.
"""

from __future__ import annotations

import collections
import csv
import gzip
import io
import json
import math
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engine.cli.command import answer, process

Row = tuple[str, ...]

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"


def copied(name: str, tmp_path: Path) -> Path:
    """A copy of the example's folder, without results that somebody made there."""
    ignore = shutil.ignore_patterns("out", "repository", "__pycache__")
    return Path(shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=ignore))


def run(folder: Path, *settings: str) -> dict[str, Any]:
    """Run the example's flow; the summary. Nothing may fail or stay behind."""
    overrides = [part for setting in settings for part in ("--set", setting)]
    flow = folder / f"{folder.name}.flow.yaml"
    done = process("run", flow, "--json", "--workspace", folder.parent / "workspace", *overrides, cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    summary = answer(done)
    assert summary["flow"] == folder.name
    assert summary["dead_letters"] == 0
    assert {key: link for key, link in summary["connections"].items() if link["queued"] or link["expired"]} == {}
    assert {step: counts for step, counts in summary["processors"].items() if counts["failed"]} == {}
    return summary


def received(summary: dict[str, Any]) -> dict[str, int]:
    """Messages in, by processor."""
    return {step: counts["in"] for step, counts in summary["processors"].items()}


def passed(summary: dict[str, Any]) -> dict[str, int]:
    """Messages over each connection."""
    return {key: link["passed"] for key, link in summary["connections"].items()}


def lines(path: Path) -> list[str]:
    """The lines of a result."""
    return path.read_text(encoding="utf-8").splitlines()


def records(path: Path) -> list[Any]:
    """The JSON lines of a result."""
    return [json.loads(line) for line in lines(path)]


def table(path: Path) -> list[dict[str, str]]:
    """A CSV file, compressed or not."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_example_is_tested_here() -> None:
    tested = {"web-log-triage", "earthquakes", "polyglot", "airports", "git-code", "playback"}

    assert {path.parent.name for path in EXAMPLES.glob("*/*.flow.yaml")} == tested


def test_web_log_triage(tmp_path: Path) -> None:
    # zcat access.log.gz | awk -F'"' '{split($3, a, " "); n[a[1]]++; if (a[1] >= 500) e++; else if ($NF+0 > 20) s++} END {...}'
    folder = copied("web-log-triage", tmp_path)

    summary = run(folder)

    assert records(folder / "out/statuses.jsonl") == [
        {"200": 3499, "301": 108, "304": 516, "403": 80, "404": 148, "405": 133, "500": 134}
    ]
    errors, slow = records(folder / "out/errors.jsonl"), records(folder / "out/slow.jsonl")
    assert (len(errors), len(slow)) == (134, 1478)
    assert passed(summary) == {
        "read.success->parse.in": 4618,
        "parse.success->count.in": 4618,
        "count.success->triage.in": 4618,
        "count.counts->statuses.in": 1,
        "triage.error->errors.in": 134,
        "triage.slow->slow.in": 1478,
    }
    assert summary["processors"]["triage"]["out"] == {"error": 134, "slow": 1478, "fine": 3006, "failure": 0}
    # Again, from what stands behind the quoted request and at the end of each line. Batches may overtake each other: sorted.
    with gzip.open(folder / "access.log.gz", "rt", encoding="utf-8") as file:
        answers = [(int(re.findall(r'" (\d{3}) ', line)[0]), float(line.split()[-1])) for line in file]
    assert sorted((line["status"], line["ms"]) for line in errors) == sorted(each for each in answers if each[0] >= 500)
    assert sorted((line["status"], line["ms"]) for line in slow) == sorted(
        each for each in answers if each[0] < 500 and each[1] > 20
    )


def test_web_log_triage_with_another_limit(tmp_path: Path) -> None:
    folder = copied("web-log-triage", tmp_path)

    summary = run(folder, "slow_ms=5")

    # The same awk, with 5 in place of 20.
    assert len(lines(folder / "out/slow.jsonl")) == 1955
    assert summary["connections"]["triage.slow->slow.in"]["passed"] == 1955


def test_earthquakes(tmp_path: Path) -> None:
    # Joined by id with Python's csv: 121 pairs, 32 of magnitude 4.5 or more, 6 with 50 reports or more, 35 of either.
    folder = copied("earthquakes", tmp_path)

    summary = run(folder)

    counts = received(summary)
    assert (counts["once"], counts["strength"], counts["felt"]) == (1707, 1707, 1707 + 121)
    assert summary["processors"]["once"]["out"]["duplicate"] == 0
    assert summary["processors"]["felt"]["out"] == {"success": 121, "unmatched": 1586, "failure": 0}
    assert summary["processors"]["alarm"]["out"] == {"alert": 35, "note": 86, "failure": 0}
    assert records(folder / "out/magnitudes.jsonl") == [
        {
            "magnitude -1": 44,
            "magnitude 0": 667,
            "magnitude 1": 550,
            "magnitude 2": 229,
            "magnitude 3": 89,
            "magnitude 4": 89,
            "magnitude 5": 34,
            "magnitude 6": 5,
        }
    ]
    quakes = {quake["id"]: quake for quake in table(folder / "quakes.csv.gz")}
    felt = [{**quakes[report["id"]], **report} for report in table(folder / "reports.csv")]
    alerts = [quake for quake in felt if float(quake["magnitude"]) >= 4.5 or int(quake["reports"]) >= 50]
    assert sorted(lines(folder / "out/alerts.txt")) == sorted(
        f"{quake['time'][:16]}Z magnitude {float(quake['magnitude'])}, {quake['place']}: felt by {quake['reports']} people"
        for quake in alerts
    )
    assert "2018-02-06T15:50Z magnitude 6.4, 22km NNE of Hualian, Taiwan: felt by 261 people" in lines(
        folder / "out/alerts.txt"
    )
    alarming = {quake["id"] for quake in alerts}
    noted = table(folder / "out/felt.csv")
    assert list(noted[0]) == ["id", "time", "magnitude", "place", "reports", "intensity"]
    assert sorted(quake["id"] for quake in noted) == sorted(quake["id"] for quake in felt if quake["id"] not in alarming)
    by_magnitude = collections.Counter(f"magnitude {math.floor(float(quake['magnitude']))}" for quake in quakes.values())
    assert records(folder / "out/magnitudes.jsonl") == [dict(by_magnitude)]


def test_polyglot(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed")
    folder = copied("polyglot", tmp_path)

    summary = run(folder)

    # With awk: sums and means of columns 2 and 3, grouped by the first seven characters of column 1.
    written = lines(folder / "out/months.txt")
    assert "2012-01: 173.3 mm of rain in 31 days, 7.1 degrees at noon" in written
    assert "2013-06: 33.1 mm of rain in 30 days, 23.3 degrees at noon" in written
    months: dict[str, list[dict[str, str]]] = {}
    for day in table(folder / "seattle-weather.csv"):
        months.setdefault(day["date"][:7], []).append(day)
    assert len(months) == 48
    assert sorted(written) == sorted(
        f"{month}: {sum(float(day['precipitation']) for day in days):.1f} mm of rain in {len(days)} days, "
        f"{sum(float(day['temp_max']) for day in days) / len(days):.1f} degrees at noon"
        for month, days in months.items()
    )
    assert received(summary) == {"read": 0, "months": 1461, "year": 1461, "summary": 48, "words": 48, "out": 48}


def test_airports(tmp_path: Path) -> None:
    # Counted with Python's csv: 263 airports in Alaska, 160 of them north of 60; 16 in Hawaii, 14 of them north of 20.
    folder = copied("airports", tmp_path)

    summary = run(folder)

    counts = received(summary)
    assert counts["alaska/pick"] == counts["hawaii/pick"] == 3376
    assert (counts["alaska/tidy/fields"], counts["hawaii/tidy/fields"]) == (263, 16)
    assert summary["processors"]["alaska/side"]["out"] == {"north": 160, "south": 103, "failure": 0}
    assert summary["processors"]["hawaii/side"]["out"] == {"north": 14, "south": 2, "failure": 0}
    assert passed(summary)["alaska/tidy/fields.success->alaska/side.in"] == 263
    given = table(folder / "airports.csv.gz")
    north = expected(given, "AK", 60)[0] + expected(given, "HI", 20)[0]
    south = expected(given, "AK", 60)[1] + expected(given, "HI", 20)[1]
    assert (len(north), len(south)) == (174, 105)
    assert sorted(rows(folder / "out/north.csv")) == sorted(north)
    assert sorted(rows(folder / "out/south.csv")) == sorted(south)


def test_airports_with_other_parameters(tmp_path: Path) -> None:
    folder = copied("airports", tmp_path)

    summary = run(folder, "first=CA", "north_of=37")

    given = table(folder / "airports.csv.gz")
    north, south = expected(given, "CA", 37)
    assert (len(north), len(south)) == (105, 100)
    out = summary["processors"]["alaska/side"]["out"]
    assert (out["north"], out["south"]) == (105, 100)
    assert summary["processors"]["hawaii/side"]["out"] == {"north": 14, "south": 2, "failure": 0}


def test_playback(tmp_path: Path) -> None:
    """The one example in which some fail: what it shows."""
    folder = copied("playback", tmp_path)
    flow = folder / "playback.flow.yaml"
    quick = ("--set", "at_once=100000", "--set", "seconds_each=0")

    done = process("run", flow, "--json", "--workspace", tmp_path / "workspace", *quick, cwd=tmp_path)

    quakes = table(folder / "quakes.csv.gz")
    wrong = [quake for quake in quakes if float(quake["magnitude"]) < 0]
    good = [quake for quake in quakes if float(quake["magnitude"]) >= 0]
    assert (len(quakes), len(wrong)) == (1707, 44)
    assert done.returncode == 1, "dead letters are left"
    assert answer(done)["dead_letters"] == len(wrong)
    counts = json.loads(lines(folder / "out/regions.jsonl")[-1])
    assert counts == collections.Counter(quake["place"].rsplit(", ", 1)[-1] for quake in good)
    alerts = [json.loads(line)["time"] for line in lines(folder / "out/alerts.jsonl")]
    assert sorted(alerts) == sorted(quake["time"] for quake in good if float(quake["magnitude"]) >= 4.5)


def expected(
    airports: list[dict[str, str]], state: str, north_of: float
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The rows of a state's airports: those north of a parallel, and the others."""
    sides: tuple[list[Row], list[Row]] = ([], [])
    for airport in airports:
        if airport["state"] == state:
            latitude = float(airport["latitude"])
            name = airport["name"].strip().title()
            sides[latitude <= north_of].append((airport["iata"], name, airport["city"], state, str(latitude)))
    return sides


def rows(path: Path) -> list[Row]:
    """The rows of a written table."""
    return [tuple(row.values()) for row in table(path)]


def test_git_code(tmp_path: Path) -> None:
    folder = copied("git-code", tmp_path)
    made = subprocess.run([sys.executable, folder / "make_repository.py"], check=True, capture_output=True, text=True)
    assert made.stdout.strip().endswith("1cff7961b0ed02c0a609917b1a7e416264ad60f2")

    summary = run(folder)

    # tr 'A-Z' 'a-z' < cc0.txt | grep -o '[a-z]\{4,\}' | sort | uniq -c: 612 words, five of them ten times or more.
    assert received(summary) == {"read": 0, "words": 121, "tally": 612, "out": 7}
    assert records(folder / "out/often.jsonl") == [
        {"word": "work", "count": 10},
        {"word": "rights", "count": 10},
        {"word": "affirmer", "count": 10},
        {"word": "copyright", "count": 10},
        {"word": "related", "count": 10},
        {"word": "work", "count": 20},
        {"word": "rights", "count": 20},
    ]
    found = collections.Counter(re.findall("[a-z]{4,}", (folder / "cc0.txt").read_text(encoding="utf-8").lower()))
    assert found.total() == 612
    assert {word: count // 10 for word, count in found.items() if count >= 10} == dict(
        collections.Counter(record["word"] for record in records(folder / "out/often.jsonl"))
    )


def test_a_second_run_gives_the_same_results_not_twice_as_many(tmp_path: Path) -> None:
    folder = copied("web-log-triage", tmp_path)

    run(folder)
    first = sorted(lines(folder / "out/slow.jsonl"))
    summary = run(folder)

    assert sorted(lines(folder / "out/slow.jsonl")) == first
    assert summary["connections"]["read.success->parse.in"]["passed"] == 4618
