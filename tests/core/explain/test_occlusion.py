"""The occlusion map."""

import numpy as np
import pytest

from core.config.presets import PRESETS
from core.data import datasets
from core.explain.occlusion import Occlusion, cover, occlusion, quick_step
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR


@pytest.fixture(scope="module")
def digit():
    return datasets.load("mnist-5k").test_images[3].astype(np.float32) / 255


def one_at_a_time(classifier, image, patch, step):
    """The result of answering each covered image separately."""
    side = 28 // step
    answers = np.zeros((side, side, 10), np.float32)
    for row, column in np.ndindex(side, side):
        covered = image.copy()
        top, left = (int(np.floor(place * step + (step - patch) / 2)) for place in (row, column))
        for y in range(top, top + patch):
            for x in range(left, left + patch):
                if 0 <= y < 28 and 0 <= x < 28:
                    covered[y, x] = 0
        answers[row, column] = classifier.probabilities(covered[None])[0]
    return answers


@pytest.mark.parametrize(
    ("run", "patch", "step"),
    [("mlp-512", 6, 1), ("mlp-512", 3, 1), ("mlp-512", 14, 2), ("cnn-16-36", 6, 2), ("lenet-20-50", 2, 2)],
)
def test_map_matches_answers_to_single_images(run, patch, step, digit):
    classifier = load(RunFolder(SHIPPED_DIR / run))
    found = occlusion(classifier.probabilities, digit, patch=patch, step=step)
    np.testing.assert_allclose(found.covered, one_at_a_time(classifier, digit, patch, step), atol=1e-5)
    np.testing.assert_allclose(found.whole, classifier.probabilities(digit[None])[0], atol=1e-5)


def test_covering_blank_pixels_needs_no_answer(digit):
    asked = []

    def probabilities(images):
        asked.append(len(images))
        return np.full((len(images), 10), 0.1, np.float32)

    found = occlusion(probabilities, digit, patch=4, step=1)
    assert asked[0] < 1 + 28 * 28
    assert not found.change(3).any()
    blank = occlusion(probabilities, np.zeros((28, 28), np.float32), patch=4, step=1)
    assert asked[1] == 1
    assert blank.covered.shape == (28, 28, 10)


def test_change_and_worst_place():
    covered = np.full((2, 2, 10), 0.1, np.float32)
    covered[1, 0, 4], covered[0, 1, 4] = 0.02, 0.3
    found = Occlusion(np.full(10, 0.1, np.float32), covered, patch=14, step=14)
    np.testing.assert_allclose(found.change(4), [[0, 0.2], [-0.08, 0]], atol=1e-7)
    assert found.worst(4) == (1, 0)


def test_a_patch_is_centered_and_clipped_at_the_edge():
    ink = np.ones((28, 28), np.float32)
    assert np.argwhere(cover(ink, (5, 7), patch=3, step=1) == 0).tolist() == [
        [row, column] for row in (4, 5, 6) for column in (6, 7, 8)
    ]
    assert (cover(ink, (0, 13), patch=6, step=2) == 0).sum() == 4 * 4
    assert ink.all()


def test_a_slow_network_gets_a_step_of_two_pixels():
    steps = {name: quick_step(PRESETS[name].layer_table) for name in ("mlp-512", "cnn-16-36")}
    assert steps == {"mlp-512": 1, "cnn-16-36": 2}
