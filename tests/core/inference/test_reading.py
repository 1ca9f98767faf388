"""Which check applies to a network's answers, and what a reading contains."""

import shutil

import numpy as np
import pytest

from benchmarks.nondigits import drawings
from core.drawing.to_mnist import to_mnist
from core.inference import load
from core.inference.familiarity import FILE
from core.inference.reading import Reading, check_for, read, shipped_check
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR, RunStore
from core.text import Message
from tests.hand_drawn import DIGITS, on_canvas

SEVEN = to_mnist(on_canvas(DIGITS[7]))
STAR = to_mnist(drawings("star", 1)[0])
KNOWS = RunFolder(SHIPPED_DIR / "handwriting")


@pytest.fixture(scope="module")
def shipped():
    return shipped_check(RunStore().runs())


def test_a_reading_has_the_two_most_probable_digits():
    reading = Reading(np.array([0, 0, 0.2, 0, 0, 0.5, 0, 0.3, 0, 0], np.float32))
    assert (reading.digit, reading.second) == (5, 7)
    assert (reading.probability, reading.second_probability) == pytest.approx((0.5, 0.3))


@pytest.mark.parametrize("name", ["handwriting", "cnn-16-36"])
def test_any_network_accepts_a_digit_and_declines_a_star(shipped, name):
    folder = RunFolder(SHIPPED_DIR / name)
    classifier = load(folder)
    check = check_for(folder, classifier, lambda: shipped)
    seven, star = read(SEVEN, classifier, check), read(STAR, classifier, check)
    assert (seven.digit, seven.declined) == (7, None)
    assert star.declined == Message("familiarity.no_digit")
    np.testing.assert_array_equal(star.probabilities, classifier.probabilities(STAR[None])[0])


def test_without_a_check_nothing_is_declined():
    assert read(STAR, load(KNOWS), None).declined is None


def test_a_blot_is_told_as_one(shipped):
    blot = to_mnist(on_canvas(DIGITS[7], size=80, pen_width=34))
    assert read(blot, load(KNOWS), shipped).declined == Message("familiarity.blot")


def test_a_likely_second_digit_is_worth_naming():
    assert Reading(np.array([0, 0.8, 0, 0, 0, 0, 0, 0.2, 0, 0], np.float32)).undecided
    assert not Reading(np.array([0, 0.98, 0, 0, 0, 0, 0, 0.02, 0, 0], np.float32)).undecided


def test_a_runs_own_check_is_used_for_the_epoch_it_was_fitted_to(shipped):
    best, first = load(KNOWS), load(KNOWS, 1)
    assert check_for(KNOWS, best, lambda: None).classifier is best
    assert check_for(KNOWS, first, lambda: shipped) is shipped
    assert shipped.classifier.run_id == "handwriting"


@pytest.mark.parametrize("content", [None, b"damaged"])
def test_the_shipped_check_replaces_a_missing_or_damaged_one(shipped, tmp_path, content):
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    assert check_for(RunFolder(tmp_path), load(KNOWS), lambda: shipped) is shipped


def test_an_unusable_shipped_check_is_skipped(tmp_path):
    for name in ("handwriting", "other"):
        shutil.copytree(KNOWS.path, tmp_path / "shipped" / name)
    store = RunStore(tmp_path / "runs", tmp_path / "shipped")
    assert shipped_check(store.runs()).classifier.run_id == "handwriting"
    (tmp_path / "shipped" / "handwriting" / FILE).write_bytes(b"damaged")
    assert shipped_check(store.runs()).classifier.run_id == "other"
    (tmp_path / "shipped" / "other" / FILE).unlink()
    assert shipped_check(store.runs()) is None
