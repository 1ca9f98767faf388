"""The lesson on softmax shows the network's probabilities of an undecided digit."""

import re
from html import escape

import numpy as np
import pytest

from core import formatting as figures
from core.data.datasets import load
from core.explain.lessons.examples import undecided_digits
from core.runs.folder import RunFolder
from core.runs.predictions import read_answers
from core.runs.store import SHIPPED_DIR
from tests.pages.actions import choose
from tests.pages.shown import texts


def table(test):
    (found,) = [one.proto.body for one in test.get("html") if "<table" in one.proto.body]
    return found


def test_the_probabilities_of_an_undecided_digit_are_the_networks(lesson, network):
    test = lesson("softmax")
    folder, data = RunFolder(SHIPPED_DIR / "cnn-16-36-5k"), load("mnist-5k")
    answers = read_answers(folder, folder.manifest().config, network[0].epoch, "test", None)
    (index,) = undecided_digits(answers, 1)
    probabilities = network[0].probabilities(data.test_images[index : index + 1].astype(np.float32) / 255)[0]
    first, second = probabilities.argsort()[:-3:-1]
    for digit in (first, second):
        assert escape(figures.probability(float(probabilities[digit]))) in table(test)
    loss = -np.log(probabilities[data.test_labels[index]])
    assert float(test.metric[0].value) == pytest.approx(loss, rel=1e-3)
    # the last one is not a question
    sure = choose(test, "learn.cases", 8)
    assert sure.query_params["case"] == "8"
    assert float(re.sub("·10.*", "", sure.metric[0].value)) < 1


def test_the_columns_appear_step_by_step(lesson):
    test = lesson("softmax", step=0)
    assert "%" not in re.sub('style="[^"]*"|aria-label="[^"]*"', "", table(test))
    assert test.metric[0].value == "–"
    test.button(key="player.next").click().run()
    test.button(key="player.next").click().run()
    assert "100\xa0%" in table(test)
    assert "Probabilities" in texts(test)
    test.button(key="player.next").click().run()
    assert test.button(key="player.next").disabled
    assert test.metric[0].value != "–"
