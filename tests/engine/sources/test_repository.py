"""Code from git: chosen from lists, pinned, private, allowed, and there without a network."""

from __future__ import annotations

import base64
import functools
import http.server
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import pytest
from keyring.errors import PasswordDeleteError

from engine.client.code_git import news_of, pinned, update
from engine.errors import EnvironmentFailed, NotFound, UsageError
from engine.model.apply import apply
from engine.model.change import invert
from engine.model.codec import load_flow
from engine.model.flow import Git, Processor
from engine.sources.credential import forget_token, keep_token, token_of
from engine.sources.git import checkout, resolve
from engine.sources.repository import Function, Repository

SAMPLE = '''
def do_something(message, *args, plugs={}, output={}, **kwargs):
    """Does something.

    More.
    """
    plugs["other"] = [message]
    return helper(message)


def helper(message):
    return [message]


def _hidden():
    pass


class Sample:
    pass
'''


class Origin:
    """A repository that others take code from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.first = self.commit(
            "First", {"ext/__init__.py": "", "ext/sample.py": SAMPLE, "setup.py": "", "requirements.txt": ""}
        )

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, message: str, files: dict[str, str]) -> str:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def origin(git_user: None, tmp_path: Path) -> Origin:
    return Origin(tmp_path / "origin")


class Keyring(keyring.backend.KeyringBackend):
    """A keyring in memory, as desktops have one."""

    priority = 1  # pyright: ignore[reportAssignmentType] - so keyring's own document it

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("there is none")


@pytest.fixture
def ring() -> Iterator[Keyring]:
    before, made = keyring.get_keyring(), Keyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_a_tag_comes_before_a_branch_of_its_name_wherever_it_is_asked_for(origin: Origin) -> None:
    origin.git("tag", "both")
    origin.git("switch", "--quiet", "-c", "both")
    origin.commit("Second", {"more.py": ""})
    assert Repository(str(origin.folder), Path()).resolve("both") == origin.first
    assert resolve(str(origin.folder), "both") == origin.first


def test_branches_tags_commits_modules_and_functions_are_listed(origin: Origin) -> None:
    origin.git("tag", "v1")
    origin.git("switch", "--quiet", "-c", "beta")
    second = origin.commit(
        "Second", {"ext/more.py": "def one(): pass\n", "js/step.js": "exports.go = () => 1;\n", "a b.py": ""}
    )
    origin.git("switch", "--quiet", "main")
    found = Repository(str(origin.folder), Path())
    assert (found.branches(), found.tags(), found.trouble) == (["main", "beta"], ["v1"], None)
    assert [each.subject for each in found.commits("beta")] == ["Second", "First"]
    assert found.resolve("beta") == found.resolve(second[:8]) == second
    assert found.modules("main") == ["ext", "ext.sample"]
    assert found.modules("beta") == ["ext", "ext.more", "ext.sample"], "what no dotted name can say is left out"
    assert found.modules("beta", "node") == ["js.step"]
    assert found.lists("main") == ["requirements.txt"]
    assert found.functions("main", "ext.sample") == [
        Function("do_something", "do_something(message, *args, plugs={}, output={}, **kwargs)", "Does something."),
        Function("helper", "helper(message)", ""),
    ]
    assert [each.name for each in found.functions("beta", "js.step", "node")] == ["go"]
    with pytest.raises(NotFound, match=r"there is no module 'ext\.none' at commit"):
        found.functions("main", "ext.none")
    with pytest.raises(UsageError, match="is not a hash, tag or branch"):
        found.resolve("--upload-pack=x")


def test_new_commits_are_told_and_an_update_is_one_edit_that_undo_takes_back(origin: Origin) -> None:
    flow = load_flow(
        f"pyfi: 1\nname: f\nprocessors:\n  - id: a\n    type: python\n    function: helper\n"
        f"    git: {{repo: {origin.folder}, commit: {origin.first}, module: ext.sample}}\n"
    )
    assert news_of(flow, Path())[0].commits == ()
    origin.commit("Second", {"ext/sample.py": SAMPLE + "\n"})
    third = origin.commit("Third", {"ext/sample.py": SAMPLE + "\n\n"})
    (news,) = news_of(flow, Path())
    assert (news.branch, [each.subject for each in news.commits], news.trouble) == ("main", ["Third", "Second"], "")
    changes = update(flow, [news])
    changed = apply(flow, changes)
    step = changed.steps["a"]
    assert isinstance(step, Processor)
    assert step.git == Git(str(origin.folder), third, "ext.sample")
    assert apply(changed, invert(changes)) == flow
    with pytest.raises(UsageError, match="'b' is no processor that takes its code from git; those are: a"):
        news_of(flow, Path(), ("b",))


def test_a_name_is_pinned_to_its_commit_and_what_was_fetched_is_there_without_the_repository(origin: Origin) -> None:
    git = pinned(Git(str(origin.folder), "main", "ext.sample"), Path())
    assert git.commit == origin.first
    assert (checkout(git.repo, git.commit, Path()) / "ext/sample.py").is_file()
    (origin.folder / ".git").rename(origin.folder / "gone")
    assert (checkout(git.repo, git.commit, Path()) / "ext/sample.py").is_file()
    assert checkout(git.repo, "main", Path()).name.endswith(origin.first), "a branch is as it was fetched last"
    found = Repository(git.repo, Path())
    assert found.modules("main") == ["ext", "ext.sample"]
    assert "cannot fetch git repository" in str(found.trouble)
    with pytest.raises(EnvironmentFailed, match="cannot fetch git repository"):
        checkout(git.repo, "v9", Path())


def test_code_comes_only_from_repositories_that_are_allowed(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFI_REPOSITORIES", f"https://example.org/* {origin.folder.parent}/*")
    assert checkout(str(origin.folder), "main", Path()).is_dir()
    monkeypatch.setenv("PYFI_REPOSITORIES", "https://example.org/team/*")
    for repository in (str(origin.folder), "https://example.org/other/x.git", "git@example.org:team/x.git"):
        with pytest.raises(UsageError, match=r"code may not come from .*: it is not among the setting `repositories`"):
            checkout(repository, "main", Path())


class _Private(http.server.SimpleHTTPRequestHandler):
    """Gives files to whoever has the token."""

    def do_GET(self) -> None:
        wanted = "Basic " + base64.b64encode(b"x-access-token:the-token").decode()
        if self.headers.get("Authorization") != wanted:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_private_repository_is_read_with_the_token_of_its_host_from_the_keyring(origin: Origin, ring: Keyring) -> None:
    origin.git("update-server-info")
    handler = functools.partial(_Private, directory=str(origin.folder / ".git"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        url = f"http://{host}/"
        with pytest.raises(EnvironmentFailed, match="keep a token for its host with `pyfi git token HOST`, or use ssh"):
            checkout(url, "main", Path())
        keep_token(host, "the-token\n")
        assert ring.kept == {("pyfi-git", host): "the-token"}
        assert checkout(url, "main", Path()).is_dir()
        server.shutdown()
    assert forget_token(host)
    assert not forget_token(host)
    assert token_of(host) is None


def test_a_machine_without_a_keyring_says_what_to_do_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends.fail import Keyring as NoKeyring

    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    try:
        with pytest.raises(EnvironmentFailed, match=r"no keyring .* set the variable PYFI_GIT_TOKEN_git_example_org instead"):
            keep_token("git.example.org", "x")
        monkeypatch.setenv("PYFI_GIT_TOKEN_git_example_org", "from-a-variable")
        assert token_of("git.example.org") == "from-a-variable"
        with pytest.raises(UsageError, match="is no name of a host"):
            keep_token("https://git.example.org/x", "x")
    finally:
        keyring.set_keyring(before)


def test_a_repository_of_the_first_pyfi_runs_as_it_is(origin: Origin, tmp_path: Path) -> None:
    from tests.engine.runtime.running import NUMBERS, Bench, flow

    steps = f"""
- id: work
  type: python
  function: do_something
  outputs: [success, other, failure]
  git: {{repo: {origin.folder}, commit: {origin.first}, module: ext.sample}}
- {{id: out, type: write_lines, config: {{path: out.jsonl}}}}
- {{id: others, type: write_lines, config: {{path: others.jsonl}}}}
"""
    links = "numbers.success -> work.in\nwork.success -> out.in\nwork.other -> others.in"
    bench = Bench(tmp_path, flow(NUMBERS + steps, links, "parameters: {count: 3}\n"))
    assert bench.run().summary["dead_letters"] == 0
    assert bench.lines("out.jsonl") == [[0], [1], [2]]
    assert bench.lines("others.jsonl") == [0, 1, 2]
