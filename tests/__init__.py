"""Tests mirror the code: `engine/model/flow.py` is tested by `tests/engine/model/test_flow.py`."""
