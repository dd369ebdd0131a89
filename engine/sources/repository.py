"""What there is to choose from in a repository: branches, tags, commits, modules, functions; and what is new in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path, PurePosixPath
from typing import Any

from git.exc import GitCommandError
from msgspec import Struct

from engine.errors import EnvironmentFailed, NotFound
from engine.model.processor_check import MODULE
from engine.sources.git import check_commit, commit_of, fetched, location
from engine.sources.working_tree import Entry, entries

_ENDINGS = {"python": (".py",), "node": (".js", ".cjs", ".mjs"), "bash": (".sh",)}
_EXPORTED = re.compile(r"^\s*(?:module\.)?exports\.(\w+)\s*=|^export\s+(?:async\s+)?function\s*\*?\s*(\w+)", re.MULTILINE)
_LISTS = re.compile(r"(.*/)?(requirements[\w.-]*\.txt|package\.json)")


class Function(Struct, frozen=True):
    """A function of a module: its head, as `f(message, *args)`, and the first line of its documentation."""

    name: str
    head: str
    summary: str


class Repository:
    """A repository as it is now, or, without a network, as it was fetched last: then `trouble` says why.

    Everything here may take as long as git does; raises EnvironmentFailed, NotFound and UsageError as `checkout` does.
    """

    def __init__(self, repository: str, folder: Path) -> None:
        self._where = location(repository, folder)
        self._repo, failed = fetched(self._where)
        self.trouble: EnvironmentFailed | None = failed

    def branches(self) -> list[str]:
        """The branches, the main one first."""
        names = [head.name for head in self._repo.heads]
        try:
            main = self._repo.active_branch.name
        except TypeError:
            main = ""
        return sorted(names, key=lambda name: (name != main, name))

    def tags(self) -> list[str]:
        """The tags, the newest first."""
        listed = str(self._repo.git.for_each_ref("refs/tags", "--sort=-creatordate", "--format=%(refname:strip=2)"))
        return listed.splitlines()

    def resolve(self, name: str) -> str:
        """The hash of a tag's commit, of a branch's last, or of a short hash."""
        check_commit(name)
        found = commit_of(self._repo, name)
        if not found:
            raise NotFound(f"there is no commit, tag or branch '{name}' in {self._where}")
        return found

    def commits(self, name: str, most: int = 200) -> list[Entry]:
        """The commits up to a branch, tag or commit, the newest first."""
        return list(entries(self._repo, f"-{most}", self.resolve(name)))

    def modules(self, commit: str, runtime: str = "python") -> list[str]:
        """The modules of a commit, with dots; those that no name can stand for are left out."""
        found = [_module(path, _ENDINGS.get(runtime, ())) for path in self._files(commit)]
        return sorted({module for module in found if module})

    def lists(self, commit: str) -> list[str]:
        """Files of a commit that list packages."""
        return [path for path in self._files(commit) if _LISTS.fullmatch(path)]

    def functions(self, commit: str, module: str, runtime: str = "python") -> list[Function]:
        """The functions of a module that a processor can call."""
        text = self._text(self.resolve(commit), module, runtime)
        if runtime == "bash":
            return []
        if runtime == "node":
            names = [first or second for first, second in _EXPORTED.findall(text)]
            return [Function(name, name, "") for name in dict.fromkeys(names)]
        try:
            tree = ast.parse(text)
        except SyntaxError:
            return []
        return [_function(node) for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]

    def news(self, pinned: str) -> tuple[str, list[Entry]]:
        """The branch that a commit is on (the main one, if it is on that), and what was committed to it since, newest first.

        The branch is empty where the commit is on none any more.
        """
        pinned = self.resolve(pinned)
        holding = str(self._repo.git.for_each_ref("refs/heads", f"--contains={pinned}", "--format=%(refname:strip=2)"))
        there = set(holding.splitlines())
        branch = next((each for each in self.branches() if each in there), "")
        return branch, list(entries(self._repo, f"{pinned}..refs/heads/{branch}")) if branch else []

    def changes(self, before: str, after: str, module: str) -> str:
        """What two commits differ in, as a patch of the files of a module's folder."""
        folder = module.replace(".", "/").rpartition("/")[0] or "."
        return str(self._repo.git.diff(self.resolve(before), self.resolve(after), "--", folder))

    def _files(self, commit: str) -> list[str]:
        listed: Any = self._repo.git.ls_tree("-r", "--name-only", "-z", self.resolve(commit))
        return [path for path in str(listed).split("\0") if path]

    def _text(self, commit: str, module: str, runtime: str) -> str:
        stem = module.replace(".", "/")
        for path in (*(f"{stem}{ending}" for ending in _ENDINGS.get(runtime, ())), f"{stem}/__init__.py", f"{stem}/index.js"):
            try:
                return str(self._repo.git.show(f"{commit}:{path}", strip_newline_in_stdout=False))
            except GitCommandError:
                continue
        raise NotFound(f"there is no module '{module}' at commit {commit[:10]} of {self._where}; choose another")


def _module(path: str, endings: tuple[str, ...]) -> str:
    file = PurePosixPath(path)
    if file.suffix not in endings or file.name == "setup.py":
        return ""
    parts = [*file.parent.parts, *([] if file.stem in ("__init__", "index") else [file.stem])]
    module = ".".join(parts)
    return module if MODULE.fullmatch(module) else ""


def _function(node: ast.FunctionDef) -> Function:
    summary = (ast.get_docstring(node) or "").strip().partition("\n")[0]
    return Function(node.name, f"{node.name}({ast.unparse(node.args)})", summary)
