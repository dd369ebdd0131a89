from __future__ import annotations

import datetime as dt
import json
import math

from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.readable import as_json
from engine.runtime.typed_json import from_json

# Beyond these a float, as which a span of time is shown, does not tell microseconds.
SPANS = st.timedeltas(min_value=dt.timedelta(days=-90_000), max_value=dt.timedelta(days=90_000))
HASHABLE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(st.characters(codec="utf-8")), st.binary(), st.uuids(), st.dates(), SPANS,
)  # fmt: skip
SCALARS = st.one_of(
    HASHABLE,
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False),
    st.datetimes(),
    st.times(),
    st.complex_numbers(allow_nan=False),
)


@given(
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(
            st.lists(inner), st.tuples(inner, inner), st.sets(HASHABLE), st.frozensets(HASHABLE),
            st.dictionaries(st.integers() | st.text(st.characters(codec="utf-8")) | st.just("$type"), inner),
        ),
        max_leaves=20,
    )
)  # fmt: skip
def test_what_is_shown_as_json_is_read_as_the_same_value(value):
    sent = json.loads(json.dumps(as_json(value, 1 << 40)))
    read = from_json(sent)
    assert type(read) is type(value)
    assert read == value


def test_what_is_no_number_stays_none():
    for value in (math.nan, complex(math.nan, 1)):
        assert str(from_json(json.loads(json.dumps(as_json(value))))) == str(value)


def test_bytes_may_be_written_as_text_base64_or_hexadecimal():
    for given_ in ({"text": "é"}, {"base64": "w6k="}, {"hex": "c3 a9"}):
        assert from_json({"$type": "bytes", **given_}) == b"\xc3\xa9"
