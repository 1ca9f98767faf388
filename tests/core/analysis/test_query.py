"""Conditions as a user types them: the same rows as pandas gives, and nothing else is computed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.query import DEEPEST, MOST_CHARACTERS, matching
from core.errors import DigitLabError

TABLE = pd.DataFrame(
    {
        "label": np.array([5, 5, 3, 3, 8], np.uint8),
        "predict": np.array([5, 3, 3, 5, 8], np.uint8),
        "confidence": np.array([0.9, 0.6, 0.99, 0.4, 1.0], np.float32),
    },
    index=pd.RangeIndex(5, name="index"),
)

NUMBERS = st.sampled_from(["0", "1", "3", "5", "8", "0.4", "0.9", "-1", "300", "1e3"])
COLUMNS = st.sampled_from(["label", "predict", "confidence", "index", "`label`"])
# pandas reads no sign in a list
LISTS = st.lists(st.sampled_from(["0", "3", "5", "8", "0.5"]), max_size=3).map(lambda each: f"[{', '.join(each)}]")
# pandas finds methods of a column, but not of the index
CALLED = st.sampled_from(["label", "predict", "confidence"])
ENDS = st.sampled_from(["", ", inclusive='left'"])
SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
CONDITIONS = st.recursive(
    st.one_of(
        st.builds("{} {} {}".format, COLUMNS, SIGNS, NUMBERS | COLUMNS),
        st.builds("{} {} {} {} {}".format, NUMBERS, SIGNS, COLUMNS, SIGNS, NUMBERS | COLUMNS),
        st.builds("{} {} {}".format, COLUMNS, st.sampled_from(["in", "not in", "==", "!="]), LISTS),
        st.builds("{}.isin({})".format, CALLED, LISTS),
        st.builds("{}.between({}, {}{})".format, CALLED, NUMBERS, NUMBERS, ENDS),
    ),
    lambda inner: st.one_of(
        # without parentheses, so that precedence matters
        st.builds("{} {} {}".format, inner, st.sampled_from(["&", "|", "and", "or"]), inner),
        st.builds("{}({})".format, st.sampled_from(["", "not ", "~"]), inner),
        st.builds("not {}".format, inner),
    ),
    max_leaves=6,
)


@given(CONDITIONS)
def test_a_condition_gives_the_rows_that_pandas_gives(condition):
    assert matching(TABLE, condition).equals(TABLE.query(condition, engine="python"))


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        # links of earlier versions
        ("label == 5 and predict == 3", [1]),
        ("(label == 5) & (predict == 3)", [1]),
        ("~(label == 5) | (index < 1)", [0, 2, 3, 4]),
        ("0.5 < confidence <= 0.9", [0, 1]),
        # & and | bind after comparisons, and & before |
        ("label == 5 & predict == 3 | label == 8", [1, 4]),
        ("label in [-1, +8]", [4]),
        ("label != [3, 5]", [4]),
        ("not label.isin((3, 5)) & `predict`.between(1, 8)", [4]),
        ("  ", [0, 1, 2, 3, 4]),
        ("label == 77", []),
    ],
)
def test_rows_that_satisfy_a_condition(condition, rows):
    assert matching(TABLE, condition).index.tolist() == rows


@pytest.mark.parametrize(
    ("condition", "wrong"),
    [
        ("label = 5", "In label = 5, write == to compare."),
        ("label == 5 and", "label == 5 and is not a condition"),
        ("\0", "is not a condition"),
        ("(" * 190, "is not a condition"),
        ("label & predict == 3", "label alone is not a condition"),
        ("~label == 5", "~label is not a number"),
        ("5 == 5", "5 == 5 compares no column"),
        ("digit == 5", "There is no column digit; the columns are index, label, predict, confidence."),
        ("`a b` == 5", "There is no column a b"),
        ("label == 'five'", "'five' is not a number"),
        ("label == True", "True is not a number"),
        ("label == predict + 1", "predict + 1 is not a number"),
        ("label.isin(3)", "3 is not a list of numbers"),
        ("label in predict", "label in predict does not compare a column with a list"),
        ("label < [3]", "label < [3] does not compare a column with a list"),
        ("__import__('os').system('true') == 0", "__import__('os').system('true') is not a number"),
        ("label.map(print)", "label.map(print) is not allowed here"),
        ("label.isin.__self__.to_csv('x')", "is not allowed here"),
        ("label.isin(*[[3]])", "*[[3]] is not a list of numbers"),
        ("label.between(1, 5, inclusive='no')", "is not allowed here"),
        ("label" + ".values" * 60, "is not allowed here"),
        ("@pd.read_csv('x') == 1", "is not a condition"),
        ("[label for label in label]", "is not allowed here"),
        ("~" * (DEEPEST + 1) + "(label == 5)", "more than 30 levels"),
        (f"label == {'5' * MOST_CHARACTERS}", "longer than 500 characters"),
    ],
)
def test_anything_else_is_rejected_by_name_and_not_executed(condition, wrong):
    with pytest.raises(DigitLabError) as refused:
        matching(TABLE, condition)
    sentence = str(refused.value)
    assert wrong in sentence
    assert sentence.endswith(".")
    assert len(sentence) < 250


@given(st.text(max_size=200) | st.text("label.is()[]<=>&|~`and 0159'", max_size=60))
def test_any_text_gives_rows_or_an_error(condition):
    try:
        found = matching(TABLE, condition)
    except DigitLabError:
        return
    assert set(found.index) <= set(TABLE.index)
