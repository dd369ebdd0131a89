"""Environments: made of what is needed, shared, whole or not at all; from a folder of packages, asking nobody."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from engine.errors import ConflictError, EnvironmentFailed, NotFound
from engine.sources import environment as environments
from engine.sources.environment import environment, python_of
from engine.sources.inventory import clean, find, inventory, log_of, remove
from engine.sources.maker import Progress
from engine.sources.recipe import Recipe, recipe
from tests.engine.sources.packages import tarball, wheel


def said(folder: Path, code: str) -> str:
    """What a line of Python prints in an environment."""
    return subprocess.run([python_of(folder), "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_packages_are_there_with_those_that_they_need_and_progress_is_told(packages: Path) -> None:
    wheel(packages, "sun", "2.0", requires=("moon>=1",))
    wheel(packages, "moon", "1.5")
    heard: list[Progress] = []
    made = environment(Recipe(requirements=("sun",)), heard.append)
    assert said(made, "import sun, moon; print(sun.VERSION, moon.VERSION)") == "2.0 1.5"
    assert [each.done for each in heard] == sorted(each.done for each in heard)
    assert heard[-1] == Progress(4, 4, heard[-1].text)
    assert "making an environment of sun" in heard[0].text
    log = log_of(made.name)
    assert "+ moon==1.5" in log


def test_equal_needs_share_one_environment_and_another_has_its_own(packages: Path) -> None:
    wheel(packages, "sun")
    wheel(packages, "moon")
    first = environment(Recipe(requirements=("sun", "moon")))
    heard: list[Progress] = []
    assert environment(Recipe(requirements=("moon", " sun", "sun")), heard.append) == first
    assert heard == [], "nothing is made"
    assert environment(Recipe(requirements=("sun",))) != first


def test_many_who_need_the_same_at_once_get_one_that_was_made_once(packages: Path) -> None:
    wheel(packages, "sun")
    made: list[Path] = []
    heard: list[Progress] = []
    threads = [
        threading.Thread(target=lambda: made.append(environment(Recipe(requirements=("sun",)), heard.append))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert sum("making" in each.text for each in heard) == 1


def test_files_of_requirements_count_by_what_is_in_them(packages: Path, tmp_path: Path) -> None:
    wheel(packages, "sun")
    wheel(packages, "moon")
    (tmp_path / "more.txt").write_text("moon\n")
    (tmp_path / "needs.txt").write_text("# a comment\n-r more.txt\nsun\n")
    wanted = recipe(["-r needs.txt"], tmp_path)
    made = environment(wanted)
    assert said(made, "import sun, moon; print('both')") == "both"
    (tmp_path / "more.txt").write_text("moon==1.0\n")
    assert recipe(["-r needs.txt"], tmp_path).name != wanted.name
    with pytest.raises(EnvironmentFailed, match=r"no\.txt cannot be read \(No such file or directory\); correct its path"):
        recipe(["-r no.txt"], tmp_path)


def test_the_version_of_python_is_a_choice(packages: Path) -> None:
    own = ".".join(map(str, sys.version_info[:2]))
    made = environment(Recipe(python=own))
    assert said(made, "import sys; print('%d.%d' % sys.version_info[:2])") == own
    assert made.name == Recipe(python=own).name != Recipe().name
    with pytest.raises(EnvironmentFailed, match=r"No interpreter found for Python 3\.99"):
        environment(Recipe(python="3.99"))


def test_what_cannot_be_installed_is_said_in_the_words_of_uv_and_nothing_is_left(packages: Path) -> None:
    heard: list[Progress] = []
    with pytest.raises(EnvironmentFailed, match=r"(?s)cannot install what a processor requires.*comet was not found"):
        environment(Recipe(requirements=("comet",)), heard.append)
    assert [path.suffix for path in sorted(environments.environments().iterdir())] == [".json", ".lock", ".log"]
    count = len(heard)
    with pytest.raises(EnvironmentFailed, match="comet"):
        environment(Recipe(requirements=("comet",)), heard.append)
    assert len(heard) == count, "it failed just now, so it is not tried again at once"
    wheel(packages, "comet")
    assert environment(Recipe(requirements=("comet",)), again=True).is_dir(), "but it is when that is asked for"


@pytest.mark.parametrize("login", ["somebody:s3cret", "s3cret", "somebody:p@s3cret"])
def test_passwords_in_requirements_are_shown_nowhere(packages: Path, login: str) -> None:
    wanted = Recipe(requirements=(f"sun @ git+https://{login}@127.0.0.1:1/sun",))
    heard: list[Progress] = []
    with pytest.raises(EnvironmentFailed) as failed:
        environment(wanted, heard.append)
    folder = environments.environments()
    files = [folder / f"{wanted.name}{suffix}" for suffix in (".json", ".log")]
    (kept,) = inventory()
    texts = [*(file.read_text() for file in files), *(each.text for each in heard), str(failed.value), log_of(wanted.name)]
    shown = [wanted.shown(), json.dumps(wanted.description()), kept.shown, kept.said]
    assert not [text for text in (*texts, *shown) if "s3cret" in text]
    assert kept.shown == wanted.shown() == "sun @ git+https://***@127.0.0.1:1/sun"
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]


def test_what_older_versions_wrote_shows_no_passwords_either(packages: Path) -> None:
    with pytest.raises(EnvironmentFailed):
        environment(Recipe(requirements=("comet",)))
    (kept,) = inventory()
    file = environments.environments() / f"{kept.name}.json"
    file.write_text(json.dumps({"requirements": ["sun @ https://s3cret@127.0.0.1/sun.whl"]}))
    file.with_suffix(".log").write_text("making sun @ https://s3cret@127.0.0.1/sun.whl\n")
    assert find(kept.name).shown == "sun @ https://***@127.0.0.1/sun.whl"
    assert log_of(kept.name) == "making sun @ https://***@127.0.0.1/sun.whl\n"


def test_an_environment_whose_interpreter_is_gone_is_made_anew(packages: Path) -> None:
    wheel(packages, "sun")
    made = environment(Recipe(requirements=("sun",)))
    python_of(made).unlink()
    python_of(made).symlink_to("/no/such/python")
    assert said(environment(Recipe(requirements=("sun",))), "import sun; print(sun.VERSION)") == "1.0"


MAKE = """
import sys
from engine.sources.environment import environment
from engine.sources.recipe import Recipe
print("begun", flush=True)
environment(Recipe(requirements=("sun", "moon", "stars")))
"""


def test_makers_that_are_killed_at_any_moment_leave_nothing_that_looks_made(packages: Path) -> None:
    wheel(packages, "sun", requires=("moon",))
    wheel(packages, "moon", body="\n".join(f"x{n} = {n}" for n in range(20_000)))
    wheel(packages, "stars")
    wanted = Recipe(requirements=("sun", "moon", "stars"))
    folder = environments.environments() / wanted.name
    chance = random.Random(5)
    killed = 0
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-c", MAKE], stdout=subprocess.PIPE) as maker:
            assert maker.stdout is not None
            maker.stdout.readline()
            delay_s = chance.uniform(0, 0.25)
            children: list[psutil.Process] = []
            end_s = time.monotonic() + delay_s
            while time.monotonic() < end_s and maker.poll() is None:
                children = psutil.Process(maker.pid).children(recursive=True) or children
            killed += maker.poll() is None
            maker.kill()
        psutil.wait_procs(children, timeout=60)
        assert not any(child.is_running() for child in children), "uv ends with whoever started it"
        if folder.is_dir():
            assert said(folder, "import sun, moon, stars; print(moon.x19999)") == "19999", "what is there is whole"
            remove(wanted.name)
    assert killed, "some were killed while they were at it"
    assert said(environment(wanted), "import sun, moon, stars; print(moon.x19999)") == "19999"
    assert not list(folder.parent.glob("*.part")), "what the killed ones left is swept away"


def test_node_packages_are_installed_by_npm_with_those_that_they_need(packages: Path, tmp_path: Path) -> None:
    tarball(packages, "sun", "1.2.0")
    tarball(packages, "sun", "2.0.0", requires={"@sky/moon": "^3.0.0"}, body="exports.moon = require('@sky/moon').version;\n")
    tarball(packages, "@sky/moon", "3.1.4")
    heard: list[Progress] = []
    made = environment(Recipe(runtime="node", requirements=("sun",)), heard.append)
    say = ["node", "-e", "const sun = require('sun'); console.log(sun.version, sun.moon)"]
    path = {"NODE_PATH": str(made / "node_modules"), "PATH": "/usr/bin:/bin"}
    assert subprocess.run(say, env=path, capture_output=True, text=True, check=True).stdout == "undefined 3.1.4\n"
    assert heard[-1].done == heard[-1].of
    older = environment(Recipe(runtime="node", requirements=("sun@^1.1.0",)))
    assert json.loads((older / "node_modules/sun/package.json").read_text())["version"] == "1.2.0"
    (tmp_path / "package.json").write_text('{"dependencies": {"@sky/moon": "~3.1.0"}}')
    listed = environment(recipe([], tmp_path, runtime="node", file=tmp_path / "package.json"))
    assert (listed / "node_modules/@sky/moon").is_dir()
    with pytest.raises(EnvironmentFailed, match=r"sun@9: the folder .* has only sun 1\.2\.0, 2\.0\.0; put it there with"):
        environment(Recipe(runtime="node", requirements=("sun@9",)))


def test_environments_are_listed_with_their_size_and_taken_away_unless_they_are_in_use(packages: Path) -> None:
    wheel(packages, "sun")
    made = environment(Recipe(requirements=("sun",)))
    with pytest.raises(EnvironmentFailed):
        environment(Recipe(requirements=("comet",)))
    ready = find(made.name[:6])
    assert (ready.state, ready.shown, ready.in_use) == ("ready", "sun", False)
    assert ready.size_bytes == environments.size_bytes(made) - (made / environments.ABOUT).stat().st_size > 1000
    assert {each.state for each in inventory()} == {"ready", "failed"}
    with pytest.raises(NotFound, match="there is no environment 'xyz'"):
        find("xyz")
    with subprocess.Popen([python_of(made), "-c", "input()"], stdin=subprocess.PIPE) as host:
        while not find(made.name).in_use:
            assert host.poll() is None
        with pytest.raises(ConflictError, match="is in use; stop the flows that run in it first"):
            remove(made.name)
        assert clean() == (1, 0), "only what failed"
        assert host.stdin is not None
        host.stdin.close()
    assert clean(unused_days=1) == (0, 0), "it was used just now"
    count, size = clean()
    assert (count, size) == (1, ready.size_bytes)
    assert inventory() == []
    assert not made.exists()
