"""Tokens for private repositories: kept in the system's keyring, given to git where they belong and shown nowhere.

On machines without a keyring, such as nodes of a cluster, a variable stands in: `PYFI_GIT_TOKEN_git_example_org`.
"""

from __future__ import annotations

import base64
import os
import re
from urllib.parse import urlsplit

from engine.errors import EnvironmentFailed, UsageError

_SERVICE = "pyfi-git"
_ENV = "PYFI_GIT_TOKEN_"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")
_LOGIN = re.compile(r"(\w+://)[^/\s]+@")
"""What stands before the host of a URL, up to the last `@`: a password may hold others."""


def masked(text: str) -> str:
    """The text without what its URLs log in with: a name alone may be a token, so it goes, too."""
    return _LOGIN.sub(r"\1***@", text)


def keep_token(host: str, token: str) -> None:
    """Keep a token for the repositories of a host, such as `git.example.org`.

    Raises:
        UsageError: that is no host, or no token.
        EnvironmentFailed: there is no keyring.
    """
    if not _HOST.fullmatch(host):
        raise UsageError(f"'{host}' is no name of a host, such as git.example.org; leave out `https://` and what follows")
    if not token.strip():
        raise UsageError("a token must not be empty; make one on the pages of the host")
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, host.lower(), token.strip())
    except KeyringError as error:
        raise _no_keyring(host, error) from None


def forget_token(host: str) -> bool:
    """Forget the token of a host; returns whether there was one.

    Raises EnvironmentFailed when there is no keyring.
    """
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        keyring.delete_password(_SERVICE, host.lower())
    except PasswordDeleteError:
        return False
    except KeyringError as error:
        raise _no_keyring(host, error) from None
    return True


def token_of(host: str) -> str | None:
    """The token for a host, if there is one."""
    given = os.environ.get(_ENV + re.sub(r"\W", "_", host))
    if given:
        return given
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, host.lower())
    except KeyringError:
        return None


def git_environment(location: str) -> dict[str, str]:
    """Variables with which git reaches a repository: it never asks anybody, and a token goes to its own host only."""
    never_ask = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "SSH_ASKPASS": "true", "LC_ALL": "C.UTF-8"}
    if "GIT_SSH_COMMAND" not in os.environ:
        never_ask["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"
    parts = urlsplit(location) if "://" in location else None
    if parts is None or parts.scheme not in ("https", "http") or not parts.hostname or parts.username:
        return never_ask
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        return never_ask  # anybody on the way could read it
    host = parts.netloc
    token = token_of(host)
    if token is None:
        return never_ask
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return never_ask | {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{parts.scheme}://{host}/.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
    }


def _no_keyring(host: str, error: Exception) -> EnvironmentFailed:
    variable = _ENV + re.sub(r"\W", "_", host)
    reason = " ".join(str(error).split()).rstrip(".")
    return EnvironmentFailed(f"this machine has no keyring to keep a token in ({reason}); set the variable {variable} instead")
