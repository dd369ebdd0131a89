"""Forms to be clicked and typed into."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.app.form.shown_form import ShownForm


@pytest.fixture
def shown(qtbot) -> Callable[..., ShownForm]:
    """Show a form of some settings, with values."""
    return lambda settings, values=None, **more: ShownForm(qtbot, settings, values, **more)
