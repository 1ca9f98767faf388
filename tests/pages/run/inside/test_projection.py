"""Look inside: the map of test digits."""

import sys
import time
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.explain import projection_jobs
from core.explain.projection import DIGITS, features, pca, write_points
from tests.pages.actions import choose
from tests.pages.run.inside.conftest import FOLDER, settled, shown_digits
from tests.pages.shown import component, sentences, texts, widget

EPOCH = 3


@pytest.fixture
def page(inside):
    return lambda **parameters: inside(part="map", epoch=EPOCH, **parameters)


@pytest.fixture
def stored_elsewhere(monkeypatch, tmp_path):
    """The maps of shipped runs are stored in an empty folder; returns the digits they show."""
    monkeypatch.setattr("core.explain.projection.cache_folder", lambda: tmp_path)
    return shown_digits()


def drawn(test):
    """What the browser gets to draw the map."""
    return component(test, "inside.map.pca") or component(test, "inside.map.tsne")


def assert_shows(test, points):
    """The digits lie as these points do, from the upper left corner to the lower right one."""
    shown = np.array(drawn(test)["points"]).reshape(-1, 2)
    apart = (points - points.min(axis=0)) / np.ptp(points, axis=0)
    apart[:, 1] = 1 - apart[:, 1]
    assert 0 < shown.min() < shown.max() < 1
    np.testing.assert_allclose((shown - shown.min(axis=0)) / np.ptp(shown, axis=0), apart, atol=3e-4)


def compute_by(monkeypatch, code):
    monkeypatch.setattr(projection_jobs, "_command", lambda key: [sys.executable, "-c", code, str(key)])


def test_the_digits_are_placed_by_pca_and_the_misclassified_are_marked(page):
    test, data = page(), shown_digits()
    found = features(FOLDER, EPOCH, data.test_images[:DIGITS])
    points, shares = pca(found.values)
    assert_shows(test, points)
    shown = drawn(test)
    assert shown["labels"] == data.test_labels.tolist()
    assert shown["predicted"] == found.predicted.tolist()
    assert f"**{(found.predicted != data.test_labels).sum()}** misclassified" in texts(test)
    assert f"{100 * shares[0]:.2f}\xa0%" in shown["axes"][0]
    assert not sentences(test)


def test_a_click_opens_the_digit(page):
    test = page(subject="mistake")
    pictures = component(test, "inside.map.pca.sheet")
    settled(choose(test, "inside.map.pca", 77))
    assert test.query_params["digit"] == "77"
    assert "subject" not in test.query_params
    assert widget(test, "number_input", "view.digit").value == 77
    assert drawn(test)["chosen"] == 77
    # so that the browser already has them
    assert component(test, "inside.map.pca.sheet") == pictures


def test_what_the_browser_sends_is_not_trusted(page):
    test = page()
    for sent in (True, -1, 1000, "7", None):
        choose(test, "inside.map.pca", sent)
        assert test.query_params["digit"] == "8"
        assert not test.exception


def test_the_pictures_are_those_of_the_digits(page):
    test, data = page(), shown_digits()
    content = b64decode(component(test, "inside.map.pca.sheet")["sheet"].partition(",")[2])
    with Image.open(BytesIO(content)) as picture:
        sheet = np.asarray(picture)
    for index in (0, 77, 999):
        row, column = divmod(index, drawn(test)["columns"])
        np.testing.assert_array_equal(sheet[28 * row :, 28 * column :][:28, :28], data.test_images[index])


def test_pca_and_the_progress_are_shown_until_the_map_is_ready(page, stored_elsewhere, monkeypatch, tmp_path):
    gate = tmp_path / "gate"
    waits = f"import os, time\nprint(0.35, flush=True)\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.01)"
    compute_by(monkeypatch, waits)
    test = page(projection="tsne")
    deadline = time.monotonic() + 30
    while test.get("progress")[0].proto.value != 35:
        assert time.monotonic() < deadline
        test.run()
    found = features(FOLDER, EPOCH, stored_elsewhere.test_images)
    assert_shows(test, pca(found.values)[0])
    points = np.random.default_rng(0).normal(size=(1000, 2)).astype(np.float32)
    write_points(FOLDER, EPOCH, stored_elsewhere, points)
    gate.touch()
    assert_shows(settled(test, "progress"), points)
    # a stored map is shown at once
    test = page(projection="tsne")
    assert not test.get("progress")
    assert_shows(test, points)


@pytest.mark.usefixtures("stored_elsewhere")
@pytest.mark.parametrize("code", ["raise SystemExit(2)", "pass"], ids=["fails", "makes nothing"])
def test_a_failed_map_is_reported_with_a_retry(page, monkeypatch, code):
    compute_by(monkeypatch, code)
    test = settled(page(projection="tsne"), "progress")
    assert sentences(test) == ["The t-SNE map could not be made; see the server's log. PCA is shown."]
    assert len(drawn(test)["labels"]) == 1000
    test.button(key="inside.map.retry").click().run()
    assert test.get("progress") or sentences(test)
    assert not test.exception
