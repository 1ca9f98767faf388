"""Pages of real tutorials, where there are some on this machine."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.analysis.interval import difference
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.tutorials.reading import read_tutorial
from core.tutorials.rewriting.code import for_keras_3

WITH_DIGITS = """
import os, runpy, keras, numpy as np
def load_data(path="mnist.npz"):
    with np.load(os.environ["DIGIT_LAB_MNIST"]) as file:
        return (file["x_train"], file["y_train"]), (file["x_test"], file["y_test"])
keras.datasets.mnist.load_data = load_data
runpy.run_path("script.py", run_name="__main__")
"""


def pages():
    folder = os.environ.get("DIGIT_LAB_TUTORIALS")
    return {path.name[:3]: path for path in Path(folder).glob("*.txt")} if folder else {}


@pytest.mark.skipif(not pages(), reason="DIGIT_LAB_TUTORIALS is not set.")
@pytest.mark.parametrize(
    ("page", "parameters", "batch", "epochs", "validation"),
    [
        ("001", 931_080, 32, 2, None),
        ("002", 242_062, 300, 20, {"kind": "split", "share": 0.2}),
        ("003", 407_050, 128, 20, {"kind": "test", "share": None}),
        ("004", 407_050, 128, 5, None),
    ],
)
def test_the_tutorials_pages_are_read_whole(page, parameters, batch, epochs, validation):
    texts = {path.read_text(encoding="utf-8"): name for name, path in pages().items()}
    fits = [each.to_json() for text in texts for each in read_tutorial(text).fits]
    wanted = {"parameters": parameters, "batch_size": batch, "epochs": epochs, "validation": validation}
    assert any(wanted.items() <= fit.items() for fit in fits), page


@pytest.mark.skipif(not pages(), reason="DIGIT_LAB_TUTORIALS is not set.")
@pytest.mark.parametrize(("page", "run"), [("002", "cnn-16-36"), ("003", "mlp-512")])
def test_runs_with_the_settings_of_a_page_reach_its_printed_score_within_chance(page, run):
    tutorial = read_tutorial(pages()[page].read_text(encoding="utf-8"))
    manifest, status = RunFolder(SHIPPED_DIR / run).manifest(), RunFolder(SHIPPED_DIR / run).status()
    assert tutorial.fits[0].to_json()["epochs"] == manifest.config.epochs
    (printed,) = (each.to_json()["test"] for each in tutorial.printed if each.to_json().get("test"))
    images, own = manifest.config.data.test, status.last_test_accuracy or status.test_accuracy
    low, high = difference(round(own * images), images, round(printed["accuracy"] * images), images)
    assert low <= 0 <= high


@pytest.mark.slow
@pytest.mark.mnist
@pytest.mark.skipif(not pages(), reason="DIGIT_LAB_TUTORIALS is not set.")
@pytest.mark.parametrize("page", ["001", "002", "003", "004"])
def test_the_code_for_keras_3_of_a_page_runs(page, tmp_path):
    """For one epoch."""
    code = for_keras_3(read_tutorial(pages()[page].read_bytes())).after
    short, changed = re.subn(r"\bepochs ?= ?\d+", "epochs=1", code)
    assert changed
    (tmp_path / "script.py").write_text(short, encoding="utf-8")
    quiet = {"MPLBACKEND": "agg", "TF_CPP_MIN_LOG_LEVEL": "3"}
    ended = subprocess.run(
        [sys.executable, "-c", WITH_DIGITS], cwd=tmp_path, env={**os.environ, **quiet}, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    seen = [float(value) for value in re.findall(r"accuracy: (0\.\d+)", ended.stdout)]
    assert max(seen) > 0.9
