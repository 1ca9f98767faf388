"""The Draw page without a browser: its canvas, test runs, and the displayed prediction."""

import json
import re
import shutil
from html import unescape

import h5py
import numpy as np
import pytest

from core import formatting as figures
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from tests.hand_drawn import as_canvas_sends
from tests.pages.shown import tables

BEST = 15
SHIPPED = SHIPPED_DIR / "cnn-16-36"
WEIGHTS = SHIPPED / "checkpoints" / f"epoch-{BEST:04d}.weights.h5"


@pytest.fixture
def network(runs_dir, monkeypatch, tmp_path):
    """Create a run that predicts digits, each `turned` places on; without any other runs."""
    monkeypatch.setattr("core.runs.store.SHIPPED_DIR", tmp_path / "shipped")
    monkeypatch.setenv("DIGIT_LAB_DRAWINGS", str(tmp_path / "drawings"))

    def lay_out(name, turned=0, *, accuracy=0.5, epochs=None, shipped=False):
        folder = RunFolder((tmp_path / "shipped" if shipped else runs_dir) / name)
        (folder.path / "checkpoints").mkdir(parents=True)
        shutil.copyfile(SHIPPED / "network.tflite", folder.path / "network.tflite")
        for epoch, places in {BEST: turned, **(epochs or {})}.items():
            shutil.copyfile(WEIGHTS, folder.weights(epoch))
            with h5py.File(folder.weights(epoch), "r+") as file:
                for values in file["layers/dense_1/vars"].values():
                    values[...] = np.roll(values[...], places, axis=-1)
        change(folder.path / "run.json", SHIPPED / "run.json", name=name)
        change(folder.path / "status.json", SHIPPED / "status.json", test_accuracy=accuracy)
        return folder

    return lay_out


def change(path, source=None, **values):
    """Change some values of a JSON file."""
    path.write_text(json.dumps(json.loads((source or path).read_text()) | values))


class Pen:
    """Draws on a page's canvas; resends its content with each rerun, as a browser does."""

    def __init__(self, test):
        self.test = test
        self.strokes, self.canvas = [], None

    def run(self):
        drawing = self._drawing()
        if drawing is not None and self.canvas == drawing.version:
            self.test.session_state[f"draw.canvas.{self.canvas}"] = {"drawing": as_canvas_sends(self.strokes)}
        self.test.run()
        if (now := self._drawing()) is not None and now.version != self.canvas:
            # a new canvas sends nothing before its first stroke
            self.canvas = None
        return self

    def draw(self, *strokes):
        drawing = self._drawing()
        began = drawing.begins_with["objects"] if drawing.begins_with else []
        if self.canvas is None:
            self.strokes = [stroke["path"] for stroke in began]
        self.canvas = drawing.version
        for stroke in strokes:
            self.strokes = [*self.strokes, stroke]
            self.run()
        return self

    def press(self, name):
        self.test.button(key=f"draw.{name}").click()
        return self.run()

    def _drawing(self):
        return self.test.session_state["drawing"] if "drawing" in self.test.session_state else None  # noqa: SIM401 AppTest has no get


def answer(test):
    """The predicted digit on the page; None if there is none or a question mark."""
    (found,) = (match for body in _html(test) if (match := re.search(r'class="answer".*?<span[^>]*>([\d?]?)<', body)))
    return int(found[1]) if found[1].isdigit() else None


def bars(test):
    """The ten probabilities below it; empty texts for those that are not worth a number."""
    return [unescape(text) for text in re.findall(r"white-space:nowrap[^>]*>([^<]*)</span>", "".join(_html(test)))]


def expected(folder, digit, epoch="best"):
    """The model's prediction and ten probabilities, independently of the page."""
    probabilities = load(folder, epoch).probabilities(digit[None])[0]
    texts = [figures.probability(float(share)) for share in probabilities]
    return int(probabilities.argmax()), ["" if text.startswith("<") else text for text in texts]


def table(test):
    """Each model's name and prediction."""
    ((_, *rows),) = tables(test)
    return [(name, re.sub(r"[^\d≠]", "", reads)) for name, reads, _ in rows]


def _html(test):
    return [element.proto.body for element in test.get("html") if "<style>" not in element.proto.body]
