"""The errors a user can meet, one drawn tree.

Every error says what is wrong, where, and the cure, in one sentence that needs no traceback.

    PyfiError
    +-- UsageError            the command or a setting is wrong               (exit 2)
    |   +-- FlowFileError     a flow file cannot be read as one
    |   +-- InvalidFlow       a flow has problems; carries all of them
    |   +-- NotFound          a named flow, processor, queue ... does not exist
    +-- ConflictError         somebody else changed the flow first
    |   +-- NameTaken         another has the name
    |   +-- Replaced          another agent has the place of this one
    +-- IntegrityError        an edit would break a rule the database keeps
    +-- WorkspaceBusy         another engine owns the workspace
    +-- EngineGone            the engine does not answer, or cannot be started
    +-- StorageError          the disk or the database refuses to take or give data
    |   +-- StorageFull
    |   +-- StorageReadOnly
    |   +-- NewerDatabase     written by a newer PYFI
    +-- ServerUnreachable     a server of a target does not answer, or lets us not in
    +-- HostError             a host process could not be started or broke its protocol
    +-- EnvironmentFailed     a runtime or an environment for user code is missing
    +-- CallFailed            a step that was called failed; carries its error
"""

from __future__ import annotations

from collections.abc import Sequence


class PyfiError(Exception):
    """Something the user can understand and cure."""

    exit_code = 1


class UsageError(PyfiError):
    """The command, its arguments or a setting is wrong."""

    exit_code = 2


class FlowFileError(UsageError):
    """A flow file cannot be read as a flow."""


class InvalidFlow(UsageError):
    """A flow has problems; `problems` names each part and reason, `partial` is what could be read of a file, if anything."""

    def __init__(self, problems: Sequence[object], partial: object = None) -> None:
        self.problems = tuple(problems)
        self.partial = partial
        super().__init__("\n".join(str(problem) for problem in self.problems))


class NotFound(UsageError):
    """A thing that was named does not exist."""


class ConflictError(PyfiError):
    """Somebody else changed the flow first."""


class NameTaken(ConflictError):
    """Another flow has the name. Unlike other conflicts it does not pass with what others did; only another name helps."""


class Replaced(ConflictError):
    """Another agent of the same name has joined since."""


class IntegrityError(PyfiError):
    """An edit would break a rule the database keeps."""


class WorkspaceBusy(PyfiError):
    """Another engine owns the workspace."""


class EngineGone(PyfiError):
    """The engine does not answer, or cannot be started."""


class StorageError(PyfiError):
    """The disk or the database refuses to take or give data."""


class StorageFull(StorageError):
    """There is no space left."""


class StorageReadOnly(StorageError):
    """The place may not be written."""


class NewerDatabase(StorageError):
    """The database was written by a newer PYFI."""


class ServerUnreachable(PyfiError):
    """A server of a target does not answer, or lets us not in."""


class HostError(PyfiError):
    """A host process could not be started or broke its protocol."""


class EnvironmentFailed(PyfiError):
    """A runtime or an environment for user code is missing."""


class CallFailed(PyfiError):
    """A call failed in a step; `type`, `message` and `traceback` are those of the user's code, `processor` is the step."""

    def __init__(self, type: str, message: str, *, traceback: str = "", processor: str = "") -> None:
        self.type = type
        self.message = message
        self.traceback = traceback
        self.processor = processor
        where = f"processor '{processor}' failed: " if processor else ""
        super().__init__(f"{where}{type}: {message}")
