"""The Results page: its figures against scikit-learn's, and its controls."""

from base64 import b64decode
from collections import Counter
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from sklearn.calibration import calibration_curve
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support, recall_score

from core import formatting as figures
from core.config.presets import PRESETS
from core.data.datasets import load
from tests.made_runs import stored
from tests.pages.actions import choose, click, click_table, turn
from tests.pages.oracles import SHIPPED, expected_cards
from tests.pages.shown import cards, component, digit_rows, figure, matrix, pickers, sentences, sheet, texts, widget


@pytest.mark.parametrize(("epoch", "number"), [("best", 15), ("0", 0), ("4", 4), ("last", 20)])
def test_the_cards_and_the_matrix_agree_with_scikit_learn(app, epoch, number):
    test = app("results", run=SHIPPED.id, epoch=epoch)
    true, probabilities = stored(SHIPPED, number)
    assert not test.exception
    assert not sentences(test)
    assert cards(test) == expected_cards(true, probabilities)
    assert np.array_equal(matrix(test), confusion_matrix(true, probabilities.argmax(axis=1)))


@pytest.mark.usefixtures("mnist_available")
def test_the_first_start_shows_the_best_epoch_as_keras_evaluated_it(app):
    test, status = app("results"), SHIPPED.status()
    assert widget(test, "select_slider", "view.epoch").value == status.best_epoch
    assert cards(test)["Accuracy"][0] == figures.percent(status.test_accuracy)
    assert cards(test)["Loss"][0] == figures.loss(status.test_loss)
    assert matrix(test).trace() / 10_000 == pytest.approx(status.test_accuracy)
    assert matrix(test).sum(axis=1).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert test.query_params == {"tab": "results"}


def test_the_shares_of_the_matrix_agree_with_scikit_learn(app):
    true, probabilities = stored(SHIPPED, 15)
    expected = 100 * confusion_matrix(true, probabilities.argmax(axis=1), normalize="true")
    test = app("results", run=SHIPPED.id)
    widget(test, "toggle", "view.shares").set_value(True).run()
    layers = [[[float(text or 0) for text in row] for row in layer["text"]] for layer in figure(test)[:-1]]
    assert np.allclose(np.sum(layers, axis=0), expected, atol=0.051)
    assert test.query_params == {"tab": "results", "run": SHIPPED.id, "shares": "true"}


def test_a_class_opens_its_mistakes_and_columns_sort(app, make_run):
    make_run("finished", errors={3: 30})
    test = app("results")
    assert digit_rows(test, "classes").index.tolist() == list(range(10))
    for turns, largest in enumerate((True, False)):
        click_table(test, "classes", "sort", "errors")
        errors = digit_rows(test, "classes")["errors"].astype(int)
        assert errors.tolist() == sorted(errors, reverse=largest), turns
    click_table(test, "classes", "open", 4)
    assert test.query_params == {"tab": "mistakes", "true": "4"}
    assert f"**4 predicted as another class: {errors[4]} images**" in texts(test)


@pytest.mark.parametrize("epoch", [15, 0])
def test_the_class_table_agrees_with_scikit_learn(app, epoch):
    true, probabilities = stored(SHIPPED, epoch)
    predicted = probabilities.argmax(axis=1)
    test = app("results", run=SHIPPED.id, epoch=epoch)
    table = digit_rows(test, "classes")
    expected = precision_recall_fscore_support(true, predicted, zero_division=0)
    for name, values in zip(("precision", "recall", "f1"), expected[:3], strict=True):
        assert table[name].tolist() == [figures.percent(value) for value in values], name
    assert table["support"].tolist() == [f"{count:,}" for count in expected[3]]
    wrong = confusion_matrix(true, predicted)
    np.fill_diagonal(wrong, 0)
    assert table["errors"].tolist() == [f"{count:,}" for count in wrong.sum(axis=1)]
    assert table["confused"].tolist() == [f"{row.argmax()} ({row.max()})" if row.any() else "" for row in wrong]


@pytest.mark.parametrize("epoch", [15, 0])
def test_the_calibration_agrees_with_scikit_learn(app, epoch):
    true, probabilities = stored(SHIPPED, epoch)
    right, confidence = probabilities.argmax(axis=1) == true, probabilities.max(axis=1)
    accuracy, sure = calibration_curve(right, confidence, n_bins=10)
    test = app("results", run=SHIPPED.id, section="calibration", epoch=epoch)
    bars, gaps = figure(test, 1)[:2]
    assert np.allclose(bars["y"], 100 * accuracy)
    assert np.allclose(np.add(bars["y"], gaps["y"]), 100 * sure, atol=1e-3)
    assert cards(test)["Calibration error"][0] in test.get("plotly_chart")[1].proto.alt
    for bars, chosen in zip(figure(test, 2), (right, ~right), strict=True):
        assert bars["y"] == np.histogram(confidence[chosen], bins=20, range=(0, 1))[0].tolist()


def test_recall_over_the_epochs_agrees_with_scikit_learn(app):
    test = app("results", run=SHIPPED.id, section="epochs")
    true = stored(SHIPPED, 0)[0]
    answers = np.array([stored(SHIPPED, epoch)[1].argmax(axis=1) for epoch in range(21)])
    lines = {trace["name"]: trace["y"] for trace in figure(test, 1)}
    for epoch, predicted in enumerate(answers):
        recall = recall_score(true, predicted, average=None, zero_division=0)
        assert np.allclose([lines[str(digit)][epoch] for digit in range(10)], 100 * recall)
    right = answers == true
    forgotten = (right[:-1] & ~right[1:]).sum(axis=0)
    table = digit_rows(test, "forgotten")
    assert table["forgotten"].astype(int).tolist() == sorted(forgotten, reverse=True)[:100]
    assert table["forgotten"].astype(int).tolist() == forgotten[table.index].tolist()
    assert table["last"].astype(int).tolist() == answers[-1][table.index].tolist()
    said = f"{(forgotten > 0).sum()} images were forgotten at least once; {(~right[-1]).sum()} are wrong after the last"
    assert said in texts(test)


def test_the_slider_changes_cards_matrix_and_sheet(app, make_run):
    folder = make_run("finished", errors={0: 90, 1: 30, 3: 5})
    test = app("results")
    for epoch in (1, 0, 3):
        widget(test, "select_slider", "view.epoch").set_value(epoch).run()
        true, probabilities = stored(folder, epoch)
        counts = confusion_matrix(true, probabilities.argmax(axis=1))
        assert cards(test) == expected_cards(true, probabilities)
        assert np.array_equal(matrix(test), counts)
        # by default the most frequent confusion
        cell = pickers(test)
        assert counts[cell] == max(counts[a, b] for a in range(10) for b in range(10) if a != b)
        behind = np.flatnonzero((true == cell[0]) & (probabilities.argmax(axis=1) == cell[1]))
        assert sorted(sheet(test, "confusion.sheet")) == behind.tolist()
        assert test.query_params == {"tab": "results", "epoch": str(epoch)}


def test_a_click_on_a_cell_and_the_pickers_show_the_same_digits(app, make_run):
    folder = make_run("finished", errors={3: 40})
    true, probabilities = stored(folder, 3)
    predicted, loss = probabilities.argmax(axis=1), -np.log(probabilities[np.arange(1000), true])
    test = app("results")
    expected = np.flatnonzero((true == 5) & (predicted == 3))
    click(test, 5, 3)
    assert pickers(test) == (5, 3)
    clicked = sheet(test, "confusion.sheet")
    assert clicked == sorted(expected, key=lambda index: -loss[index])
    assert f"**5 predicted as 3: {len(expected)} images**" in texts(test)
    assert test.query_params == {"tab": "results", "true": "5", "predicted": "3"}
    widget(test, "selectbox", "view.predicted").set_value(4).run()
    assert set(sheet(test, "confusion.sheet")) == set(np.flatnonzero((true == 5) & (predicted == 4)))
    # a row holds only errors
    widget(test, "selectbox", "view.predicted").set_value("any").run()
    errors = np.flatnonzero((true == 5) & (predicted != 5))
    assert set(sheet(test, "confusion.sheet")) <= set(errors)
    assert f"**5 predicted as another class: {len(errors)} images**" in texts(test)
    click(test, 5, 3)
    assert sheet(test, "confusion.sheet") == clicked
    # the same cell can be clicked again
    click(test, 7, 7)
    assert pickers(test) == (7, 7)
    assert set(sheet(test, "confusion.sheet")) <= set(np.flatnonzero((true == 7) & (predicted == 7)))
    click(test, 5, 3)
    assert sheet(test, "confusion.sheet") == clicked


def test_a_cell_leads_to_its_digits_on_mistakes(app, make_run):
    make_run("finished", errors={3: 40})
    test = click(app("results"), 5, 3)
    cell = sheet(test, "confusion.sheet")
    test.button(key="confusion.all").click().run()
    assert test.query_params["tab"] == "mistakes"
    assert sheet(test, "mistakes.sheet") == cell
    assert test.query_params == {"tab": "mistakes", "true": "5", "predicted": "3"}
    turn(test, "results")
    choose(test, "confusion.sheet", cell[-1])
    assert test.query_params["tab"] == "mistakes"
    assert f"**Image {cell[-1]}** has the label **5** and is predicted as **3**" in texts(test)


def test_a_forgotten_digit_opens_on_mistakes(app, make_run):
    make_run("finished", errors={1: 30, 2: 40, 3: 30})
    test = app("results", section="epochs")
    digit = int(digit_rows(test, "forgotten").index[2])
    drawn = component(test, "digit-table.forgotten")["sprite"]
    with Image.open(BytesIO(b64decode(drawn.partition(",")[2]))) as pictures:
        assert np.array_equal(np.asarray(pictures)[:, 56:84], load("mnist-5k").test_images[digit])
    click_table(test, "forgotten", "open", digit)
    assert test.query_params["tab"] == "mistakes"
    assert f"**Image {digit}** has the label" in texts(test)


def test_validation_digits_can_be_shown_and_are_optimistic(app, make_run):
    folder = make_run("finished", errors={1: 30, 3: 10})
    test = app("results")
    assert "Optimistic" not in texts(test)
    widget(test, "button_group", "view.images").set_value("validation").run()
    true, probabilities = stored(folder, 3, "validation")
    assert cards(test) == expected_cards(true, probabilities)
    assert matrix(test).sum() == 800
    assert set(sheet(test, "confusion.sheet")) <= set(np.flatnonzero(probabilities.argmax(axis=1) != true))
    assert "Optimistic: these images also chose the best epoch." in texts(test)
    assert test.query_params == {"tab": "results", "images": "validation"}


def test_test_digits_that_chose_the_epoch_are_optimistic(app, make_run):
    make_run("finished", config=PRESETS["mlp-512"].replace(dataset="mnist-5k", validation="test"), errors={3: 10})
    test = app("results")
    assert "Optimistic" in texts(test)
    assert "view.images" not in {element.key for element in test.get("button_group")}


def test_a_link_shows_another_visitor_the_same(app, make_run):
    first = make_run("finished", errors={0: 90, 1: 30, 3: 10})
    make_run("finished", errors={1: 50, 3: 20}, seed=1)
    test = app("results")
    widget(test, "selectbox", "view.run").set_value(first.id).run()
    widget(test, "select_slider", "view.epoch").set_value(1).run()
    widget(test, "button_group", "view.images").set_value("validation").run()
    widget(test, "button_group", "view.section").set_value("epochs").run()
    click(test, 4, 9)
    assert test.query_params == {
        "tab": "results",
        "run": first.id,
        "epoch": "1",
        "images": "validation",
        "section": "epochs",
        "true": "4",
        "predicted": "9",
    }
    other = app("run", **test.query_params)
    assert not sentences(other)
    assert cards(other) == cards(test)
    assert np.array_equal(matrix(other), matrix(test))
    assert sheet(other, "confusion.sheet") == sheet(test, "confusion.sheet")
    assert digit_rows(other, "forgotten").equals(digit_rows(test, "forgotten"))


def test_run_and_epoch_are_kept_on_another_page_and_back(app, make_run):
    first = make_run("finished", errors={0: 90, 1: 30, 3: 10})
    make_run("finished", errors={3: 20}, seed=1)
    test = app("results", run=first.id, epoch=1)
    before = cards(test)
    turn(test, "mistakes")
    assert widget(test, "select_slider", "view.epoch").value == 1
    assert "**All mistakes: 300 images**" in texts(test)
    assert test.query_params == {"tab": "mistakes", "run": first.id, "epoch": "1"}
    widget(test, "select_slider", "view.epoch").set_value(0).run()
    turn(test, "results")
    assert widget(test, "select_slider", "view.epoch").value == 0
    assert cards(test) != before
    assert test.query_params == {"tab": "results", "run": first.id, "epoch": "0"}


def test_another_run_is_shown_at_its_best_epoch(app, make_run):
    first = make_run("finished", best_epoch=1, errors={1: 10, 3: 20})
    second = make_run("finished", best_epoch=2, errors={1: 50, 2: 40, 3: 60}, seed=1)
    test = app("results", run=first.id, epoch=3)
    widget(test, "selectbox", "view.run").set_value(second.id).run()
    assert widget(test, "select_slider", "view.epoch").value == 2
    assert cards(test)["Mistakes"][0] == "400"
    for word, errors in (("first", "500"), ("last", "600"), ("best", "400")):
        test.button(key=f"looking.{word}").click().run()
        assert cards(test)["Mistakes"][0] == errors
        assert test.button(key=f"looking.{word}").disabled


def test_buttons_go_through_the_confusions_from_the_most_frequent_on(app, make_run):
    labels, probabilities = stored(make_run("finished", errors={3: 1}), 3)
    pairs = zip(labels.tolist(), probabilities.argmax(1).tolist(), strict=True)
    counts = Counter(pair for pair in pairs if pair[0] != pair[1])
    ranked = sorted(counts, key=lambda cell: (-counts[cell], cell))
    assert 2 < len(ranked) < 20
    test = app("results")
    for true, predicted in ranked:
        images = "1 image" if counts[true, predicted] == 1 else f"{counts[true, predicted]} images"
        assert f"**{true} predicted as {predicted}: {images}**" in texts(test)
        assert test.button(key="confusion.previous").disabled == ((true, predicted) == ranked[0])
        if (true, predicted) != ranked[-1]:
            test.button(key="confusion.next").click().run()
    assert test.button(key="confusion.next").disabled
