"""Makes the git repository `repository/` that the flow takes its code from. Run it once before the flow.

Author and date are fixed, so the commit has the same hash everywhere, and the flow can name it.
"""

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXED = {
    "GIT_AUTHOR_NAME": "PYFI example",
    "GIT_AUTHOR_EMAIL": "example@localhost",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00+00:00",
    "GIT_COMMITTER_NAME": "PYFI example",
    "GIT_COMMITTER_EMAIL": "example@localhost",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00+00:00",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(*arguments: str) -> str:
    """Run git in the repository."""
    command = ["git", "-C", str(HERE / "repository"), *arguments]
    return subprocess.run(command, check=True, env={**os.environ, **FIXED}, capture_output=True, text=True).stdout.strip()


def main() -> None:
    """Make the repository anew, with one commit."""
    shutil.rmtree(HERE / "repository", ignore_errors=True)
    (HERE / "repository" / "ext").mkdir(parents=True)
    shutil.copyfile(HERE / "code" / "text.py", HERE / "repository" / "ext" / "text.py")
    (HERE / "repository" / "ext" / "__init__.py").touch()
    git("init", "--quiet", "--initial-branch=main", "--object-format=sha1")
    git("add", "ext/__init__.py", "ext/text.py")
    git("-c", "core.fileMode=false", "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "Add processors for text")
    print(f"repository/ is there, at commit {git('rev-parse', 'HEAD')}")


if __name__ == "__main__":
    main()
