"""Flow files: what they may hold, what they give, and how they complain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.codec import dump_flow, dump_part, load_flow, load_part
from engine.model.flow import Flow, Processor
from tests.engine.model.strategies import flows, processors


@settings(max_examples=150, deadline=None)
@given(flows())
def test_export_then_import_is_the_same_flow_and_the_same_bytes(flow: Flow) -> None:
    text = dump_flow(flow)
    again = load_flow(text)
    assert again == flow
    assert list(again.steps) == list(flow.steps)
    assert dump_flow(again) == text
