"""What tests of the cluster share."""

from __future__ import annotations

import pytest

from tests.cluster.brokers import KINDS, TestBroker, open_broker


@pytest.fixture(params=KINDS)
def broker(request: pytest.FixtureRequest) -> TestBroker:
    """Every kind of broker, one after the other."""
    return open_broker(request.param, request)
