"""Code from git: what can be chosen in a repository, what is new since the commit that a processor is pinned to."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct, structs

from engine.errors import PyfiError, UsageError
from engine.model import edits
from engine.model.change import Change
from engine.model.flow import Flow, Git, Processor
from engine.model.parameters import resolve_git
from engine.sources.credential import forget_token, keep_token
from engine.sources.repository import Function, Repository
from engine.sources.working_tree import Entry

__all__ = ["Entry", "Function", "News", "Repository", "forget_token", "keep_token", "news_of", "pinned", "update"]


class News(Struct, frozen=True):
    """What is new for a processor: `commits` on `branch` since its own, newest first; or the `trouble` that kept us from it."""

    step: str
    git: Git
    branch: str = ""
    commits: tuple[Entry, ...] = ()
    trouble: str = ""

    @property
    def newest(self) -> str:
        """The commit to update to; empty when there is none."""
        return self.commits[0].commit if self.commits else ""


def news_of(flow: Flow, folder: Path, steps: tuple[str, ...] = ()) -> list[News]:
    """What is new for the processors of a flow, or for some of them, that take their code from git. Asks the repositories.

    Raises UsageError when one of `steps` takes no code from git.
    """
    found = {id: step for id, step in flow.steps.items() if isinstance(step, Processor) and step.git is not None}
    for id in steps:
        if id not in found:
            raise UsageError(f"'{id}' is no processor that takes its code from git; those are: {', '.join(found) or 'none'}")
    return [_news(id, step, flow, folder) for id, step in found.items() if not steps or id in steps]


def _news(id: str, step: Processor, flow: Flow, folder: Path) -> News:
    assert step.git is not None
    try:
        git = resolve_git(step.git, flow.parameters)
        repository = Repository(git.repo, folder)
        branch, commits = repository.news(git.commit)
    except PyfiError as error:
        return News(id, step.git, trouble=str(error))
    return News(id, step.git, branch, tuple(commits), str(repository.trouble or ""))


def update(flow: Flow, news: list[News], within: str = "") -> list[Change]:
    """The changes that pin processors to the newest commits; as one edit, so that one undo takes it back."""
    changes: list[Change] = []
    for each in news:
        if each.newest:
            changes += edits.configure(flow, each.step, within, git=structs.replace(each.git, commit=each.newest))
    return changes


def pinned(git: Git, folder: Path) -> Git:
    """The same code by its commit's hash, whatever the name of a branch or tag comes to mean.

    Raises NotFound and EnvironmentFailed as `Repository` does.
    """
    return structs.replace(git, commit=Repository(git.repo, folder).resolve(git.commit))
