"""Code from a git commit: fetched once, kept as a plain folder. What is kept is used without a network."""

from __future__ import annotations

import fnmatch
import io
import re
import tarfile
from pathlib import Path

import git
from git.exc import GitCommandError, GitCommandNotFound, UnsafeProtocolError

from engine.errors import EnvironmentFailed, NotFound, UsageError
from engine.settings import read_settings
from engine.sources.cache import cache_folder, digest, made_once
from engine.sources.credential import git_environment

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
        UsageError: the repository or commit is not written as one, or code may not come from there.
        NotFound: there is no such repository or commit.
        EnvironmentFailed: git is not installed, or cannot reach the repository.
    """
    where = location(repository, folder)
    check_commit(commit)
    name = digest(where)
    if not _FULL_COMMIT.match(commit):
        commit = resolve(where, commit)
    return made_once(cache_folder("checkouts") / f"{name}-{commit}", lambda target: _extract(where, commit, target))


def check_commit(commit: str) -> None:
    """Raises UsageError for what git could take for something else."""
    if not _COMMIT.match(commit):
        raise UsageError(f"git commit '{commit}' is not a hash, tag or branch; write the commit's hash")


def location(repository: str, folder: Path) -> str:
    """A repository's URL or whole path, if code may come from there.

    Raises UsageError when it may not, NotFound when there is no such folder.
    """
    found = repository
    if not _URL.match(repository):
        path = (folder / Path(repository).expanduser()).resolve()
        if not path.is_dir():
            raise NotFound(f"there is no git repository at {path}; check `git.repo` (a path starts at the flow file's folder)")
        found = str(path)
    allowed = allowed_repositories()
    if allowed and not any(fnmatch.fnmatchcase(found, pattern) for pattern in allowed):
        raise UsageError(f"code may not come from {found}: it is not among the setting `repositories`; add it there")
    return found


def allowed_repositories() -> tuple[str, ...]:
    """The patterns of repositories that code may come from; none: any."""
    setting = read_settings().repositories
    return tuple(setting.split()) if isinstance(setting, str) else setting


def resolve(where: str, name: str) -> str:
    """The hash behind a tag, a branch or a short hash. Without a network, that which was fetched last.

    Raises:
        NotFound: there is none.
        EnvironmentFailed: it is not among what was fetched, and the repository cannot be reached.
    """
    repository, trouble = fetched(where)
    found = commit_of(repository, name)
    if found:
        return found
    if trouble is not None:
        raise trouble
    raise NotFound(f"there is no commit, tag or branch '{name}' in {where}; push it, or correct `git.commit`")


def commit_of(repository: git.Repo, name: str) -> str:
    """The hash behind a name, or nothing. A tag comes before a branch of the same name, as in git itself."""
    for candidate in (f"refs/tags/{name}", f"refs/heads/{name}", name):
        try:
            return str(repository.git.rev_parse("--verify", "--quiet", f"{candidate}^{{commit}}"))
        except GitCommandError:
            continue
    return ""


def fetched(where: str) -> tuple[git.Repo, EnvironmentFailed | None]:
    """A bare copy of the repository, up to date, or why it is not.

    Raises EnvironmentFailed when there is no copy and none can be made.
    """
    repository = _copy(where)
    try:
        with repository.git.custom_environment(**git_environment(where)):
            repository.git.fetch("--quiet", "--prune", "--tags", "--force", "origin", "+refs/heads/*:refs/heads/*")
    except GitCommandError as error:
        return repository, _unreachable(where, error)
    return repository, None


def _copy(where: str) -> git.Repo:
    return git.Repo(made_once(cache_folder("repositories") / digest(where), lambda target: _clone(where, target)))


def _clone(where: str, target: Path) -> None:
    try:
        git.Repo.clone_from(where, target, bare=True, env=git_environment(where))
    except GitCommandNotFound as error:
        raise EnvironmentFailed("git is not installed, and a processor takes its code from git; install git") from error
    except UnsafeProtocolError as error:
        raise UsageError(
            f"git repository '{where}' uses a protocol that could run programs; use https, ssh or a path"
        ) from error
    except GitCommandError as error:
        raise _unreachable(where, error) from error


def _extract(where: str, commit: str, target: Path) -> None:
    repository, trouble = _copy(where), None
    if not _has(repository, commit):
        repository, trouble = fetched(where)
    if not _has(repository, commit):
        raise trouble or NotFound(f"there is no commit {commit} in {where}; push it, or correct `git.commit`")
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


def _unreachable(where: str, error: GitCommandError) -> EnvironmentFailed:
    said = next((line for line in str(error.stderr).splitlines() if "fatal" in line), "").replace("stderr: ", "").strip(" '")
    denied = "could not read Username" in said or "Authentication failed" in said or "terminal prompts disabled" in said
    cure = "keep a token for its host with `pyfi git token HOST`, or use ssh" if denied else "check the address and your access"
    return EnvironmentFailed(f"cannot fetch git repository {where}: {said or 'git failed'}; {cure}")
