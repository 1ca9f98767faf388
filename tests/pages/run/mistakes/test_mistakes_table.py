"""The Mistakes page: all predictions as a table, the first digits, and labels that may be wrong."""

import numpy as np
import pandas as pd
import pytest

from tests.pages.conftest import sentences, sheet, texts, widget
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
    assert "3 of 1,000 digits have a label that this network doubts" in texts(test)
    assert "Model wrong, or label wrong?" in texts(test)
    assert f"**Digit {digits(folder)['margin'].idxmin()}** is a" in texts(test)


def test_the_table_has_all_predictions_and_is_filtered_by_a_condition(app, folder):
    test = app("mistakes", show="table")
    shown, expected = test.dataframe[0].value, digits(folder)
    assert shown.index.name == "index"
    assert np.array_equal(shown[["label", "predict"]], expected[["label", "predict"]])
    assert np.allclose(shown, expected, atol=1e-3)
    condition = "label == 5 and predict != 5"
    widget(test, "text_input", "view.find").set_value(condition).run()
    found = expected.query(condition)
    assert test.dataframe[0].value.index.tolist() == found.index.tolist()
    assert f"**{len(found)} of 1,000 digits**" in texts(test)
    assert test.query_params == {"tab": "mistakes", "show": "table", "find": condition}
    crosstab = pd.crosstab(expected["label"], expected["predict"])
    assert np.array_equal(test.dataframe[1].value, crosstab)


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
