"""Every download of a run in Chromium."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from core.export.keras_files import keras_model
from core.runs.folder import RunFolder
from core.runs.label import Label
from tests.e2e.conftest import ROOT, serving_script

pytestmark = pytest.mark.browser

EPOCH = 15


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    path = tmp_path_factory.mktemp("runs") / "20260101-000000-cnn-16-36-abcdef"
    shutil.copytree(ROOT / "cached_models" / "cnn-16-36", path)
    folder = RunFolder(path)
    folder.write_label(Label("My best / 1st"))
    return folder


@pytest.fixture(scope="module")
def address(run: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = tmp_path_factory.mktemp("app")
    with serving_script("downloads_app.py", app, DIGIT_LAB_RUNS=str(run.path.parent)) as address:
        yield address


def opened(page: Page, address: str, epoch: int) -> Page:
    page.goto(f"{address}/?epoch={epoch}")
    page.get_by_role("button", name="Download").click()
    expect(button(page, "Predictions")).to_be_visible()
    return page


def button(page: Page, label: str):
    return page.get_by_test_id("stDownloadButton").get_by_role("button", name=label, exact=True)


def downloaded(page: Page, label: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        button(page, label).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.mark.slow  # the last test downloads one file; tests/core make them all
def test_every_file_can_be_downloaded(page: Page, address: str, run: RunFolder) -> None:
    opened(page, address, EPOCH)
    files = {}
    for label in ("Report", "Keras model", "Architecture and weights", "LiteRT model", "Metrics by epoch"):
        name, files[label] = downloaded(page, label)
        stem = "My-best-1st-metrics" if label.startswith("Metrics") else f"My-best-1st-epoch-{EPOCH}"
        assert name.startswith(stem), name
    assert b"<title>My best / 1st" in files["Report"]
    assert files["Keras model"] == keras_model(run, EPOCH)
    assert files["LiteRT model"][4:8] == b"TFL3"
    assert files["Metrics by epoch"].count(b"\n") == 21
    name, content = downloaded(page, "Predictions")
    assert name == f"My-best-1st-epoch-{EPOCH}-predictions.csv"
    table = pd.read_csv(io.BytesIO(content))
    name, content = downloaded(page, "Confusion matrix")
    matrix = pd.read_csv(io.BytesIO(content), index_col="label")
    assert matrix.to_numpy().sum() == len(table) == 10_000
    assert (table["label"] != table["predict"]).sum() == 66


def test_an_epoch_without_weights_names_the_epochs_with_weights(page: Page, address: str) -> None:
    opened(page, address, 4)
    expect(
        page.get_by_text("The weights of epoch 4 were not kept; choose one of these epochs: 0–3, 5, 8, 12, 15, 20.")
    ).to_be_visible()
    expect(button(page, "Keras model")).to_have_count(0)
    assert downloaded(page, "Report")[0] == "My-best-1st-epoch-4-report.html"


def test_a_failed_download_is_reported_until_the_next_one(page: Page, address: str, run: RunFolder) -> None:
    opened(page, address, EPOCH)
    whole = run.weights(EPOCH).read_bytes()
    run.weights(EPOCH).write_bytes(whole[:5000])
    try:
        button(page, "Keras model").click()
        report = page.get_by_text("The last download failed: epoch-0015.weights.h5 cannot be read.")
        expect(report).to_be_visible(timeout=15_000)
        assert page.get_by_text("Traceback").count() == 0
    finally:
        run.weights(EPOCH).write_bytes(whole)
    downloaded(page, "Keras model")
    expect(report).to_have_count(0, timeout=15_000)
