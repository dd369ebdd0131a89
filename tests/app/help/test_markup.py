"""Markdown becomes HTML that QTextBrowser can show."""

from __future__ import annotations

from app.help.markup import html_of
from app.theme.theme import DARK, LIGHT

PAGE = """# A page

## The flow

| key | meaning |
|---|---|
| `name` | its name |
| `notes`, `color` | for people |

## A step

| key | meaning |
|---|---|
| `name` | another |
| Plain words | yes |

![Picture](pictures/a.svg)

```python
def f(x):
    return "<b>"  # a comment
```
"""


def test_headings_and_rows_are_places():
    html = html_of(PAGE, DARK)
    for name in ("a-page", "the-flow", "name", "the-flow.name", "notes", "color", "a-step.name", "a-step.plain-words"):
        assert html.count(f'<a name="{name}">') == 1, name


def test_code_has_the_colours_of_the_theme():
    for theme in (DARK, LIGHT):
        html = html_of(PAGE, theme)
        assert f'<span style="color: {theme.code_keyword}">def</span>' in html
        assert f'<span style="color: {theme.code_comment}"># a comment</span>' in html
        assert "&lt;b&gt;" in html


def test_what_is_html_in_a_page_is_not_taken_as_such():
    html = html_of("a <script>x</script> b\n\n<img src='http://x'>\n\n    <b>code", DARK)
    assert "<script" not in html
    assert "http://x" not in html
    assert "&lt;b&gt;code" in html
