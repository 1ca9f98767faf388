"""Texts that fit their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fitted, unbroken, wide_letters


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("mlp-512 · rate 0.003", "mlp-512 · rate 0.003"),
        ("mlp-512 · rate 0.003 · batch 64", "mlp-512 · rat…tch 64"),
        ("最佳設定重訓：學習率 0.009585、批次大小 128", "最佳設定重訓：學…128"),
        ("學習率、批次大小", "學習率、批次大小"),
    ],
)
def test_a_chinese_letter_takes_the_room_of_two(text, cut):
    assert fitted(text, 20) == cut


@given(st.text(max_size=100), st.integers(4, 40))
def test_what_is_cut_is_never_wider_than_its_room(text, columns):
    cut = fitted(text, columns)
    assert len(cut) + wide_letters(cut) <= columns
    assert cut == text or "…" in cut


def test_a_number_and_its_sign_stay_in_one_line():
    assert unbroken("95 % of {share} %, 7 % 3 or a % b") == "95\xa0% of {share}\xa0%, 7\xa0% 3 or a % b"
