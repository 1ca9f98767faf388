"""Which check applies to a network's answers, and what a reading contains."""

import io
import shutil

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from benchmarks.nondigits import drawings
from core.drawing.pictures import read_picture
from core.drawing.to_mnist import LARGEST, SMALLEST, digits_in, to_mnist
from core.errors import DigitLabError
from core.inference import load
from core.inference.familiarity import FILE
from core.inference.reading import Reading, check_for, kind_of, read, read_each, shipped_check
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


def test_a_blot_is_reported_as_one(shipped):
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


def any_picture(height, width, random, coarse, strokes, transparent):
    """Blocks of any size in few or many shades, with lines of any width on them: uint8 (height, width, 4)."""
    shades = random.integers(1, 256)
    blocks = random.integers(0, shades, (-(-height // coarse), -(-width // coarse), 4)) + random.integers(256 - shades)
    picture = cv2.resize(blocks.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    for _ in range(strokes):
        points = (random.uniform(-0.2, 1.2, (random.integers(1, 9), 2)) * (width, height)).astype(np.int32)
        thick = int(random.integers(1, max(2, min(255, min(height, width) // 4))))
        cv2.polylines(picture, [points], False, random.integers(0, 256, 4).tolist(), thick)
    if not transparent:
        picture[..., 3] = 255
    return picture


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    st.integers(SMALLEST, LARGEST), st.integers(SMALLEST, LARGEST), st.integers(0, 2**32 - 1),
    st.sampled_from((1, 7, 60, LARGEST)), st.integers(0, 12), st.booleans(), st.sampled_from(("JPEG", "PNG", "WEBP")),
)  # fmt: skip
def test_any_picture_of_up_to_12_megapixels_gives_an_answer_or_a_sentence(
    shipped, height, width, seed, coarse, strokes, transparent, form
):
    width = min(width, 12_000_000 // height)
    picture = any_picture(height, width, np.random.default_rng(seed), coarse, strokes, transparent)
    file = io.BytesIO()
    Image.fromarray(picture[..., :3] if form == "JPEG" else picture).save(file, form, compress_level=1, method=0)
    for bring in (lambda: picture, lambda: read_picture(file.getvalue())):
        try:
            brought = bring()
            found = read_each(digits_in(brought), shipped.classifier, shipped, kind_of(brought))
        except DigitLabError as error:
            assert str(error)
            continue
        for _, reading in found:
            assert reading.probabilities.sum() == pytest.approx(1, abs=1e-4)
            assert reading.declined is None or str(reading.declined)
