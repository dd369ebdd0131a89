"""A flow file, or a folder of them, in the working tree of a git repository: states in commits, how it stands, committing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Literal

import git
from git.exc import GitCommandError, InvalidGitRepositoryError
from msgspec import Struct

from engine.errors import ConflictError, NotFound, UsageError

Status = Literal["unchanged", "changed", "new", "conflict"]
SUFFIXES = (".flow.yaml", ".flow.yml", ".flow.json")
"""How the names of flow files end."""
_FIELDS = ("%H", "%an", "%at", "%s")


class Entry(Struct, frozen=True):
    """A commit, as a log shows it."""

    commit: str
    author: str
    at_s: float
    subject: str


class WorkingTree:
    """The working tree that holds a file, or a folder of flow files.

    Raises NotFound when it is in none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        try:
            start = self.path if self.path.is_dir() else self.path.parent
            self._repo = git.Repo(start, search_parent_directories=True)
        except InvalidGitRepositoryError:
            raise NotFound(f"{path} is in no git repository; make one with `git init`") from None
        root = self._repo.working_tree_dir
        if root is None:
            raise NotFound(f"{path} is in a git repository without a working tree")
        self.root = Path(root)
        self._name = self.path.relative_to(self.root.resolve()).as_posix()

    @property
    def branch(self) -> str:
        """The branch that is checked out, or a commit's hash where none is."""
        return self._repo.head.commit.hexsha if self._repo.head.is_detached else self._repo.active_branch.name

    def branches(self) -> list[str]:
        """The local branches."""
        return [head.name for head in self._repo.heads]

    def status(self) -> Status:
        """How the file stands against the last commit."""
        return _status(str(self._git("status", "--porcelain", "--", self._name)))

    def flows(self, folder: Path | None = None) -> dict[str, Status]:
        """Flow files below a folder (None: the tree's own) that are not as they were committed, by their path from the root."""
        below = (folder or self.path).resolve().relative_to(self.root.resolve()).as_posix()
        said = str(self._git("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", below))
        cells = [cell for cell in said.split("\0") if cell[3:].endswith(SUFFIXES)]
        return {cell[3:]: _status(cell) for cell in cells}

    def others(self) -> list[str]:
        """Other flow files beside the file, and below, that could be committed with it, by their paths from the root."""
        found = self.flows(self.path.parent)
        return [name for name, status in found.items() if name != self._name and status != "conflict"]

    def log(self, most: int = 200) -> list[Entry]:
        """The commits that changed the file, the newest first."""
        if not self._repo.head.is_valid():
            return []
        follow = [] if self.path.is_dir() else ["--follow"]
        return list(entries(self._repo, f"-{most}", *follow, "--", self._name))

    def text(self, commit: str = "HEAD") -> str:
        """The file's text in a commit; `:1`, `:2`, `:3` are the three sides of a conflict (base, ours, theirs).

        Raises NotFound when it is not there.
        """
        if commit.startswith("-"):
            raise UsageError(f"'{commit}' is no commit")
        try:
            return str(self._repo.git.show(f"{commit}:{self._name}", strip_newline_in_stdout=False))
        except GitCommandError:
            name = self._name_in(commit)
            if name == self._name:
                raise NotFound(f"{self._name} is not in {commit}") from None
            return str(self._repo.git.show(f"{commit}:{name}", strip_newline_in_stdout=False))

    def _name_in(self, commit: str) -> str:
        """What the file was called in a commit of its log, before it was renamed."""
        if not self._repo.head.is_valid():
            return self._name
        said = str(self._repo.git.log("-z", "--follow", "--name-only", "--format=%x01%H", "--", self._name))
        names = {each[:40]: each[40:].strip("\0\n") for each in said.split("\x01")[1:]}
        return names.get(commit, self._name)

    def commit(self, message: str, branch: str = "", also: Collection[str] = ()) -> str:
        """Commit the file, and nothing else; returns the commit's hash. `branch`: only to this one.

        `also` are other files to commit with it, by their paths from the root.

        What concludes a merge is the exception: git commits that only as a whole, with the other files that came together.

        Raises:
            UsageError: there is no message.
            ConflictError: the file has conflicts, another branch is checked out, or git refuses; its own words.
        """
        if not message.strip():
            raise UsageError("a commit needs a message; say what was changed")
        if self.status() == "conflict":
            raise ConflictError(f"{self._name} has conflicts; settle them, or, if it is right as it is, `git add` it")
        if branch and self.branch != branch:
            raise ConflictError(f"the branch is '{self.branch}' now and no longer '{branch}'; look whether it belongs there")
        names = [self._name, *also]
        self._git("add", "--", *names)
        self._git("commit", "--quiet", "-m", message, *(() if self._is_merging() else ("--", *names)))
        return str(self._repo.head.commit.hexsha)

    def switch(self, branch: str, *, create: bool = False) -> None:
        """Check a branch out; git refuses, with ConflictError, where that would lose what is not committed."""
        if branch.startswith("-"):
            raise UsageError(f"'{branch}' is no name of a branch")
        self._git("switch", *(["--create"] if create else []), branch)

    def settle(self) -> None:
        """The conflict of the file is settled."""
        self._git("add", "--", self._name)

    def _is_merging(self) -> bool:
        return any((Path(self._repo.git_dir) / name).exists() for name in ("MERGE_HEAD", "CHERRY_PICK_HEAD"))

    def _git(self, command: str, *arguments: str) -> Any:
        try:
            return getattr(self._repo.git, command.replace("-", "_"))(*arguments, strip_newline_in_stdout=True)
        except GitCommandError as error:
            raise ConflictError(f"git {command} was refused: {said_by(error)}") from None


def _status(said: str) -> Status:
    """What a line of `git status --porcelain` means."""
    if not said:
        return "unchanged"
    if said[:2] in ("DD", "AU", "UD", "UA", "DU", "AA", "UU"):
        return "conflict"
    return "new" if said.startswith(("??", "A")) else "changed"


def entries(repository: git.Repo, *arguments: str) -> Iterator[Entry]:
    """Commits as `git log` finds them."""
    # NUL is the one character that no name or subject can hold.
    said = str(repository.git.log("-z", "--no-show-signature", f"--format={'%x00'.join(_FIELDS)}", *arguments))
    cells = iter(said.split("\0"))
    for commit, author, at_s, subject in zip(cells, cells, cells, cells, strict=False):
        yield Entry(commit, author, float(at_s), subject)


def said_by(error: GitCommandError) -> str:
    """What git said, in a line."""
    text = f"{error.stderr or error.stdout or error}".replace("stderr: ", "").replace("stdout: ", "").strip(" '\n")
    return " ".join(text.split())
