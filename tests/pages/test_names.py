"""Malicious names, notes and messages are shown as plain text on every page."""

import json
import re
import shutil
from dataclasses import replace

import pytest

from core.runs.folder import RunFolder
from core.runs.label import NAME_LENGTH, Label
from core.runs.store import SHIPPED_DIR, RunStore
from pages.state.plain_text import plain_text
from tests.pages.conftest import PAGES
from tests.pages.shown import sent_texts, sentences, texts

SHORT = {
    "html": "<b>Zed</b><img src=x onerror=alert(1)>",
    "script": "<script>alert('Zed')</script>",
    "link": "[Zed](https://evil.example/)",
    "picture": "![Zed](https://evil.example/x.png)",
    "address": "Zed https://evil.example/ WWW.evil.example me@evil.example",
    "marks": "**Zed** _a_ ~~b~~ `c` # d > e | f",
    "icon": "Zed :material/home: :red[Zed] :smile: :streamlit:",
    "formula": "Zed $x^2$ $$y$$",
    "template": "Zed %{x} %{y} {name} {0}",
    "direction": "Zed \u202egpj.exe\u202c \u200f\u2066",
    "emoji": "Zed 👩\u200d🔬🏳️\u200d🌈",
    "long": "Zed" + "x" * 10_000,
    "controls": "Zed\0\x1b[31m\x07",
}

TAG = re.compile("<b>Zed|<img|<script|<a ")
AS_THEY_ARE = {
    *((kind, "options") for kind in ("Selectbox", "MultiSelect")),
    *((kind, field) for kind in ("TextInput", "TextArea") for field in ("default", "value", "placeholder")),
    ("Text", "body"),
    # data for our own scripts
    ("BidiComponent", "json"),
}
"""Fields where Streamlit renders no Markdown, as tests/e2e/test_bundles.py checks in a browser."""

MARKS = (
    *("<b>", "</b>", "<img", "<script", "](http", "![Zed", "[Zed", "**Zed**", " _a_", "~~b~~", "`c`"),
    *(":material/home:", ":red[", ":smile:", ":streamlit:", "$x^2$", "$$y$$", "\u202e", "\0", "\x1b"),
)
"""Markup in the names; escaped, each has a backslash before it."""
ACTIVE = re.compile(r"(?<!\\)(?:" + "|".join(map(re.escape, MARKS)) + ")")

ADDRESS = re.compile(r"https?://|www\.|\w@\w", re.IGNORECASE)
"""What becomes a link even after a backslash."""


TITLE = re.compile(r":small\[((?:\\.|[^\\\]])*)\]" * 2)
"""The two parts of a run's title (tests/pages/shared/test_run_header.py)."""


def shown(test):
    """Every text with the name sent to the browser, with its kind of element and field."""
    # the cells of tables are not markup
    return [each for each in sent_texts(test) if "Zed" in each[2] and each[0] != "ArrowData"]


def strings(value, name=""):
    """The texts of a chart with their keys."""
    if isinstance(value, str):
        yield name, value
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from strings(each, key if isinstance(key, str) else name)


def is_text(kind, field, value):
    """Whether a browser shows the value as plain text."""
    if (kind, field) in AS_THEY_ARE or field in ("alt", "aria_label"):
        return "\u202e" not in value
    if (kind, field) == ("Html", "body"):
        # no Markdown: only tags would not be text
        return TAG.search(value) is None and "\u202e" not in value
    if field == "spec":
        # Plotly renders some tags, and fills in its templates
        found = [(name, text) for name, text in strings(json.loads(value)) if "Zed" in text]
        return not any(TAG.search(text) or (name.endswith("template") and "%{x}" in text) for name, text in found)
    if (kind, field) == ("Heading", "body") and (title := TITLE.fullmatch(value)):
        value = title[1] + title[2]
    return ACTIVE.search(value) is None and ADDRESS.search(value.replace("\\", "")) is None


@pytest.fixture
def named(make_run, runs_dir):
    """Make runs in every state, each with one of these names as its name, note and message."""

    def make(names):
        for number, (state, name) in enumerate(zip(("training", "queued", "stopped", "failed"), names, strict=False)):
            folder = make_run(state, message=name if state in ("stopped", "failed") else "", errors={3: 10})
            folder.write_manifest(replace(folder.manifest(), name=name))
            if number > 1:
                folder.write_label(Label(name, name))
        # with weights and network, so that they can read drawings
        two = [RunFolder(runs_dir / f"20260101-00000{number}-cnn-16-36-abcde{number}") for number in range(2)]
        for folder, name in zip(two, names[4:], strict=True):
            shutil.copytree(SHIPPED_DIR / "cnn-16-36-5k", folder.path)
            folder.write_label(Label(name, name))
        return two

    return make


# three turns have every name once
@pytest.mark.parametrize("turn", [*range(3), *(pytest.param(turn, marks=pytest.mark.slow) for turn in range(3, 13))])
def test_a_name_is_shown_as_text_on_every_page(app, named, runs_dir, turn):
    names = list(SHORT.values())
    first, second = named([names[(place + 5 * turn) % len(names)] for place in range(6)])
    both = f"{first.id},{second.id}"
    stopped = next(run.id for run in RunStore(runs_dir).runs() if run.status.state == "stopped")
    visits = [
        ("train", {"run": stopped}),
        ("train", {"run": first.id}),
        ("runs", {"runs": both}),
        ("runs", {"runs": stopped}),
        ("results", {"run": first.id}),
        ("mistakes", {"run": first.id}),
        ("inside", {"run": first.id, "runs": second.id, "part": "pooling", "change": "rotation"}),
        ("draw", {"source": "test", "index": 3, "model": first.id, "others": second.id}),
        ("learn", {"lesson": "step", "run": first.id}),
        ("learn", {"lesson": "batch"}),
        ("data", {}),
    ]
    seen = set()
    for page, link in visits:
        found = shown(app(page, **link))
        unsafe = [each for each in found if not is_text(*each)]
        assert not unsafe, (page, [(kind, field, value[:300]) for kind, field, value in unsafe])
        assert all(len(value) < 20_000 or kind == "PlotlyChart" for kind, _, value in found)
        seen |= {page} if found else set()
    # otherwise the check was vacuous
    assert {"train", "runs", "results", "mistakes", "inside", "draw"} <= seen


def test_a_typed_name_is_stored_as_text_and_cut(app, make_run, runs_dir):
    run = make_run("finished", errors={3: 10})
    page = app("runs", runs=run.id)
    for text in SHORT.values():
        page.text_input(key=f"runs.name.{run.id}").set_value(text[:NAME_LENGTH]).run()
        page.text_area(key=f"runs.note.{run.id}").set_value(text[:1000]).run()
        assert not [each for each in shown(page) if not is_text(*each)]
        label = RunStore(runs_dir).find(run.id).label
        assert label.name.startswith(text[:3])
        assert len(label.name) <= NAME_LENGTH
        assert all(character.isprintable() or character in "\u200c\u200d" for character in label.name + label.note)


@pytest.mark.parametrize("page", PAGES)
def test_text_in_a_link_is_shown_as_text(app, make_run, page, times):
    make_run("finished", errors={3: 10})
    names = ("run", "runs", "model", "others", "layer", "dataset", "find", "kernel", "epoch", "preset", "blocks")
    given = [*SHORT.values()]
    for turn in range(times(2, len(given))):
        # each name has another text at each turn
        test = app(page, **{name: given[(place + 3 * turn) % len(given)] for place, name in enumerate(names)})
        assert not [each for each in shown(test) if not is_text(*each)]
        assert all(len(sentence) < 700 for sentence in sentences(test))
        assert texts(test)


@pytest.mark.parametrize("text", SHORT.values(), ids=SHORT)
def test_plain_text_is_recognized_as_text(text):
    assert is_text("Markdown", "body", plain_text(text))
    assert len(plain_text(text).replace("\\", "")) <= 310


def test_active_markup_is_recognized():
    """`is_text` can fail."""
    assert all(not is_text("Markdown", "body", SHORT[kind]) for kind in ("html", "link", "address", "marks", "icon"))
    assert not is_text("PlotlyChart", "spec", json.dumps({"name": SHORT["html"]}))
