"""The Mistakes page: all predictions as a table, the first digits, and labels that may be wrong."""

import json

import numpy as np
import pandas as pd
import pytest

from tests.pages.conftest import select, sentences, sheet, tables, texts, widget
from tests.pages.oracles import digits

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
    assert f"**Digit {digits(folder)['margin'].idxmin()}** is a" in texts(test)


def test_the_table_has_all_predictions_and_is_filtered_by_a_condition(app, folder):
    test = app("mistakes", show="table")
    shown, expected = test.dataframe[0].value, digits(folder)
    assert np.array_equal(shown.pop("index"), expected.index)
    assert np.array_equal(shown[["label", "predict"]], expected[["label", "predict"]])
    assert np.allclose(shown, expected, atol=1e-3)
    condition = "label == 5 & predict != 5"
    widget(test, "text_input", "view.find").set_value(condition).run()
    found = expected.query(condition)
    assert test.dataframe[0].value["index"].tolist() == found.index.tolist()
    assert f"**{len(found)} of 1,000 digits**" in texts(test)
    assert test.query_params == {"tab": "mistakes", "show": "table", "find": condition}
    crosstab = pd.crosstab(expected["label"], expected["predict"])
    (_, *rows) = tables(test)[-1]
    assert [[int(cell) for cell in row[1:]] for row in rows] == crosstab.to_numpy().tolist()


def test_a_row_of_the_table_opens_its_digit(app, folder):
    test = app("mistakes", show="table", find="label == 5")
    found = digits(folder).query("label == 5").index
    select(test, 3, "loss")
    assert test.query_params["digit"] == str(found[3])
    assert f"**Digit {found[3]}** is a **5**" in texts(test)
    # its row is selected in another table too, where it has one
    widget(test, "text_input", "view.find").set_value("label in [4, 5]").run()
    assert test.query_params["digit"] == str(found[3])
    row = int(np.flatnonzero(digits(folder).query("label in [4, 5]").index == found[3])[0])
    chosen = json.loads(test.dataframe[0].proto.selection_default)
    assert chosen["selection"]["cells"] == [[row, "index"]]


@pytest.mark.usefixtures("folder")
def test_an_invalid_condition_is_reported_and_all_digits_shown(app):
    test = app("mistakes", show="table", find="label = 5")
    assert len(sentences(test)) == 1
    assert len(test.dataframe[0].value) == 1000


def test_the_first_digits_are_shown_in_order(app, folder):
    test = app("mistakes", show="first")
    assert sheet(test, SHEET) == list(range(25))
    widget(test, "button_group", "view.first").set_value("10").run()
    assert sheet(test, SHEET) == list(range(10))
    assert f"**Digit 0** is a **{digits(folder)['label'][0]}**" in texts(test)
    assert test.query_params == {"tab": "mistakes", "show": "first", "first": "10"}
