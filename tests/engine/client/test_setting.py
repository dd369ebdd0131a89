"""What a setting may be."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from engine.client.setting import Kind, Setting, alternative, check_setting, title_of

PARAMETERS = {"slow_ms": 500, "word": "fast"}
TEXT = Setting(name="", kind=Kind.TEXT, shortest=1)


def made(kind: Kind, **more) -> Setting:
    return Setting(name="it", kind=kind, parameters=True, **more)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (made(Kind.TEXT), ""),
        (made(Kind.TEXT, pattern="a+"), "aaa"),
        (made(Kind.TEXT, nullable=True), None),
        (made(Kind.TEXT), UNSET),
        (made(Kind.ANY), None),
        (made(Kind.EXPRESSION), "content['ms'] > params['slow_ms']"),
        (made(Kind.INTEGER, minimum=1, maximum=9), 9),
        (made(Kind.INTEGER), "${slow_ms}"),
        (made(Kind.TEXT), "very ${word}"),
        (made(Kind.NUMBER, minimum=0), 0.5),
        (made(Kind.BOOLEAN), False),
        (made(Kind.CHOICE, choices=("a", "b")), "b"),
        (made(Kind.DURATION, minimum=0), "1h30m"),
        (made(Kind.DURATION), 5),
        (made(Kind.SIZE), "64KiB"),
        (made(Kind.COLOR), "#31975b"),
        (made(Kind.SCHEDULE), "once"),
        (made(Kind.SCHEDULE), {"cron": "*/5 * * * *"}),
        (made(Kind.LIST, item=TEXT), ["a", "b"]),
        (made(Kind.MAPPING, item=made(Kind.EXPRESSION)), {"slow": "content > 1"}),
        (made(Kind.GROUP, fields=(Setting(name="attempts", kind=Kind.INTEGER, minimum=0),)), {"attempts": 3}),
        (made(Kind.EITHER, alternatives=(TEXT, made(Kind.LIST, item=TEXT))), ["a"]),
    ],
    ids=str,
)
def test_a_value_that_fits_is_no_problem(setting: Setting, value: object):
    assert check_setting(setting, value, PARAMETERS) is None


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        (made(Kind.TEXT, required=True), UNSET, "must be given"),
        (made(Kind.TEXT), None, "must not be empty"),
        (made(Kind.TEXT), 5, "must be text, not 5"),
        (TEXT, "", "must not be empty"),
        (made(Kind.TEXT, pattern="a+", pattern_meaning="must be a row of a"), "b", "must be a row of a"),
        (made(Kind.TEXT), "${wrod}", "there is no parameter 'wrod'; did you mean 'word'?"),
        (made(Kind.INTEGER), "${word}", "must be a whole number, not 'fast'"),
        (made(Kind.INTEGER), True, "must be a whole number, not True"),
        (made(Kind.INTEGER, minimum=1, maximum=65535), 0, "must be from 1 to 65535"),
        (made(Kind.INTEGER, minimum=100_000), 5, "must be 100000 or more"),
        (made(Kind.NUMBER, maximum=0.5), 1, "must be 0.5 or less"),
        (made(Kind.BOOLEAN), "yes", "must be true or false, not 'yes'"),
        (made(Kind.CHOICE, choices=("a", "b")), "c", "must be one of a, b"),
        (made(Kind.DURATION), "soon", "must be a duration such as 500ms, 30s, 5m or 1h30m"),
        (made(Kind.DURATION, minimum=0), "-5s", "must not be less than 0s"),
        (made(Kind.SIZE), "big", "must be a size such as 4096, 64KB, 512MB or 1GB"),
        (made(Kind.COLOR), "green", "must be a colour such as #31975b"),
        (made(Kind.SCHEDULE), {"every": "soon"}, "every must be a duration such as 500ms, 30s, 5m or 1h30m, not 'soon'"),
        (made(Kind.LIST, shortest=1), [], "must not be empty"),
        (made(Kind.LIST, item=TEXT), ["a", ""], "item 2 must not be empty"),
        (made(Kind.MAPPING, item=TEXT), {"": "x"}, "has a row without a name"),
        (made(Kind.MAPPING, item=made(Kind.INTEGER)), {"a": "x"}, "'a' must be a whole number, not 'x'"),
        (
            made(Kind.GROUP, fields=(Setting(name="attempts", title="Attempts", kind=Kind.INTEGER, minimum=0),)),
            {"attempts": -1},
            "attempts must be 0 or more",
        ),
    ],
    ids=str,
)
def test_what_does_not_fit_has_a_reason(setting: Setting, value: object, reason: str):
    assert check_setting(setting, value, PARAMETERS) == reason


@pytest.mark.parametrize("text", ["content[", "a b", " ", "x ="])
def test_an_expression_must_be_one(text: str):
    assert "Python expression" in (check_setting(made(Kind.EXPRESSION), text) or "")


def test_a_cron_expression_must_be_one():
    assert "is not a cron expression" in (check_setting(made(Kind.SCHEDULE), {"cron": "every day"}) or "")


def test_the_alternative_is_that_of_the_shape():
    setting = made(Kind.EITHER, alternatives=(TEXT, made(Kind.MAPPING, item=TEXT)))
    assert alternative(setting, {"a": "b"}).kind is Kind.MAPPING
    assert alternative(setting, "a").kind is Kind.TEXT
    assert alternative(setting, ["a"]).kind is Kind.TEXT


def test_a_title_is_made_of_a_name():
    assert title_of("skip_header") == "Skip header"
    assert title_of("url_secret") == "URL secret"
