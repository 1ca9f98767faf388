"""Names, notes and messages that somebody made to be more than text: wherever a page shows them, they are text."""

import json
import re
import shutil
from dataclasses import replace

import pytest
from google.protobuf.message import Message

from core.runs.folder import NAME_LENGTH, Label, RunFolder
from core.runs.store import SHIPPED_DIR, RunStore
from pages.state.plain_text import plain_text
from tests.pages.conftest import sentences, texts

PAGES = ("train", "runs", "results", "mistakes", "inside", "draw", "data", "lessons")

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
    ("Selectbox", "options"),
    ("MultiSelect", "options"),
    ("TextInput", "default"),
    ("TextInput", "value"),
    ("TextInput", "placeholder"),
    ("TextArea", "default"),
    ("TextArea", "value"),
    ("TextArea", "placeholder"),
    ("Text", "body"),
    # what our own scripts are sent, for an attribute
    ("BidiComponent", "json"),
}
"""Where Streamlit renders no Markdown; test_names of the browser sees to that."""

MARKS = (
    *("<b>", "</b>", "<img", "<script", "](http", "![Zed", "[Zed", "**Zed**", " _a_", "~~b~~", "`c`"),
    *(":material/home:", ":red[", ":smile:", ":streamlit:", "$x^2$", "$$y$$", "\u202e", "\0", "\x1b"),
)
"""What of the names would take effect; as text, each has a sign before it."""
ACTIVE = re.compile(r"(?<!\\)(?:" + "|".join(map(re.escape, MARKS)) + ")")

ADDRESS = re.compile(r"https?://|www\.|\w@\w", re.IGNORECASE)
"""What becomes a link whatever stands before it."""


def shown(test):
    """Every text that was sent to the browser and has the name in it, with the kind of element and the field."""
    found = []

    def walk(message, kind):
        for field, value in message.ListFields():
            values = value if field.is_repeated else [value]
            for each in values:
                if isinstance(each, Message):
                    walk(each, type(each).__name__)
                elif isinstance(each, str) and "Zed" in each:
                    found.append((kind, field.name, each))

    def blocks(node):
        if isinstance(node.proto, Message):
            walk(node.proto, type(node.proto).__name__)
        for child in getattr(node, "children", {}).values():
            blocks(child)

    for root in test._tree.children.values():
        blocks(root)
    return found


def strings(value, name=""):
    """The texts of a chart, with the names under which they stand."""
    if isinstance(value, str):
        yield name, value
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from strings(each, key if isinstance(key, str) else name)


def is_text(kind, field, value):
    """Whether a browser shows these characters and makes nothing of them."""
    if (kind, field) in AS_THEY_ARE or field in ("alt", "aria_label"):
        return "\u202e" not in value
    if field == "spec":
        # Plotly knows some tags, and what its templates ask for
        found = [(name, text) for name, text in strings(json.loads(value)) if "Zed" in text]
        return not any(TAG.search(text) or (name.endswith("template") and "%{x}" in text) for name, text in found)
    return ACTIVE.search(value) is None and ADDRESS.search(value.replace("\\", "")) is None


@pytest.fixture
def named(make_run, runs_dir):
    """Runs in every state under such a name, with such a note, said to have ended with such words."""

    def make(name):
        for number, state in enumerate(("training", "queued", "stopped", "failed")):
            folder = make_run(state, message=name if state in ("stopped", "failed") else "", errors={3: 10})
            folder.write_manifest(replace(folder.manifest(), name=name))
            if number > 1:
                folder.write_label(Label(name, name))
        two = []
        for number in range(2):
            # with weights and network, so that they read drawings, too
            folder = RunFolder(runs_dir / f"20260101-00000{number}-cnn-16-36-abcde{number}")
            shutil.copytree(SHIPPED_DIR / "cnn-16-36-5k", folder.path)
            folder.write_label(Label(name, name))
            two.append(folder)
        return two

    return make


@pytest.mark.parametrize("kind", SHORT)
def test_no_page_makes_anything_of_a_name(app, named, runs_dir, kind):
    first, second = named(SHORT[kind])
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
        ("lessons", {"lesson": "step", "run": first.id}),
        ("lessons", {"lesson": "batch"}),
        ("data", {}),
    ]
    seen = set()
    for page, link in visits:
        test = app(page, **link)
        assert not test.exception, (page, test.exception)
        found = shown(test)
        unsafe = [each for each in found if not is_text(*each)]
        assert not unsafe, (page, [(kind, field, value[:300]) for kind, field, value in unsafe])
        assert all(len(value) < 20_000 or kind == "PlotlyChart" for kind, _, value in found)
        seen |= {page} if found else set()
    # otherwise nothing was looked at
    assert {"train", "runs", "results", "mistakes", "inside", "draw"} <= seen


@pytest.mark.parametrize("kind", SHORT)
def test_a_name_that_is_typed_is_kept_as_text_and_cut(app, make_run, runs_dir, kind):
    run = make_run("finished", errors={3: 10})
    page = app("runs", runs=run.id)
    page.text_input(key=f"run_edit.name.{run.id}").set_value(SHORT[kind][:NAME_LENGTH]).run()
    page.text_area(key=f"run_edit.note.{run.id}").set_value(SHORT[kind][:1000]).run()
    assert not page.exception
    assert not [each for each in shown(page) if not is_text(*each)]
    label = RunStore(runs_dir).find(run.id).label
    assert label.name.startswith(SHORT[kind][:3])
    assert len(label.name) <= NAME_LENGTH
    assert all(character.isprintable() or character in "\u200c\u200d" for character in label.name + label.note)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_link_names_is_text(app, make_run, page):
    make_run("finished", errors={3: 10})
    for text in SHORT.values():
        names = ("run", "runs", "model", "others", "layer", "dataset", "find", "kernel", "epoch", "preset", "blocks")
        test = app(page, **dict.fromkeys(names, text))
        assert not test.exception
        assert not [each for each in shown(test) if not is_text(*each)]
        assert all(len(sentence) < 700 for sentence in sentences(test))
    assert texts(test)


@pytest.mark.parametrize("text", SHORT.values(), ids=SHORT)
def test_text_from_outside_is_marked_as_text(text):
    assert is_text("Markdown", "body", plain_text(text))
    assert len(plain_text(text).replace("\\", "")) <= 310


def test_marks_are_found_where_they_are():
    """The check above can fail."""
    assert all(not is_text("Markdown", "body", SHORT[kind]) for kind in ("html", "link", "address", "marks", "icon"))
    assert not is_text("PlotlyChart", "spec", json.dumps({"name": SHORT["html"]}))
