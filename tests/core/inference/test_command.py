"""`python -m core.inference` reads image files from the command line."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from core.digits.strokes import render
from core.inference.__main__ import main
from core.runs.store import ROOT, SHIPPED_DIR

ONE = [np.array([(40, 0), (36, 100)], np.float32)]
SEVEN = [np.array([(0, 0), (60, 0), (30, 100)], np.float32)]


@pytest.fixture
def pictures(tmp_path):
    """A 1 and a 7 as a person would save them, and a file that is no picture."""
    for name, strokes in (("one", ONE), ("seven", SEVEN)):
        Image.fromarray(render(strokes, 200, (140, 140), 20)).save(tmp_path / f"{name}.png")
    (tmp_path / "text.png").write_text("7")
    return tmp_path


def test_it_prints_a_line_for_each_image(pictures):
    images = [str(pictures / "one.png"), str(pictures / "seven.png")]
    command = [sys.executable, "-m", "core.inference", "cnn-16-36", *images]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    one, seven = done.stdout.splitlines()
    assert one.startswith(f"{images[0]}: 1 (")
    assert seven.startswith(f"{images[1]}: 7 (")
    assert " %), else " in seven


def test_a_folder_does_as_well_as_a_name(pictures, capsys):
    assert main([str(SHIPPED_DIR / "cnn-16-36"), str(pictures / "seven.png"), "--epoch", "15"]) == 0
    assert ": 7 (" in capsys.readouterr().out


def test_an_image_that_cannot_be_read_is_told_and_the_others_are_read(pictures, capsys):
    images = [str(pictures / name) for name in ("text.png", "none.png", "seven.png")]
    assert main(["cnn-16-36", *images]) == 1
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 1
    text, none = printed.err.splitlines()
    assert "no picture" in text
    assert "none.png: This file cannot be read (No such file or directory)" in none


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["no-such-run"], "no run no-such-run"), (["cnn-16-36", "--epoch", "99"], "epoch 99"), (["."], "run.json")],
)
def test_a_run_that_cannot_answer_is_told(pictures, capsys, monkeypatch, arguments, said):
    monkeypatch.chdir(pictures)
    assert main([arguments[0], "seven.png", *arguments[1:]]) == 2
    assert said in capsys.readouterr().err


def test_a_wrong_epoch_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["cnn-16-36", "seven.png", "--epoch", "next"])
    assert ended.value.code == 2
    assert "--epoch" in capsys.readouterr().err
