"""Softmax in numbers: what is shown of the logits explains their exponentials."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest


def shown_logits(logits):
    def page(logits):
        import numpy as np

        from core.explain.softmax import softmax
        from pages.shared.softmax_table import softmax_table

        unchanged = [np.eye(10, dtype=np.float32), np.zeros(10, np.float32)]
        softmax_table(softmax(np.array(logits, np.float32), unchanged), 1, "0123456789")

    test = AppTest.from_function(page, args=(logits,), default_timeout=20).run()
    assert not test.exception
    rows = re.findall(r"<tr.*?</tr>", test.get("html")[0].proto.body)[1:-1]
    return [re.search(r"<td[^>]*>([^<]*)<", row)[1] for row in rows]


@pytest.mark.parametrize(
    ("second", "first", "shown"),
    [(2.0, 6.8507, ("2.000", "6.851")), (6.85022, 6.85071, ("6.85022", "6.85071")), (3.0, 3.0, ("3.000", "3.000"))],
)
def test_close_logits_have_the_decimals_that_tell_them_apart(second, first, shown):
    logits = shown_logits([second, first, *8 * [-4.0]])
    assert (logits[0], logits[1]) == shown
    decimals = len(shown[0].partition(".")[2])
    assert logits[2] == f"−{4:.{decimals}f}"
    # the exponential follows from what is shown
    exact = np.exp(second - first)
    assert np.exp(float(shown[0]) - float(shown[1])) == pytest.approx(exact, rel=1e-3)
