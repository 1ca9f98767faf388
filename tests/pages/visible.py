"""What of a page a person sees or hears, without names of runs, code and numbers."""

import json
import re
from html import unescape

from google.protobuf.message import Message as ProtoMessage

from tests.pages.shown import blocks

_FIELDS = frozenset(
    (
        *("alt", "alt_text", "body", "caption", "captions", "content", "help", "label", "options", "placeholder"),
        *("text", "title"),
    )
)
_OF_CHARTS = frozenset(
    ("text", "name", "hovertext", "hovertemplate", "ticktext", "title", "labels", "unifiedhovertitle")
)
_NO_TEXT = frozenset(
    (
        *("addresses", "colors", "digest", "href", "html", "key", "kind", "lang", "mode", "names", "opens", "role"),
        *("run", "selector", "sheet", "sorted", "sprite", "src", "theme", "to", "url", "y_format"),
    )
)
"""What a component's data has under these names is not shown."""
_FOR_SCRIPTS = re.compile(
    r"data:.*|\[class.*|[\d.]+rem|#\w+|job|epoch|answer|mistakes|runs-comparison|freedraw|stretch|circle|diamond|square",
    re.DOTALL,
)
"""Values that only scripts read: names of places and shapes, selectors, lengths, colors, pictures."""
_HTML_TEXT = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)
_SPOKEN = re.compile(r'\b(?:alt|aria-label|title)="([^"]*)"')


def visible_texts(test):
    """Yield each text of the page with its kind of element and field."""
    for node in blocks(test):
        if isinstance(node.proto, ProtoMessage):
            yield from _of_message(node.proto, node.proto.DESCRIPTOR.name)


def _of_message(message, kind):
    for field, value in message.ListFields():
        for each in value if field.is_repeated else [value]:
            if isinstance(each, ProtoMessage):
                yield from _of_message(each, each.DESCRIPTOR.name)
            elif isinstance(each, str):
                yield from ((f"{kind}.{field.name}", text) for text in _of_text(kind, field.name, each))


def _of_text(kind, field, text):
    if kind == "PlotlyChart" and field == "spec":
        yield from _of_json(json.loads(text), _OF_CHARTS)
    elif kind == "BidiComponent" and field == "json":
        yield from _of_json(json.loads(text), None)
    elif kind == "Html" and field == "body":
        yield from _SPOKEN.findall(text)
        yield from filter(None, map(str.strip, _HTML_TEXT.sub("\n", text).split("\n")))
    elif field in _FIELDS and kind != "Code" and not text.startswith("$$"):
        yield unescape(text)


def _of_json(value, fields, name=""):
    """The texts in a component's data, or in a chart those under the names that are shown."""
    if isinstance(value, dict):
        for inner, each in value.items():
            yield from _of_json(each, fields, name if inner.isdecimal() else inner)
    elif isinstance(value, list):
        for each in value:
            yield from _of_json(each, fields, name)
    elif isinstance(value, str) and is_text(value, name, fields):
        yield unescape(value)


def is_text(value, name, fields):
    return not _FOR_SCRIPTS.fullmatch(value) and (name in fields if fields else name not in _NO_TEXT)
