#!/usr/bin/env python3
"""Sets PYFI up and runs it, its tests, its benchmarks: `python3 packaging/dev.py --help`.

Needs nothing but Python 3.11 or newer. What is slow to import or only needed to set up is imported where it is used, so that a
second start costs next to nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

if sys.version_info < (3, 11):
    sys.exit("PYFI needs Python 3.11 or newer and this is %d.%d: start it with a newer python3." % sys.version_info[:2])  # noqa: UP031

import environment
from environment import BIN, PYTHON, ROOT

_EXAMPLE = ROOT / "resources" / "examples" / "web-log-triage" / "web-log-triage.flow.yaml"
_BENCHMARKS = ROOT / "tests" / "bench"
_BENCH_NODE = ROOT / "packaging" / "bench-node"
_CACHES = (".hypothesis", ".import_linter_cache", ".pytest_cache", ".ruff_cache")
_MADE = (".venv", *_CACHES, "build", "dist", "packaging/bench-node/node_modules")


def main(arguments: Sequence[str]) -> int:
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command not in {"run", "test"}:
        parser.error(f"`{options.command}` does not know {' '.join(rest)}: see `dev.py {options.command} --help`")
    rest = [part for part in rest if part != "--"]
    try:
        return _COMMANDS[options.command](options, rest)
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(f"dev.py: {error.strerror}{where}: make room or correct the permissions.", file=sys.stderr)
        return 1
    except Exception as error:
        from progress import SetupError

        if not isinstance(error, SetupError):
            raise
        print(f"dev.py: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description="Sets PYFI up in .venv and runs it, its tests and its benchmarks. Setting up happens once, and again only "
        "when pyproject.toml or packaging/constraints.txt have changed.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", prog="dev.py")
    commands.add_parser(
        "run",
        help="run PYFI: the desktop where there is a display, otherwise an example flow in the terminal",
        description="Runs the desktop where there is a display, otherwise an example flow in the terminal. What follows is "
        "passed on; a flow file takes the example's place: `dev.py run my.flow.yaml --json`.",
    )
    test = commands.add_parser(
        "test",
        help="check format, lint, types and import rules, and run all tests",
        description="Checks format, lint, types and import rules, and runs all tests. Options it does not know go to pytest.",
    )
    test.add_argument("--long", action="store_true", help="also tests that take minutes, and chaos tests in full")
    test.add_argument("-k", metavar="EXPRESSION", help="only tests whose names match, as in pytest")
    test.add_argument("--only", metavar="PATH", action="append", default=[], help="only tests under PATH; may be repeated")
    setup = commands.add_parser("setup", help="set up only, run nothing", description="Sets up what `run` or `test` needs.")
    setup.add_argument("what", nargs="?", choices=("run", "test"), default="test", help="default: test, which includes run")
    lint = commands.add_parser("lint", help="the checks of `test` without the tests")
    lint.add_argument("--fix", action="store_true", help="first let ruff format the code and correct what it can")
    bench = commands.add_parser("bench", help="run the benchmarks in tests/bench, which print PYFI and its peers side by side")
    bench.add_argument("names", nargs="*", metavar="NAME", help="benchmarks to run; default: all")
    bench.add_argument("--list", action="store_true", help="only list their names")
    pin = commands.add_parser(
        "pin",
        help="write the exact versions of all that pyproject.toml needs into packaging/constraints.txt",
        description="Keeps the versions that are there, adds what is missing, and drops what nothing needs any more.",
    )
    pin.add_argument("--upgrade", action="store_true", help="take the newest versions instead")
    build = commands.add_parser(
        "build",
        help="make what people install, in dist/",
        description="Makes what people install, in dist/. Everything that WHAT is made from is made first.",
    )
    build.add_argument("what", nargs="?", choices=("wheel", "bundle", "all"), default="all", help="default: %(default)s")
    build.add_argument(
        "--again", action="store_true", help="then make it once more from a copy of the sources in another folder, and compare"
    )
    commands.add_parser("pictures", help="take the manual's pictures of the desktop anew")
    commands.add_parser("translate", help="bring the translations up to date with the texts in the code, and compile them")
    commands.add_parser("clean", help="remove everything that dev.py and the tools made")
    return parser


def _run(_options: argparse.Namespace, rest: list[str]) -> int:
    desktop = _has_display() and (ROOT / "app" / "main.py").exists()
    if desktop:
        _set_up_for_desktop()
    environment.ensure(environment.needed_extras(test=False, desktop=desktop))
    if desktop:
        return _become([str(BIN / "pyfi"), "app", *rest])
    names_flow = any(part.endswith((".yaml", ".yml", ".json")) for part in rest)
    return _become([str(BIN / "pyfi"), "run", *([] if names_flow else [str(_EXAMPLE)]), *rest])


def _test(options: argparse.Namespace, rest: list[str]) -> int:
    _set_up_for_tests()
    import checks

    arguments = [*(["--long"] if options.long else []), *(["-k", options.k] if options.k else []), *rest, *options.only]
    return checks.sum_up([*checks.run_static(), checks.run_tests(arguments)])


def _setup(options: argparse.Namespace, _rest: list[str]) -> int:
    if options.what == "test":
        _set_up_for_tests()
    else:
        environment.ensure(environment.needed_extras(test=False, desktop=_has_display()))
    print(f"ready: {BIN / 'pyfi'}")
    return 0


def _lint(options: argparse.Namespace, _rest: list[str]) -> int:
    environment.ensure(environment.needed_extras(test=True, desktop=True))
    import subprocess

    import checks

    if options.fix:
        for command in (["check", "--fix", "."], ["format", "."]):
            subprocess.run([BIN / "ruff", *command], cwd=ROOT, check=False)
    return checks.sum_up(checks.run_static())


def _bench(options: argparse.Namespace, _rest: list[str]) -> int:
    import subprocess

    from progress import SetupError

    scripts = {path.stem.removeprefix("bench_"): path for path in sorted(_BENCHMARKS.glob("*.py")) if _is_program(path)}
    if unknown := [name for name in options.names if name not in scripts]:
        raise SetupError(f"there is no benchmark {unknown[0]}: choose from {', '.join(scripts) or 'none yet'}.")
    if options.list or not scripts:
        print("\n".join(scripts) or "there is no benchmark in tests/bench yet")
        return 0
    environment.ensure(environment.needed_extras(test=True, desktop=True))
    _install_peers()
    import checks

    failed: list[str] = []
    for name in options.names or scripts:
        print(f"\n== {name}", flush=True)
        if subprocess.run([PYTHON, scripts[name]], cwd=ROOT, env=checks.environment(), check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


def _build(options: argparse.Namespace, _rest: list[str]) -> int:
    """Packages are made with the tools of the tests' environment, from a wheel that is made first."""
    import debian

    debian.install(debian.missing_for_build(), reason="to build packages")
    environment.ensure(environment.needed_extras(test=True, desktop=True))
    from release.build import build

    names = [path.relative_to(ROOT).as_posix() for path in build(options.what)]
    print(*names, sep="\n")
    if options.again:
        import tempfile

        from release.again import build_again, compare, made

        with tempfile.TemporaryDirectory(prefix="pyfi-built-again-") as folder:
            there = build_again(options.what, Path(folder) / "elsewhere")
            print(f"made twice, the same: {compare(made(ROOT, names), made(there, names))}")
    return 0


def _pictures(_options: argparse.Namespace, _rest: list[str]) -> int:
    from pictures import make_pictures

    environment.ensure(environment.needed_extras(test=False, desktop=True))
    for picture in make_pictures():
        print(picture.relative_to(ROOT))
    return 0


def _translate(_options: argparse.Namespace, _rest: list[str]) -> int:
    """Bring the translations up to date with the code, say what is not translated, and compile them."""
    environment.ensure(environment.needed_extras(test=True, desktop=True))
    import subprocess

    return subprocess.run([PYTHON, ROOT / "packaging" / "translations.py"], cwd=ROOT, check=False).returncode


def _pin(options: argparse.Namespace, _rest: list[str]) -> int:
    """Write exact versions for every supported Python and platform, and nothing about where packages come from."""
    environment.ensure(frozenset())
    import shutil
    import subprocess
    import tempfile

    head = "# Exact versions of everything PYFI installs, for all its Pythons and platforms. Made by `packaging/dev.py pin`.\n"
    scope = ["--universal", "--python-version", "3.11", "--all-extras", "--overrides", environment.OVERRIDES]
    form = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "constraints.txt"
        if not options.upgrade:
            shutil.copyfile(environment.CONSTRAINTS, made)  # uv keeps the versions that it finds in its output
        command = [BIN / "uv", "pip", "compile", *scope, *form, "--output-file", made, ROOT / "pyproject.toml"]
        status = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode
        if status:
            return status
        environment.CONSTRAINTS.write_text(head + made.read_text(encoding="utf-8"), encoding="utf-8")
    return 0


def _clean(_options: argparse.Namespace, _rest: list[str]) -> int:
    import shutil

    made = [ROOT / name for name in _MADE]
    made += [path for path in ROOT.rglob("__pycache__") if ROOT / ".venv" not in path.parents]
    for path in made:
        if path.exists():
            shutil.rmtree(path)
            print(f"removed {path.relative_to(ROOT)}")
    return 0


def _set_up_for_tests() -> None:
    """Servers from Debian first: they need a person's password, the rest does not."""
    import debian

    desktop = (ROOT / "app" / "main.py").exists()
    debian.install(debian.missing_for_tests(desktop=desktop), reason="for the tests")
    environment.ensure(environment.needed_extras(test=True, desktop=desktop))


def _set_up_for_desktop() -> None:
    """What Qt loads at run time, where Debian's packages can bring it; elsewhere Qt itself says what it misses."""
    import shutil

    import debian

    if shutil.which("apt-get") is not None:
        debian.install(debian.missing_for_desktop(), reason="for the desktop")


def _install_peers() -> None:
    """Node-RED and a Node.js new enough for it, from package.json's exact versions; nothing when they are there already."""
    import shutil

    from progress import SetupError, Step, carry_out

    done = _BENCH_NODE / "node_modules" / ".pyfi-package.json"
    wanted = (_BENCH_NODE / "package.json").read_bytes()
    if done.exists() and done.read_bytes() == wanted:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SetupError("the benchmarks need npm, to install Node-RED: install Node.js with npm, then try again.")
    # A lock file would record the registry that a machine happens to use.
    command = [npm, "install", "--prefix", str(_BENCH_NODE), "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
    cure = "check that this machine reaches its npm registry, then run the same command again"
    carry_out([Step("install Node-RED", command, cure, 30)], environment.LOGS)
    done.write_bytes(wanted)


def _is_program(path: Path) -> bool:
    return "__main__" in path.read_text(encoding="utf-8")


def _has_display() -> bool:
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _become(command: list[str]) -> int:
    """Replace this process by `command`, so that signals and the exit status are its own."""
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)
    import subprocess

    return subprocess.call(command)


_COMMANDS = {
    "run": _run,
    "test": _test,
    "setup": _setup,
    "lint": _lint,
    "bench": _bench,
    "build": _build,
    "pin": _pin,
    "pictures": _pictures,
    "translate": _translate,
    "clean": _clean,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
