"""The Mistakes page: the digits shown, one of them opened, and unusual runs and links."""

from html import escape

import numpy as np
import pytest

from core import formatting as figures
from core.config.presets import PRESETS
from tests.made_runs import stored
from tests.pages.actions import choose
from tests.pages.oracles import SHIPPED, digits, mistakes
from tests.pages.shown import component, digit_rows, figure, opened, sentences, sheet, tables, texts, widget

SHEET = "mistakes.sheet"


def counted(test):
    """The bold line above the sheet."""
    return next(element.value for element in test.markdown if element.value.endswith(("images**", "1 image**")))


def test_the_largest_loss_comes_first_and_is_opened(app, folder):
    test = app("mistakes")
    expected = mistakes(folder).sort_values("loss", ascending=False, kind="stable")
    assert np.allclose(expected["loss"][sheet(test, SHEET)], expected["loss"][:48], atol=1e-3)
    assert opened(test) == expected.index[0]
    row = expected.iloc[0]
    said = (
        f"**Image {expected.index[0]}** has the label **{row.label:.0f}** and is predicted as **{row.predict:.0f}**"
        f" with {figures.probability(row.confidence)}."
    )
    assert said in texts(test)


def test_the_sheet_is_sorted(app, folder):
    test = app("mistakes")
    for sort in ("confidence", "margin", "loss"):
        widget(test, "selectbox", "view.sort").set_value(sort).run()
        expected = mistakes(folder)[sort].sort_values(ascending=sort == "margin")
        assert np.allclose(expected[sheet(test, SHEET)], expected[:48], atol=1e-3)
    widget(test, "selectbox", "view.sort").set_value("index").run()
    assert sheet(test, SHEET) == mistakes(folder).index[:48].tolist()


def test_the_sheet_is_filtered_by_classes_and_confidence(app, folder):
    test = app("mistakes")
    widget(test, "selectbox", "view.true").set_value(5).run()
    fives = mistakes(folder).query("label == 5")
    assert set(sheet(test, SHEET)) == set(fives.index)
    assert counted(test) == f"**5 predicted as another class: {len(fives)} images**"
    read_as = int(fives["predict"].mode()[0])
    widget(test, "selectbox", "view.predicted").set_value(read_as).run()
    assert set(sheet(test, SHEET)) == set(fives.query("predict == @read_as").index)
    assert test.query_params == {"tab": "mistakes", "true": "5", "predicted": str(read_as)}
    widget(test, "selectbox", "view.true").set_value("any").run()
    widget(test, "selectbox", "view.predicted").set_value("any").run()
    widget(test, "slider", "view.confidence").set_value((60, 90)).run()
    between = mistakes(folder).query("0.6 <= confidence <= 0.9")
    assert set(sheet(test, SHEET)) == set(between.index)
    assert test.query_params == {"tab": "mistakes", "low": "60", "high": "90"}
    widget(test, "button_group", "view.answers").set_value("all").run()
    everyone = digits(folder).query("0.6 <= confidence <= 0.9")
    assert counted(test) == f"**{len(everyone)} images**"


def test_a_link_to_the_diagonal_shows_correct_predictions(app, folder):
    test = app("mistakes", true=4, predicted=4)
    right = digits(folder).query("label == 4 and predict == 4")
    assert counted(test) == f"**4 predicted correctly: {len(right)} images**"
    assert set(sheet(test, SHEET)) <= set(right.index)


def test_a_link_may_have_the_ends_of_confidence_swapped(app, folder):
    test = app("mistakes", low=90, high=60)
    assert widget(test, "slider", "view.confidence").value == (60, 90)
    assert set(sheet(test, SHEET)) == set(mistakes(folder).query("0.6 <= confidence <= 0.9").index)


def test_the_pages_of_a_sheet_hold_every_digit_once(app, folder):
    test, seen = app("mistakes"), []
    for page in (1, 2, 3):
        if page > 1:
            test.get("pagination")[0].set_value(page).run()
            assert test.query_params == {"tab": "mistakes", "page": str(page)}
        seen += sheet(test, SHEET)
        assert opened(test) == sheet(test, SHEET)[0]
    assert len(seen) == 100
    assert set(seen) == set(mistakes(folder).index)
    # a filter begins at the first page again
    widget(test, "selectbox", "view.sort").set_value("index").run()
    assert sheet(test, SHEET) == mistakes(folder).index[:48].tolist()


def test_a_click_opens_a_digit(app, folder):
    test = app("mistakes")
    digit = sheet(test, SHEET)[7]
    choose(test, SHEET, digit)
    assert opened(test) == digit
    row = digits(folder).loc[digit]
    assert f"**Image {digit}** has the label **{row.label:.0f}** and is predicted as **{row.predict:.0f}**" in texts(
        test
    )
    assert test.query_params == {"tab": "mistakes", "digit": str(digit)}
    bars = next(element.proto.body for element in test.get("html") if 'role="img"' in element.proto.body)
    shown = [figures.probability(p) for p in stored(folder, 3)[1][digit]]
    assert [escape(text) in bars or text.startswith("<") for text in shown] == [True] * 10
    # each epoch's probability of the label
    course = {trace["name"]: trace for trace in figure(test) if trace.get("name")}
    label = next(trace for name, trace in course.items() if name.startswith(f"{row.label:.0f}"))
    assert label["x"] == [0, 1, 3]
    expected = [100 * stored(folder, epoch)[1][digit][int(row.label)] for epoch in (0, 1, 3)]
    assert np.allclose(label["y"], expected, atol=0.2)
    test.toggle(key="opened.values").set_value(True).run()
    assert "opened.numbers" in {element.key for element in test.get("bidi_component")}


def test_digits_sorted_by_loss_or_margin_show_it_below_the_confidence(app, folder):
    table = digits(folder)
    for sort, text in (("loss", "loss {:.2f}"), ("margin", "margin {:.2f}")):
        first = component(app("mistakes", sort=sort), SHEET)["digits"][0]
        confidence, second = first["detail"].split("\n")
        assert confidence.endswith("%")
        assert second == text.format(table.loc[first["index"], sort]).replace("-", "−")
    assert "\n" not in component(app("mistakes", sort="confidence"), SHEET)["digits"][0]["detail"]


def test_previous_and_next_go_through_all_mistakes_in_order(app, folder):
    test = app("mistakes", sort="margin")
    order = mistakes(folder)["margin"].sort_values(kind="stable").index
    first = opened(test)
    assert test.button(key="opened.previous").disabled
    assert "1 of 100" in texts(test)
    test.button(key="opened.next").click().run()
    second = opened(test)
    assert np.allclose(digits(folder)["margin"][[first, second]], digits(folder)["margin"][order[:2]], atol=1e-3)
    # the last of a page is followed by the first of the next
    choose(test, SHEET, sheet(test, SHEET)[-1])
    test.button(key="opened.next").click().run()
    assert test.query_params["page"] == "2"
    assert opened(test) == sheet(test, SHEET)[0]
    test.button(key="opened.previous").click().run()
    assert "page" not in test.query_params
    assert opened(test) == sheet(test, SHEET)[-1]


def test_the_slider_changes_the_sheet_and_keeps_the_digit(app, folder):
    test = app("mistakes", digit=17)
    for epoch in (1, 0):
        widget(test, "select_slider", "view.epoch").set_value(epoch).run()
        assert counted(test) == f"**All mistakes: {len(mistakes(folder, epoch))} images**"
        row = digits(folder, epoch).loc[17]
        assert f"**Image 17** has the label **{row.label:.0f}** and is predicted" in texts(test)
        assert f"with {figures.probability(row.confidence)}." in texts(test)


def test_validation_digits_have_their_own_images_and_indices(app, folder):
    test = app("mistakes", images="validation", show="first", first=10)
    table = digits(folder, part="validation")
    assert sheet(test, SHEET) == list(range(10))
    assert f"**Image 0** has the label **{table['label'][0]}**" in texts(test)
    widget(test, "button_group", "view.show").set_value("table").run()
    assert "**800 of 800 images**" in texts(test)


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ({"digit": "1000"}, "Image 1000 does not exist; the last one, 999, is shown."),
        ({"page": "99"}, "Page 99 does not exist; the last one, 3, is shown."),
        ({"sort": "beauty"}, "The link's sort is beauty; use one of loss, confidence, margin, index."),
    ],
)
def test_a_link_out_of_range_shows_the_nearest_with_a_sentence(app, folder, link, sentence):
    test = app("mistakes", **link)
    assert sentences(test) == [sentence]
    assert counted(test) == f"**All mistakes: {len(mistakes(folder))} images**"
    shown = sheet(test, SHEET)
    assert len(shown) == (4 if "page" in link else 48)
    assert opened(test) == (999 if "digit" in link else shown[0])


def test_filters_without_a_match_leave_a_sentence(app, make_run):
    make_run("finished", errors={3: 0})
    test = app("mistakes")
    assert counted(test) == "**All mistakes: 0 images**"
    assert "No images match. Relax the filters." in texts(test)
    assert sheet(test, SHEET) is None
    # a link's digit is opened nevertheless
    assert "**Image 5** has the label" in texts(app("mistakes", digit=5))


def test_other_runs_predictions_are_shown_for_the_same_digits_only(app, make_run, folder):
    other = make_run("finished", errors={1: 80, 3: 20}, best_epoch=1, seed=4)
    make_run("finished", config=PRESETS["mlp-512"], seed=5)
    broken = make_run("finished", errors={3: 20}, seed=6)
    broken.predictions(3).write_bytes(b"")
    make_run("finished")
    test = app("mistakes", run=folder.id, digit=40)
    ((_, *answers),) = tables(test)
    assert [name for name, *_ in answers] == [other.manifest().name, "cnn-quick-5k", "cnn-16-36-5k"]
    # after its best epoch
    row = digits(other, 1).loc[40]
    sign = "✓" if row.predict == row.label else "✗"
    assert answers[0][1:] == [f"{row.predict:.0f} {sign}", figures.probability(row.confidence)]


def test_damaged_predictions_are_reported_and_other_epochs_shown(app, folder):
    folder.predictions(3).write_bytes(b"")
    test = app("mistakes")
    assert len(sentences(test)) == 1
    assert "after epoch 3 cannot be read" in sentences(test)[0]
    widget(test, "select_slider", "view.epoch").set_value(1).run()
    assert counted(test) == f"**All mistakes: {len(mistakes(folder, 1))} images**"
    assert "The probabilities over the epochs are not shown" in texts(test)


@pytest.mark.usefixtures("without_mnist")
def test_without_mnist_the_digits_are_listed_by_number(app, settled):
    test = settled(lambda: app("mistakes", run="cnn-16-36"))
    assert "The images are part of MNIST." in texts(test)
    assert sheet(test, SHEET) is None
    expected = mistakes(SHIPPED, 15).sort_values("loss", ascending=False)
    shown = digit_rows(test, "mistakes")
    assert set(shown.index[:40]) <= set(expected.index)
    for name in ("label", "predict"):
        assert np.array_equal(shown[name].astype(int), expected[name][shown.index])
    assert f"**Image {shown.index[0]}** has the label" in texts(test)
    assert "Over the epochs" in texts(test)
    for show in ("labels", "table", "first"):
        assert not widget(test, "button_group", "view.show").set_value(show).run().exception
