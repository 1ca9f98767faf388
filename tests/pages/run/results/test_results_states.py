"""The Results page of damaged, incomplete and active runs, and of links out of range."""

import numpy as np
import pytest

from tests.made_runs import answer, stored
from tests.pages.actions import click
from tests.pages.oracles import SHIPPED, expected_cards
from tests.pages.shown import cards, digit_rows, figure, matrix, pickers, sentences, sheet, texts, widget


@pytest.mark.parametrize(
    ("link", "sentence", "epoch"),
    [
        ({"epoch": "99"}, "This run has no epoch 99; epoch 3 is shown.", 3),
        ({"epoch": "2"}, "This run has no epoch 2; epoch 1 is shown.", 1),
        ({"epoch": "newest"}, "The link's epoch is newest; use the number of an epoch, best or last.", 3),
        ({"true": "12"}, "The link's true is 12; use a whole number from 0 to 9.", 3),
        ({"shares": "7"}, "The link's shares is 7; use true or false.", 3),
        ({"images": "train"}, "The link's images is train; use one of test, validation.", 3),
        ({"run": "../../etc"}, "There is no run ../../etc; another one is shown.", 3),
    ],
)
def test_a_link_out_of_range_shows_the_nearest_with_a_sentence(app, make_run, link, sentence, epoch):
    folder = make_run("finished", errors={1: 30, 3: 10})
    test = app("results", **link)
    assert sentences(test) == [sentence]
    assert cards(test) == expected_cards(*stored(folder, epoch))
    assert widget(test, "select_slider", "view.epoch").value == epoch
    assert sheet(test, "confusion.sheet")
    # the sentence goes with the next choice
    widget(test, "select_slider", "view.epoch").set_value(4 - epoch).run()
    assert [said for said in sentences(test) if "run" not in link] == []


def test_a_class_that_is_never_predicted_has_zero_precision(app, make_run):
    folder = make_run("finished")
    answer(folder, 3, 10, never=(7, 8))
    test = app("results")
    true, probabilities = stored(folder, 3)
    assert cards(test) == expected_cards(true, probabilities)
    table = digit_rows(test, "classes")
    assert table.loc[[7, 8], ["precision", "recall", "f1"]].to_numpy().tolist() == [["0.00\xa0%"] * 3] * 2
    assert not table.isin(["nan", "–"]).any().any()
    assert not matrix(test)[:, [7, 8]].any()
    click(test, 3, 7)
    assert "**3 predicted as 7: 0 images**" in texts(test)
    for section in ("calibration", "epochs"):
        assert not widget(test, "button_group", "view.section").set_value(section).run().exception


def test_a_run_without_errors_has_no_digits_to_show(app, make_run):
    make_run("finished", errors={3: 0})
    test = app("results")
    assert cards(test)["Accuracy"] == ("100.00\xa0%", "95\xa0% interval 99.62 to 100.00")
    assert pickers(test) == ("any", "any")
    assert "**All mistakes: 0 images**" in texts(test)
    assert sheet(test, "confusion.sheet") is None
    assert "Epoch 3, the only one that was kept." in texts(test)


def test_a_run_without_predictions_leaves_a_sentence(app, make_run):
    folder = make_run("finished")
    test = app("results", run=folder.id)
    assert "This run kept no predictions" in texts(test)
    assert not test.metric
    widget(test, "selectbox", "view.run").set_value(SHIPPED.id).run()
    assert cards(test)["Mistakes"][0] == "66"


def test_damaged_predictions_are_reported_and_other_epochs_shown(app, make_run):
    folder = make_run("finished", errors={1: 30, 2: 20, 3: 10})
    folder.predictions(3).write_bytes(folder.predictions(3).read_bytes()[:2000])
    test = app("results")
    assert sentences(test) == [
        "The predictions after epoch 3 cannot be read: predictions/epoch-0003.npz cannot be read."
        " Choose another epoch or run."
    ]
    assert not test.metric
    assert test.button(key="looking.other").label == "Show epoch 2"
    test.button(key="looking.other").click().run()
    assert cards(test) == expected_cards(*stored(folder, 2))
    widget(test, "button_group", "view.section").set_value("epochs").run()
    assert not test.exception
    assert figure(test, 1)[0]["x"] == [1, 2]


def test_missing_labels_are_taken_from_the_data_set(app, make_run):
    folder = make_run("finished", errors={3: 10})
    expected = expected_cards(*stored(folder, 3))
    folder.labels.unlink()
    assert cards(app("results")) == expected


def test_damaged_labels_are_reported(app, make_run):
    make_run("finished", errors={3: 10}).labels.write_bytes(b"no labels")
    test = app("results")
    assert len(sentences(test)) == 1
    assert "labels.npz cannot be read" in sentences(test)[0]


@pytest.mark.usefixtures("without_mnist")
def test_without_mnist_only_the_images_are_missing(app, settled):
    test = settled(lambda: app("results", run="cnn-16-36"))
    assert cards(test) == expected_cards(*stored(SHIPPED, 15))
    assert np.array_equal(matrix(test).sum(axis=1), np.bincount(stored(SHIPPED, 15)[0]))
    assert sheet(test, "confusion.sheet") is None
    assert "The images are part of MNIST." in texts(test)
    click(test, 9, 4)
    assert "**9 predicted as 4: " in texts(test)
    for section in ("calibration", "epochs"):
        widget(test, "button_group", "view.section").set_value(section).run()
        assert len(test.get("plotly_chart")) >= 2
    assert not test.exception


def test_images_whose_labels_differ_are_not_shown(app, make_run):
    folder = make_run("finished", errors={3: 10})
    with np.load(folder.labels) as labels:
        np.savez(folder.labels, **{part: labels[part][::-1] for part in labels})
    test = app("results")
    assert len(sentences(test)) == 1
    assert "so none are shown" in sentences(test)[0]
    assert sheet(test, "confusion.sheet") is None
    assert cards(test) == expected_cards(*stored(folder, 3))


def test_the_best_epoch_of_an_active_run_is_followed(app, make_run):
    folder = make_run("training", epochs=[], best_epoch=None)
    test = app("results", run=folder.id)
    assert "They come with its first epoch" in texts(test)
    for epoch, errors in ((0, 90), (1, 30), (2, 20)):
        answer(folder, epoch, errors)
        folder.change_status(epoch=epoch, best_epoch=epoch or None)
        test.run()
        assert not test.exception
        assert cards(test)["Mistakes"][0] == f"{10 * errors}"
    widget(test, "select_slider", "view.epoch").set_value(1).run()
    answer(folder, 3, 10)
    folder.change_status(epoch=3, best_epoch=3)
    test.run()
    # a chosen epoch stays
    assert cards(test)["Mistakes"][0] == "300"
    test.button(key="looking.last").click().run()
    assert cards(test)["Mistakes"][0] == "100"
    assert test.query_params == {"tab": "results", "run": folder.id, "epoch": "last"}


@pytest.mark.usefixtures("mnist_available")
def test_a_queued_run_is_not_shown_first(app, make_run):
    make_run("queued", epochs=[])
    test = app("results")
    assert cards(test)["Mistakes"][0] == "66"
