"""The frame of every page: head, styles, script and data, safe against any text."""

import base64
import hashlib
import html
import json
from functools import cache
from importlib.resources import files

from ... import __version__
from ...core.language import ENGLISH, spoken
from ...core.text import say
from ...pictures import theme
from ...pictures.captions import MADE_BY, typeset

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="cnngrad {version}">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
{body}
<footer class="made">{made}</footer>
{script}</body>
</html>
"""


def escaped(words: object) -> str:
    """A text as HTML shows it, whatever it holds; numbers get a true minus.

    >>> escaped("<script>")
    '&lt;script&gt;'
    """
    return html.escape(typeset(str(words)))


def shell(title: str, body: str, data: object = None) -> str:
    """Put a page together.

    Parameters
    ----------
    title
        Stands in the window's bar; any text.
    body
        HTML, whose texts have gone through `escaped`.
    data
        What the script works on, as JSON; without it the page has no script.

    Examples
    --------
    >>> page = shell("</title><script>", "<p>1</p>", {"title": "</script>"})
    >>> page.count("<script>"), page.count("</script>")
    (1, 2)
    """
    script = _asset("page.js") if data is not None else ""
    # Only the script whose fingerprint stands here runs, wherever another may come from.
    fingerprint = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"script-src 'sha256-{fingerprint}'; " if script else ""
    policy = f"default-src 'none'; {allowed}style-src 'unsafe-inline'; img-src data:"
    parts = {
        "version": __version__,
        "language": spoken(),
        "policy": policy,
        "title": html.escape(title),
        "style": colours() + _asset("page.css") + _fonts(),
        "body": body,
        "made": escaped(say(MADE_BY, version=__version__)),
        "script": _embedded(data) + f"<script>{script}</script>\n" if script else "",
    }
    return _PAGE.format_map(parts)  # a page is no sentence


def _fonts() -> str:
    """Fonts that have the signs of a language other than English."""
    return "" if spoken() == ENGLISH else f"\n:root {{ --sans: {theme.WIDE_FONTS}; }}\n"


def _embedded(data: object) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return f'<script type="application/json" id="data">{safe}</script>\n'


@cache
def _asset(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def colours(where: str = ":root") -> str:
    """The colours of the theme as variables of what a selector selects."""
    named = {
        "pink": theme.PINK,
        "blue": theme.BLUE,
        "yellow": theme.YELLOW,
        "green": theme.GREEN,
        "red": theme.RED,
        "pale-pink": theme.PALE_PINK,
        "pale-blue": theme.PALE_BLUE,
    }
    return f"{where} {{" + " ".join(f"--{name}: {value};" for name, value in named.items()) + "}\n"
