"""Which digits show a lesson's point."""

import numpy as np

from core.analysis.answers import Answers
from core.explain.lessons.examples import clear_digits, surest_digit, undecided_digits


def test_the_clear_digit_of_each_class_is_the_one_closest_to_its_mean():
    labels = np.repeat(np.arange(10), 3).astype(np.uint8)
    images = np.full((30, 28, 28), 100, np.uint8)
    images[::3] = 40  # first of its class: far from the mean of 40, 100 and 110
    images[2::3] = 110
    assert clear_digits(images, labels) == list(range(1, 30, 3))


def test_undecided_digits_have_the_smallest_lead_and_may_be_right():
    shares = np.full((4, 10), 0.001, np.float32)
    for row, (first, second) in enumerate([(0.9, 0.05), (0.5, 0.45), (0.6, 0.3), (0.49, 0.48)]):
        shares[row, 3], shares[row, 7] = first, second
    answers = Answers(np.log(shares), np.array([3, 7, 3, 0], np.uint8))
    # the last has neither 3 nor 7 as its label
    assert undecided_digits(answers, 2) == [1, 2]
    assert surest_digit(answers) == 0
