"""Look inside: the map of test digits."""

import json
import sys
import time

import numpy as np
import pytest

from core.explain import projection_jobs
from core.explain.projection import DIGITS, features, pca, write_points
from tests.pages.conftest import figure, send, sentences, texts, widget
from tests.pages.run.inside.conftest import FOLDER, settled, shown_digits

EPOCH = 3


@pytest.fixture
def page(inside):
    return lambda **parameters: inside(part="map", epoch=EPOCH, **parameters)


@pytest.fixture
def stored_elsewhere(monkeypatch, tmp_path):
    """The maps of shipped runs are stored in an empty folder; returns the digits they show."""
    monkeypatch.setattr("core.explain.projection.cache_folder", lambda: tmp_path)
    return shown_digits()


def shown_points(test):
    """The points of the chart, by index."""
    found = {}
    for trace in figure(test)[:11]:
        for (index,), x, y in zip(trace["customdata"], trace["x"], trace["y"], strict=True):
            found[index] = (x, y)
    return np.array([found[index] for index in sorted(found)])


def compute_by(monkeypatch, code):
    monkeypatch.setattr(projection_jobs, "_command", lambda key: [sys.executable, "-c", code, str(key)])


def test_the_digits_are_placed_by_pca_and_the_misclassified_are_marked(page):
    test, data = page(), shown_digits()
    found = features(FOLDER, EPOCH, data.test_images[:DIGITS])
    points, shares = pca(found.values)
    np.testing.assert_allclose(shown_points(test), points, atol=6e-4)
    wrong = np.flatnonzero(found.predicted != data.test_labels)
    assert [index for (index,) in figure(test)[10]["customdata"]] == wrong.tolist()
    assert f"**{len(wrong)}** misread" in texts(test)
    layout = json.loads(test.get("plotly_chart")[0].proto.spec)["layout"]
    assert f"{100 * shares[0]:.2f} %" in layout["xaxis"]["title"]["text"]
    assert not sentences(test)


def test_a_click_opens_the_digit(page):
    test = page(subject="mistake")
    chosen = figure(test)[4]["customdata"][7][0]
    points = {"points": [{"customdata": [chosen]}], "point_indices": [], "box": [], "lasso": []}
    chart = test.get("plotly_chart")[0].proto.id
    settled(send(test, id=chart, string_value=json.dumps({"selection": points})))
    assert test.query_params["digit"] == str(chosen)
    assert "subject" not in test.query_params
    assert widget(test, "number_input", "view.digit").value == chosen
    ring = figure(test)[12]
    np.testing.assert_allclose([ring["x"][0], ring["y"][0]], shown_points(test)[chosen], atol=6e-4)


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
    np.testing.assert_allclose(shown_points(test), pca(found.values)[0], atol=6e-4)
    points = np.random.default_rng(0).normal(size=(1000, 2)).astype(np.float32)
    write_points(FOLDER, EPOCH, stored_elsewhere, points)
    gate.touch()
    np.testing.assert_allclose(shown_points(settled(test, "progress")), points, atol=6e-4)
    # a stored map is shown at once
    test = page(projection="tsne")
    assert not test.get("progress")
    np.testing.assert_allclose(shown_points(test), points, atol=6e-4)


@pytest.mark.usefixtures("stored_elsewhere")
@pytest.mark.parametrize("code", ["raise SystemExit(2)", "pass"], ids=["fails", "makes nothing"])
def test_a_failed_map_is_reported_with_a_retry(page, monkeypatch, code):
    compute_by(monkeypatch, code)
    test = settled(page(projection="tsne"), "progress")
    assert sentences(test) == ["The t-SNE map could not be made; the server's log says why. This is PCA."]
    assert len(shown_points(test)) == 1000
    test.button(key="inside.map.retry").click().run()
    assert test.get("progress") or sentences(test)
    assert not test.exception
