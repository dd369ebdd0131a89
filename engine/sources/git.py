"""Code from a git commit: fetched once, kept as a plain folder."""

from __future__ import annotations

import io
import re
import tarfile
from pathlib import Path

import git
from git.exc import GitCommandError, GitCommandNotFound, UnsafeProtocolError

from engine.errors import EnvironmentFailed, NotFound, UsageError
from engine.sources.cache import cache_folder, digest, made_once

_URL = re.compile(r"^([a-z][a-z0-9+.-]*://|[^/\s]+@[^/\s]+:)", re.IGNORECASE)
_COMMIT = re.compile(r"^[0-9a-zA-Z][0-9a-zA-Z._/-]*$")
_FULL_COMMIT = re.compile(r"^[0-9a-f]{40}$")


def checkout(repository: str, commit: str, folder: Path) -> Path:
    """A folder with the files of `commit`.

    Args:
        repository: A URL, or the path of a repository, from `folder` on.
        commit: A commit's hash (40 digits are found without asking the repository again), a tag or a branch.
        folder: What relative paths start from: the flow file's folder.

    Raises:
        UsageError: the repository or commit is not written as one.
        NotFound: there is no such repository or commit.
        EnvironmentFailed: git is not installed, or cannot reach the repository.
    """
    location = _location(repository, folder)
    if not _COMMIT.match(commit):
        raise UsageError(f"git commit '{commit}' is not a hash, tag or branch; write the commit's hash")
    name = digest(location)
    if not _FULL_COMMIT.match(commit):
        commit = _resolve(location, commit)
    return made_once(cache_folder("checkouts") / f"{name}-{commit}", lambda target: _extract(location, commit, target))


def _location(repository: str, folder: Path) -> str:
    if _URL.match(repository):
        return repository
    path = (folder / Path(repository).expanduser()).resolve()
    if not path.is_dir():
        raise NotFound(f"there is no git repository at {path}; check `git.repo` (a path is taken from the flow file's folder)")
    return str(path)


def _resolve(location: str, name: str) -> str:
    """The hash behind a tag, a branch or a short hash."""
    repository = _fetched(location)
    for candidate in (f"refs/tags/{name}", f"refs/heads/{name}", name):
        try:
            return str(repository.git.rev_parse("--verify", "--quiet", f"{candidate}^{{commit}}"))
        except GitCommandError:
            continue
    raise NotFound(f"there is no commit, tag or branch '{name}' in {location}; push it, or correct `git.commit`")


def _fetched(location: str) -> git.Repo:
    """A bare copy of the repository, up to date."""
    copy = made_once(cache_folder("repositories") / digest(location), lambda target: _clone(location, target))
    repository = git.Repo(copy)
    try:
        repository.git.fetch("--quiet", "--prune", "--tags", "origin", "+refs/heads/*:refs/heads/*")
    except GitCommandError as error:
        raise _unreachable(location, error) from error
    return repository


def _clone(location: str, target: Path) -> None:
    try:
        git.Repo.clone_from(location, target, bare=True)
    except GitCommandNotFound as error:
        raise EnvironmentFailed("git is not installed, and a processor takes its code from git; install git") from error
    except UnsafeProtocolError as error:
        raise UsageError(
            f"git repository '{location}' uses a protocol that could run programs; use https, ssh or a path"
        ) from error
    except GitCommandError as error:
        raise _unreachable(location, error) from error


def _extract(location: str, commit: str, target: Path) -> None:
    repository = git.Repo(made_once(cache_folder("repositories") / digest(location), lambda path: _clone(location, path)))
    if not _has(repository, commit):
        repository = _fetched(location)
    if not _has(repository, commit):
        raise NotFound(f"there is no commit {commit} in {location}; push it, or correct `git.commit`")
    archive = io.BytesIO()
    repository.archive(archive, treeish=commit)
    archive.seek(0)
    with tarfile.open(fileobj=archive) as files:
        files.extractall(target, filter="data")


def _has(repository: git.Repo, commit: str) -> bool:
    try:
        repository.git.cat_file("-e", f"{commit}^{{commit}}")
    except GitCommandError:
        return False
    return True


def _unreachable(location: str, error: GitCommandError) -> EnvironmentFailed:
    said = next((line for line in str(error.stderr).splitlines() if "fatal" in line), "").replace("stderr: ", "").strip(" '")
    return EnvironmentFailed(
        f"cannot fetch git repository {location}: {said or 'git failed'}; check the address and your access"
    )
