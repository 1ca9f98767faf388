"""Look inside: the map of test digits."""

import json
import sys
import time

import numpy as np
import pytest

from core.data import datasets
from core.explain import projection_jobs as arranging
from core.explain.projection import DIGITS, features, pca, write_points
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from tests.pages.conftest import _send, figure, sentences, texts, widget

RUN = "cnn-16-36-5k"
FOLDER = RunFolder(SHIPPED_DIR / RUN)
EPOCH = 3


@pytest.fixture
def maps(app):
    datasets.load("mnist-5k")  # ready before the page asks

    def open_part(**parameters):
        return settled(app("inside", **({"part": "map", "run": RUN, "epoch": EPOCH} | parameters)))

    return open_part


@pytest.fixture
def kept_elsewhere(monkeypatch, tmp_path):
    """Maps of shipped runs go where nobody looks for them, and the digits are there already."""
    data = datasets.load("mnist-5k")
    monkeypatch.setattr("core.explain.projection.cache_folder", lambda: tmp_path)
    return data


def settled(test):
    deadline = time.monotonic() + 60
    while test.get("skeleton"):
        assert time.monotonic() < deadline
        test.run()
    assert not test.exception
    return test


def shown_points(test):
    """The points by index, as the chart has them."""
    found = {}
    for trace in figure(test)[:11]:
        for (index,), x, y in zip(trace["customdata"], trace["x"], trace["y"], strict=True):
            found[index] = (x, y)
    return np.array([found[index] for index in sorted(found)])


def test_the_digits_stand_where_pca_puts_them_and_the_misread_are_marked(maps):
    test = maps()
    data = datasets.load("mnist-5k")
    found = features(FOLDER, EPOCH, data.test_images[:DIGITS])
    points, shares = pca(found.values)
    np.testing.assert_allclose(shown_points(test), points, atol=6e-4)
    wrong = np.flatnonzero(found.predicted != data.test_labels)
    assert [index for (index,) in figure(test)[10]["customdata"]] == wrong.tolist()
    assert f"**{len(wrong)}** misread" in texts(test)
    layout = json.loads(test.get("plotly_chart")[0].proto.spec)["layout"]
    assert f"{100 * shares[0]:.2f} %" in layout["xaxis"]["title"]["text"]
    assert not sentences(test)


def test_a_click_opens_the_digit(maps):
    test = maps(subject="mistake")
    chosen = figure(test)[4]["customdata"][7][0]
    points = {"points": [{"customdata": [chosen]}], "point_indices": [], "box": [], "lasso": []}
    chart = test.get("plotly_chart")[0].proto.id
    settled(_send(test, id=chart, string_value=json.dumps({"selection": points})))
    assert test.query_params["digit"] == str(chosen)
    assert "subject" not in test.query_params
    assert widget(test, "number_input", "view.digit").value == chosen
    ring = figure(test)[12]
    np.testing.assert_allclose([ring["x"][0], ring["y"][0]], shown_points(test)[chosen], atol=6e-4)


def test_a_kept_map_is_shown_at_once(maps, kept_elsewhere):
    points = np.random.default_rng(0).normal(size=(1000, 2)).astype(np.float32)
    write_points(FOLDER, EPOCH, kept_elsewhere, points)
    test = maps(projection="tsne")
    np.testing.assert_allclose(shown_points(test), points, atol=6e-4)
    assert not test.get("progress")


def arrange_by(monkeypatch, code):
    monkeypatch.setattr(arranging, "_command", lambda key: [sys.executable, "-c", code, str(key)])


def test_while_a_map_is_made_pca_is_shown_and_how_far_it_is(maps, kept_elsewhere, monkeypatch, tmp_path):
    gate = tmp_path / "gate"
    waits = f"import os, time\nprint(0.35, flush=True)\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.01)"
    arrange_by(monkeypatch, waits)
    test = maps(projection="tsne")
    deadline = time.monotonic() + 30
    while test.get("progress")[0].proto.value != 35:
        assert time.monotonic() < deadline
        test.run()
    found = features(FOLDER, EPOCH, kept_elsewhere.test_images)
    np.testing.assert_allclose(shown_points(test), pca(found.values)[0], atol=6e-4)
    points = np.random.default_rng(0).normal(size=(1000, 2)).astype(np.float32)
    write_points(FOLDER, EPOCH, kept_elsewhere, points)
    gate.touch()
    while test.get("progress"):
        assert time.monotonic() < deadline
        test.run()
    np.testing.assert_allclose(shown_points(test), points, atol=6e-4)


@pytest.mark.parametrize("code", ["raise SystemExit(2)", "pass"], ids=["fails", "makes nothing"])
def test_a_map_that_cannot_be_made_is_told_with_a_way_to_try_again(maps, kept_elsewhere, monkeypatch, code):  # noqa: ARG001
    arrange_by(monkeypatch, code)
    test = maps(projection="tsne")
    deadline = time.monotonic() + 30
    while test.get("progress"):
        assert time.monotonic() < deadline
        test.run()
    assert sentences(test) == ["The t-SNE map could not be made; the server's log says why. This is PCA."]
    assert len(shown_points(test)) == 1000
    test.button(key="inside.map.retry").click().run()
    assert test.get("progress") or sentences(test)
    assert not test.exception
