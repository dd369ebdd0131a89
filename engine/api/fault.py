"""Errors on their way through the API: the same class with the same sentence on both sides."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from msgspec import Struct

from engine import errors
from engine.errors import InvalidFlow, PyfiError
from engine.model.problem import Problem

_STATUS: dict[type[PyfiError], HTTPStatus] = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.InvalidFlow: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UsageError: HTTPStatus.BAD_REQUEST,
    errors.ConflictError: HTTPStatus.CONFLICT,
    errors.IntegrityError: HTTPStatus.CONFLICT,
    errors.WorkspaceBusy: HTTPStatus.CONFLICT,
    errors.StorageError: HTTPStatus.INSUFFICIENT_STORAGE,
}


_KINDS = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, PyfiError)}


class _Fault(Struct, frozen=True):
    type: str
    message: str
    problems: tuple[Problem, ...] = ()


class _Answer(Struct, frozen=True):
    error: _Fault


def status_of(error: PyfiError) -> HTTPStatus:
    """The HTTP status of an error."""
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)


def error_json(error: PyfiError) -> bytes:
    """An error as the body of an answer."""
    problems = error.problems if isinstance(error, InvalidFlow) else ()
    listed = tuple(each if isinstance(each, Problem) else Problem("", str(each)) for each in problems)
    return msgspec.json.encode(_Answer(_Fault(type(error).__name__, str(error), listed)))


def error_of(body: bytes) -> PyfiError:
    """The error behind an answer."""
    try:
        fault = msgspec.json.decode(body, type=_Answer).error
    except msgspec.DecodeError:
        return PyfiError("the engine answered with an error that it did not name; see what `pyfi serve` printed")
    if fault.type == "InvalidFlow":
        return InvalidFlow(fault.problems)
    return _KINDS.get(fault.type, PyfiError)(fault.message)
