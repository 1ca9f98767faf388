"""Digits are accepted and other drawings declined, with any network; a damaged file is reported."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.nondigits import drawings
from core.config.run import RunConfig
from core.data.datasets import load as load_digits
from core.drawing.to_mnist import to_mnist
from core.errors import UnreadableRun
from core.inference import load
from core.inference.familiarity import FILE, KINDS, Familiarity, features
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from research.handwriting.fit_judge import _layers, fit, main
from tests.hand_drawn import DIGITS, on_canvas


@pytest.fixture(scope="module", params=["handwriting", pytest.param("cnn-16-36", marks=pytest.mark.slow)])
def folder(request):
    """A run that is included with its check, and one that gets a check here, which takes half a minute."""
    return RunFolder(SHIPPED_DIR / request.param)


@pytest.fixture(scope="module")
def classifier(folder):
    return load(folder)


@pytest.fixture(scope="module")
def digits():
    data = load_digits("mnist-5k")
    return [np.asarray(images, np.float32) / 255 for images in (data.train_images, data.test_images)]


@pytest.fixture(scope="module")
def familiarity(folder, classifier, digits):
    if shipped := Familiarity.load(folder):
        return shipped
    with pytest.MonkeyPatch.context() as patch:
        # 0.2 % of so few digits would be less than one
        patch.setattr("research.handwriting.fit_judge.DECLINED", dict.fromkeys(KINDS, 0.01))
        patch.setattr("research.handwriting.train_judge._EPOCHS", 12)
        return fit(classifier, digits[0][:1500], dict.fromkeys(KINDS, digits[1][:400]), others=1500)


def declined(familiarity, classifier, images):
    images = np.array(images, np.float32)
    return (familiarity.scores(images, classifier.layers(images)) < familiarity.thresholds["drawing"]).mean()


def test_few_digits_are_declined(familiarity, classifier, digits):
    assert declined(familiarity, classifier, digits[1][400:]) <= 0.04


@pytest.mark.parametrize("digit", DIGITS)
def test_steadily_drawn_digits_are_accepted(digit):
    """Digits without the tremor of the training data: a 0 is a bare ring, and a 1 a bar."""
    folder = RunFolder(SHIPPED_DIR / "handwriting")
    shipped, network = Familiarity.load(folder), load(folder)
    drawn = [on_canvas(DIGITS[digit], size=size, pen_width=pen) for size in (90, 140, 190, 230) for pen in (8, 14, 20)]
    assert declined(shipped, network, [to_mnist(canvas) for canvas in drawn]) == 0


@pytest.mark.parametrize("kind", ["small letters", "two digits", "filled circle", "smiley", "hash", "star"])
def test_unseen_kinds_of_drawings_are_declined(familiarity, classifier, kind):
    assert declined(familiarity, classifier, [to_mnist(canvas) for canvas in drawings(kind, 20)]) >= 0.75


@pytest.mark.parametrize(
    "kind", ["letters of fonts", "signs of fonts", "near a digit, of fonts", "capital letters", "heart"]
)
def test_letters_and_signs_are_declined_by_the_shipped_check(kind):
    """In fonts and shapes that it did not learn from."""
    folder = RunFolder(SHIPPED_DIR / "handwriting")
    images = [to_mnist(canvas) for canvas in drawings(kind, 40)]
    assert declined(Familiarity.load(folder), load(folder), images) >= 0.9


def test_a_digit_scores_above_a_star_and_a_blot_lowest(familiarity, classifier, digits):
    star, blot = (to_mnist(drawings(kind, 1)[0]) for kind in ("star", "filled circle"))
    scores = [familiarity.score(image, classifier.activations(image)) for image in (digits[1][0], star, blot)]
    assert scores[0] > scores[1] > scores[2] == -np.inf


def test_a_saved_check_can_be_loaded(familiarity, classifier, digits, tmp_path):
    folder = RunFolder(tmp_path)
    assert Familiarity.load(folder) is None
    familiarity.save(folder)
    assert (tmp_path / FILE).stat().st_size < 500_000
    kept = Familiarity.load(folder)
    assert (kept.epoch, kept.layers) == (classifier.epoch, familiarity.layers)
    assert kept.thresholds == pytest.approx(familiarity.thresholds)
    layers = classifier.activations(digits[1][0])
    assert kept.score(digits[1][0], layers) == pytest.approx(familiarity.score(digits[1][0], layers))


def test_a_check_of_an_earlier_version_has_no_convolutions_and_one_threshold_for_all_kinds(
    familiarity, classifier, digits, tmp_path
):
    inputs = len(familiarity.judge.mean)
    earlier = replace(familiarity.judge, first=familiarity.judge.first[:inputs], convolutions=())
    with (tmp_path / FILE).open("wb") as file:
        np.savez(file, epoch=3, threshold=1.5, layers=np.array(familiarity.layers), **earlier.arrays())
    check = Familiarity.load(RunFolder(tmp_path))
    assert set(check.thresholds.values()) == {1.5}
    assert np.isfinite(check.score(digits[1][0], classifier.activations(digits[1][0])))


@pytest.mark.parametrize("content", [b"", b"no archive", "cut", "another"])
def test_a_damaged_file_is_reported(familiarity, tmp_path, content):
    familiarity.save(RunFolder(tmp_path))
    path = tmp_path / FILE
    if content == "cut":
        path.write_bytes(path.read_bytes()[:-500])
    elif content == "another":
        np.savez(path.open("wb"), epoch=1)
    else:
        path.write_bytes(content)
    with pytest.raises(UnreadableRun, match="fit it again"):
        Familiarity.load(RunFolder(tmp_path))


SHAPES = [
    {"kind": "mlp", "hidden_units": ()},
    {"kind": "mlp", "hidden_units": (4096, 30), "dropout": 0.1, "batch_normalization": True},
    {"kind": "cnn", "dense_units": ()},
    {"kind": "cnn", "blocks": ["4@5-valid-none", "6@5-valid-none"], "dense_units": (2048,)},
    {"kind": "cnn", "blocks": ["8@5-same-max", "8@3-same-max", "9@3-same-max", "9@3-same-max"]},
]


@pytest.mark.parametrize("settings", SHAPES, ids=str)
def test_any_network_has_layers_for_the_features(settings):
    config = RunConfig().replace(**settings)
    random = np.random.default_rng(1)
    values = {row.layer.name: random.random((2, *row.output_shape), np.float32) for row in config.layer_table}
    names = _layers(config.all_layers)
    found = features(names, np.zeros((2, 28, 28), np.float32), values)
    assert names[-1] == "output"
    assert found.shape[0] == 2
    assert 14 * 14 + 10 <= found.shape[1] < 3_000
    assert np.isfinite(found).all()


def test_the_command_rejects_a_folder_without_a_run(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "run.json is missing" in capsys.readouterr().err


def test_the_command_writes_the_file(folder, classifier, tmp_path, monkeypatch, capsys):
    shutil.copytree(folder.path, tmp_path / "run")
    monkeypatch.setattr("research.handwriting.fit_judge._SETS", ("mnist-5k",))
    monkeypatch.delenv("DIGIT_LAB_PEN_STROKES", raising=False)
    for name, count in {"DIGITS": 150, "VALIDATION_DIGITS": 60, "NONDIGITS": 100, "VALIDATION_NONDIGITS": 90}.items():
        monkeypatch.setattr(f"research.handwriting.fit_judge.{name}", count)
    assert main([str(tmp_path / "run")]) == 0
    assert "familiarity.npz" in capsys.readouterr().out
    assert Familiarity.load(RunFolder(tmp_path / "run")).epoch == classifier.epoch
