"""A table of text in low rows."""

import pytest
import streamlit

from pages.widgets.compact_table import Row, compact_table


@pytest.mark.parametrize(
    ("name", "whole"), [("批次正規化", True), ("全連接層後的 dropout", True), ("這個網路在訓練時看到的影像", False)]
)
def test_the_words_of_a_rows_name_stay_whole_and_a_sentence_may_break(monkeypatch, name, whole):
    sent = []
    monkeypatch.setattr(streamlit, "html", sent.append)
    compact_table((), [Row((name, "不用於這個網路"))])
    first, second = sent[0].split("<td")[1:]
    assert ("word-break:keep-all" in first, "word-break:keep-all" in second) == (whole, False)
