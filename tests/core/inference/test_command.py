"""`python -m core.inference` reads image files from the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from core.drawing.pictures import LARGEST_FILE, read_picture
from core.drawing.to_mnist import to_mnist
from core.inference import load
from core.inference.__main__ import main
from core.places import ROOT
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from tests.hand_drawn import DIGITS, on_canvas

PICTURES = ROOT / "tests/pictures"
KEYS = ["file", "digit", "probability", "second", "second_probability", "declined", "digits"]


@pytest.fixture
def pictures(tmp_path):
    """A 1 and a 7 as a user would save them, pictures of other things, and files that are not pictures."""
    for digit, name in ((1, "one"), (7, "seven")):
        Image.fromarray(on_canvas(DIGITS[digit])).save(tmp_path / f"{name}.png")
    Image.new("L", (300, 300), 255).save(tmp_path / "blank.png")
    table = Image.new("L", (400, 300), 255)
    ImageDraw.Draw(table).rectangle((60, 60, 340, 240), fill=0)
    table.save(tmp_path / "table.png")
    (tmp_path / "text.png").write_text("7")
    with (tmp_path / "large.png").open("wb") as large:
        large.truncate(100 * LARGEST_FILE)
    return tmp_path


def printed_json(arguments, capfd):
    """Standard output, including messages of the libraries."""
    status = main([*map(str, arguments), "--json"])
    return status, json.loads(capfd.readouterr().out)


def test_it_prints_a_line_for_each_image(pictures):
    images = [str(pictures / "one.png"), str(pictures / "seven.png")]
    command = [sys.executable, "-m", "core.inference", "cnn-16-36", *images]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    one, seven = done.stdout.splitlines()
    assert one.startswith(f"{images[0]}: 1 (")
    assert seven.startswith(f"{images[1]}: 7 (")
    assert "%), then " in seven


NOT_ONE_DIGIT = {
    "table.png": "This does not look like a single digit.",
    "blank.png": "There is no ink",
}


@pytest.mark.parametrize("run", ["handwriting", "cnn-16-36", "mlp-512"])
def test_pictures_of_anything_else_are_declined(pictures, capfd, monkeypatch, run):
    monkeypatch.chdir(pictures)
    assert main([run, *NOT_ONE_DIGIT]) == 0
    for line, (file, sentence) in zip(capfd.readouterr().out.splitlines(), NOT_ONE_DIGIT.items(), strict=True):
        assert line.startswith(f"{file}: {sentence}")


def test_json_is_one_object_per_file_in_the_order_given(pictures, capfd, monkeypatch):
    monkeypatch.chdir(pictures)
    given = ["table.png", "seven.png", "none.png", "blank.png", "one.png"]
    status, answers = printed_json(["handwriting", *given], capfd)
    assert status == 1
    assert [answer["file"] for answer in answers] == given
    assert [answer["digit"] for answer in answers] == [None, 7, None, None, 1]
    for answer in answers:
        assert list(answer) == KEYS
        nothing = answer["digit"] is None
        assert (answer["declined"] is not None) == nothing
        assert all((answer[key] is None) == nothing for key in KEYS[1:5])
    probabilities = load(RunFolder(SHIPPED_DIR / "handwriting")).probabilities(
        to_mnist(read_picture(Path("seven.png").read_bytes()))[None]
    )[0]
    seven = answers[1]
    assert seven["probability"] == pytest.approx(float(probabilities[7]))
    assert seven["second"] == int(probabilities.argsort()[-2])
    assert seven["second_probability"] == pytest.approx(float(probabilities[seven["second"]]))


def test_files_are_recognized_by_content_and_not_by_name(capfd):
    names = ("twelve_bits_in_sixteen_7.png", "webp_named_jpg_7.jpg")
    status, answers = printed_json(["handwriting", *(PICTURES / name for name in names)], capfd)
    assert status == 0
    assert [answer["digit"] for answer in answers] == [7, 7]


def test_a_digit_in_a_figure_is_read_and_its_axes_are_not(capfd):
    assert main(["handwriting", str(PICTURES / "figure_with_axes_7.png")]) == 0
    assert ": 7 (" in capfd.readouterr().out


def test_each_digit_of_a_picture_is_read(capfd):
    picture = str(PICTURES / "two_digits.jpg")
    assert main(["handwriting", picture]) == 0
    assert capfd.readouterr().out.startswith(f"{picture}: 2 digits found: 7 (")
    _, (answer,) = printed_json(["handwriting", picture], capfd)
    assert [found["digit"] for found in answer["digits"]] == [7, 4]
    assert all(answer[key] is None for key in KEYS[1:6])


def test_files_that_cannot_be_read_are_reported_and_the_others_are_read(pictures, capsys, monkeypatch):
    monkeypatch.chdir(pictures)
    problems = {
        "text.png": "This file is not an image",
        "none.png": "This file cannot be read (No such file or directory)",
        ".": "This file cannot be read (Is a directory)",
        "large.png": "This file is too large",
        "~nobody-of-this-name/7.png": "This file cannot be read",
    }
    assert main(["cnn-16-36", *problems, "seven.png"]) == 1
    printed = capsys.readouterr()
    (read,) = printed.out.splitlines()
    assert read.startswith("seven.png: 7 (")
    for line, (file, sentence) in zip(printed.err.splitlines(), problems.items(), strict=True):
        assert line.startswith(f"{file}: {sentence}")


def test_any_file_name_is_one_line_of_text(tmp_path, capsys):
    (tmp_path / "a\n\udcffb").write_text("7")
    assert main(["cnn-16-36", str(tmp_path / "a\n\udcffb")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "This file is not an image" in line


def test_a_run_can_be_given_as_folder_or_name(pictures, capsys):
    assert main([str(SHIPPED_DIR / "cnn-16-36"), str(pictures / "seven.png"), "--epoch", "15"]) == 0
    assert ": 7 (" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["no-such-run"], "no run no-such-run"), (["cnn-16-36", "--epoch", "99"], "epoch 99"), (["."], "run.json")],
)
def test_a_run_that_cannot_answer_is_reported(pictures, capsys, monkeypatch, arguments, said):
    monkeypatch.chdir(pictures)
    assert main([arguments[0], "seven.png", *arguments[1:], "--json"]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert not printed.out
