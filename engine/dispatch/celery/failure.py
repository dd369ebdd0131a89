"""What is wrong with a broker, in one sentence with the cure."""

from __future__ import annotations

import socket
import ssl

# py-amqp has no type information.
# pyright: reportMissingTypeStubs=false
from amqp.exceptions import AccessRefused, NotAllowed, ResourceLocked

from engine.dispatch.celery.broker import RABBITMQ, REDIS, SQS, Broker

_AWS_REFUSES = frozenset(
    {"InvalidClientTokenId", "SignatureDoesNotMatch", "AccessDenied", "AccessDeniedException", "UnrecognizedClientException"}
)
_LOST = ("ConnectionClosedError", "ConnectionForced", "RecoverableConnectionError", "UnexpectedFrame", "ConsumerCancelled")
_MOST_CHARS = 200


def explain(error: BaseException, broker: Broker) -> str:
    """Say which server fails, why, and what helps; never with a password."""
    chain = _chain(error)
    for one in chain:
        if said := _answer(one, broker) or _network(one, broker):
            return said
    last = chain[-1]
    text = " ".join(broker.without_secrets(str(last)).split())[:_MOST_CHARS]
    return f"{broker} fails ({text or type(last).__name__}): see its log"


def _chain(error: BaseException) -> list[BaseException]:
    """The error and those that led to it, the outermost first."""
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return found


def _network(error: BaseException, broker: Broker) -> str | None:
    """What keeps the server out of reach."""
    name, text = type(error).__name__, str(error).lower()
    if isinstance(error, ssl.SSLError):
        return f"{broker} does not speak TLS as the URL asks ({error.reason or error}): correct the scheme or `ca=` in the URL"
    if isinstance(error, socket.gaierror):
        return f"the host of {broker} is not known here: correct the URL"
    # Not "refused" alone: RabbitMQ says that of logins and rights.
    if isinstance(error, ConnectionRefusedError) or "connection refused" in text or name == "EndpointConnectionError":
        return f"{broker} refuses the connection: start it, or correct host and port in the URL"
    # WORKAROUND kombu 5.7: where a request to SQS fails it makes a list of the answer and asks that for messages; drop with one
    # that does not.
    is_half_answer = broker.title == SQS and isinstance(error, AttributeError) and "'list' object" in str(error)
    if isinstance(error, ConnectionError | EOFError) or name in _LOST or "closed by server" in text or is_half_answer:
        return f"{broker} has closed the connection: see that it runs, and its log"
    if isinstance(error, TimeoutError) or "timed out" in text or "timeout" in name.lower():
        return f"{broker} does not answer: see that it runs, and that no firewall is between"
    return None


def _answer(error: BaseException, broker: Broker) -> str | None:
    """What the server says against us."""
    name, text = type(error).__name__, str(error)
    user = f"user '{broker.user}'" if broker.user else "a user without a name"
    if broker.title == RABBITMQ:
        if isinstance(error, AccessRefused) and "login was refused" in text.lower():
            return f"{broker} does not accept {user} with the password in the URL: correct them"
        if isinstance(error, NotAllowed) and "not found" in text:
            return f"{broker} has no virtual host '{broker.place}': add it with `rabbitmqctl add_vhost`, or correct the URL"
        if isinstance(error, AccessRefused | NotAllowed | ResourceLocked):
            return (
                f"{broker} does not let {user} use the virtual host '{broker.place}': "
                "give the rights with `rabbitmqctl set_permissions`"
            )
    if broker.title == REDIS:
        if name == "AuthenticationError" or "NOAUTH" in text or "WRONGPASS" in text:
            return f"{broker} does not accept the password in the URL: correct it"
        if "DB index" in text:
            return f"{broker} has no database {broker.place}: correct the number in the URL"
    if broker.title == SQS:
        if any(code in text for code in _AWS_REFUSES) or name in ("NoCredentialsError", "PartialCredentialsError"):
            return f"{broker} does not accept the key and secret in the URL, or they lack the rights for SQS: correct them"
        if name == "NoRegionError":
            return f"{broker} needs a region: write sqs://…?region=REGION"
    return None
