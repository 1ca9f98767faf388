"""The Mistakes page: all predictions as a table, the first digits, and labels that may be wrong."""

import numpy as np
import pandas as pd
import pytest

from tests.pages.actions import click_table
from tests.pages.oracles import digits
from tests.pages.shown import component, digit_rows, sentences, sheet, tables, texts, widget

SHEET = "mistakes.sheet"


def test_wrong_labels_are_suspected(app, make_run):
    folder = make_run("finished", errors={3: 0})
    with np.load(folder.labels) as labels:
        changed = {part: labels[part].copy() for part in labels}
    # the network is confident of these digits, whose labels are now different
    for index in digits(folder)["confidence"].nlargest(3).index:
        changed["test"][index] = (changed["test"][index] + 1) % 10
    np.savez(folder.labels, **changed)
    test = app("mistakes", show="labels")
    assert "**3 of 1,000 labels may be wrong.** Check these yourself." in texts(test)
    assert f"**Image {digits(folder)['margin'].idxmin()}** has the label" in texts(test)


def test_the_table_has_all_predictions_and_is_filtered_and_sorted(app, folder):
    test = app("mistakes", show="table", sort="index")
    expected = digits(folder)
    assert "**1,000 of 1,000 images**" in texts(test)
    for page in (1, 10):
        shown = digit_rows(app("mistakes", show="table", sort="index", page=page), "mistakes")
        assert shown.index.tolist() == list(range(100 * page - 100, 100 * page))
        numbers = shown.map(lambda text: float(text.replace("−", "-")))
        assert np.allclose(numbers[expected.columns], expected.loc[shown.index], atol=1e-3)
    crosstab = pd.crosstab(expected["label"], expected["predict"])
    (_, *rows) = tables(test)[-1]
    assert [[int(cell) for cell in row[1:]] for row in rows] == crosstab.to_numpy().tolist()
    condition = "label == 5 & predict != 5"
    widget(test, "text_input", "view.find").set_value(condition).run()
    found = expected.query(condition)
    assert digit_rows(test, "mistakes").index.tolist() == found.index.tolist()
    assert f"**{len(found)} of 1,000 images**" in texts(test)
    assert test.query_params == {"tab": "mistakes", "show": "table", "sort": "index", "find": condition}
    click_table(test, "mistakes", "sort", "confidence")
    shown = digit_rows(test, "mistakes")["confidence"].astype(float)
    assert shown.tolist() == sorted(shown, reverse=True)
    assert test.query_params["sort"] == "confidence"


def test_a_row_of_the_table_opens_its_digit(app, folder):
    test = app("mistakes", show="table", find="label == 5", sort="index")
    found = digits(folder).query("label == 5").index
    click_table(test, "mistakes", "open", int(found[3]))
    assert test.query_params["digit"] == str(found[3])
    assert f"**Image {found[3]}** has the label **5**" in texts(test)
    # its row is marked in another table too, where it has one
    widget(test, "text_input", "view.find").set_value("label in [4, 5]").run()
    assert test.query_params["digit"] == str(found[3])
    assert component(test, "digit-table.mistakes")["chosen"] == found[3]
    # what no row has is ignored
    click_table(test, "mistakes", "open", 10**6)
    assert test.query_params["digit"] == str(found[3])


@pytest.mark.usefixtures("folder")
def test_an_invalid_condition_is_reported_and_all_digits_shown(app):
    test = app("mistakes", show="table", find="label = 5")
    assert len(sentences(test)) == 1
    assert "**1,000 of 1,000 images**" in texts(test)


def test_the_first_digits_are_shown_in_order(app, folder):
    test = app("mistakes", show="first")
    assert sheet(test, SHEET) == list(range(25))
    widget(test, "button_group", "view.first").set_value("10").run()
    assert sheet(test, SHEET) == list(range(10))
    assert f"**Image 0** has the label **{digits(folder)['label'][0]}**" in texts(test)
    assert test.query_params == {"tab": "mistakes", "show": "first", "first": "10"}
