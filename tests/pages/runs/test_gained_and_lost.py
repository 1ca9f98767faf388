"""Two runs, or two epochs of one run, compared digit by digit."""

import numpy as np
import pytest

from tests.made_runs import answer, stored
from tests.pages.actions import choose, click
from tests.pages.conftest import link
from tests.pages.oracles import counts, expected_verdict, right
from tests.pages.shown import matrix, sentences, sheet, texts, verdict, widget

DIFFERENCE = -1


def test_gained_minus_lost_equals_the_difference_in_errors(app, two):
    test = app("runs", runs=link(*two))
    assert not sentences(test)
    before, after = right(two[0]), right(two[1])
    gained, lost = np.flatnonzero(~before & after), np.flatnonzero(before & ~after)
    assert len(gained) - len(lost) == 100 - 60
    assert verdict(test) == expected_verdict(before, after)
    assert f"A has 100 errors and B has 60; {(~before & ~after).sum()} images are wrong in both." in texts(test)
    assert f"**Gained: {len(gained)}**" in texts(test)
    assert f"**Lost: {len(lost)}**" in texts(test)
    assert sheet(test, "difference.gained") == gained[:24].tolist()
    assert sheet(test, "difference.lost") == lost[:24].tolist()
    assert np.array_equal(matrix(test, DIFFERENCE), counts(two[1]) - counts(two[0]))


def test_each_runs_slider_chooses_its_epoch(app, two):
    test = app("runs", runs=link(*two))
    widget(test, "select_slider", "view.epoch_b").set_value(1).run()
    assert verdict(test) == expected_verdict(right(two[0]), right(two[1], 1))
    widget(test, "select_slider", "view.epoch_a").set_value(0).run()
    assert verdict(test) == expected_verdict(right(two[0], 0), right(two[1], 1))
    assert "they differ (p < 0.001)" in verdict(test)
    assert test.query_params == {"runs": link(*two), "epoch_a": "0", "epoch_b": "1"}


def test_any_two_of_several_runs_are_compared_under_their_letters(app, make_run, two):
    third = make_run("finished", errors={3: 8}, seed=4)
    test = app("runs", runs=link(*two, third))
    assert verdict(test) == expected_verdict(right(two[0]), right(two[1]))
    widget(test, "selectbox", "view.run_b").set_value(third.id).run()
    before, after = right(two[0]), right(third)
    gained, lost = (~before & after).sum(), (before & ~after).sum()
    assert f"C gains **{gained}** images and loses **{lost}** against A" in texts(test)
    assert test.query_params == {"runs": link(*two, third), "run_b": third.id}
    widget(test, "selectbox", "view.run_a").set_value(two[1].id).run()
    assert "against B" in texts(test)
    assert "C has 80 errors" not in texts(test)
    assert "B has 60 errors and C has 80" in texts(test)


def test_two_epochs_of_one_run_are_compared(app, two):
    test = app("runs", runs=two[0].id, epoch_a=1)
    assert "Gained and lost between two epochs" in texts(test)
    assert verdict(test) == expected_verdict(right(two[0], 1), right(two[0], 3))
    widget(test, "select_slider", "view.epoch_b").set_value(0).run()
    assert verdict(test) == expected_verdict(right(two[0], 1), right(two[0], 0))
    assert np.array_equal(matrix(test, DIFFERENCE), counts(two[0], 0) - counts(two[0], 1))


def test_an_epoch_compared_with_itself_has_no_changes(app, two):
    test = app("runs", runs=two[0].id, epoch_a=3, epoch_b=3)
    assert verdict(test) == "B gains no image and loses none against A: all their answers are equally right."
    assert sheet(test, "difference.gained") is None


def test_choosing_a_cell_filters_the_digits(app, two):
    test = app("runs", runs=link(*two))
    fives = np.flatnonzero(stored(two[0], 3)[0] == 5)
    widget(test, "selectbox", "view.diff_true").set_value(5).run()
    gained = np.flatnonzero(~right(two[0]) & right(two[1]))
    assert sheet(test, "difference.gained") == [index for index in gained if index in fives][:24]
    click(test, 5, 3, place=DIFFERENCE)
    answers = [stored(folder, 3)[1].argmax(axis=1) for folder in two]
    cell = [index for index in gained if index in fives and 3 in (answers[0][index], answers[1][index])]
    assert (sheet(test, "difference.gained") or []) == cell
    assert test.query_params == {"runs": link(*two), "diff_true": "5", "diff_predicted": "3"}
    # the verdict stays on all digits
    assert verdict(test) == expected_verdict(right(two[0]), right(two[1]))


def test_clicking_a_digit_opens_it_in_the_second_runs_mistakes(app, two):
    test = app("runs", runs=link(*two))
    digit = sheet(test, "difference.lost")[2]
    choose(test, "difference.lost", digit)
    assert test.query_params["tab"] == "mistakes"
    true, probabilities = stored(two[1], 3)
    assert (
        f"**Image {digit}** has the label **{true[digit]}** and is predicted as **{probabilities[digit].argmax()}**"
        in texts(test)
    )
    assert widget(test, "selectbox", "view.run").value == two[1].id


def test_validation_digits_can_be_compared(app, two):
    test = app("runs", runs=link(*two), images="validation")
    before, after = right(two[0], part="validation"), right(two[1], part="validation")
    assert verdict(test) == expected_verdict(before, after)
    assert (~before).sum() - (~after).sum() == 80 - 48


def test_runs_with_other_labels_are_never_compared_digit_by_digit(app, two):
    with np.load(two[1].labels) as labels:
        np.savez(two[1].labels, **{part: labels[part][::-1] for part in labels})
    test = app("runs", runs=link(*two))
    assert "These two runs were tested on different images" in texts(test)


def test_a_run_without_predictions_shows_a_note(app, make_run, two):
    test = app("runs", runs=link(two[0], make_run("finished")))
    assert "One of these runs has no stored predictions" in texts(test)
    assert len(test.get("plotly_chart")) == 1


def test_damaged_predictions_are_reported(app, two):
    two[1].predictions(3).write_bytes(two[1].predictions(3).read_bytes()[:500])
    test = app("runs", runs=link(*two))
    assert sentences(test) == ["predictions/epoch-0003.npz cannot be read"]
    widget(test, "select_slider", "view.epoch_b").set_value(1).run()
    assert verdict(test) == expected_verdict(right(two[0]), right(two[1], 1))


def test_a_class_that_is_never_predicted_is_handled(app, two):
    answer(two[1], 3, 10, never=(1,), seed=3)
    test = app("runs", runs=link(*two))
    assert np.array_equal(matrix(test, DIFFERENCE), counts(two[1]) - counts(two[0]))


@pytest.mark.usefixtures("without_mnist")
def test_without_mnist_a_note_replaces_only_the_pictures(app, settled):
    test = settled(lambda: app("runs", runs="cnn-16-36", epoch_a=1))
    assert "The images are part of MNIST." in texts(test)
    assert verdict(test).startswith("B gains")
    assert matrix(test, DIFFERENCE).sum() == 0
    assert sheet(test, "difference.gained") is None


def test_a_training_run_can_be_compared_with_a_finished_one(app, make_run, two):
    running = make_run("training", errors={1: 40}, epochs=[], best_epoch=1)
    test = app("runs", runs=link(two[0], running))
    assert verdict(test) == expected_verdict(right(two[0]), right(running, 1))
    answer(running, 2, 20)
    running.change_status(epoch=2, best_epoch=2)
    test.run()
    assert verdict(test) == expected_verdict(right(two[0]), right(running, 2))
