"""The title of a run's page."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.shared.run_header import run_title
from pages.state.plain_text import plain_text


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("mlp-512 · rate 0.003", r"mlp\-512 · rate 0\.003"),
        ("mlp-512 · 8 epochs · validation 20 %", ":small[mlp\\-512 · 8 epochs]:small[ · validation 20\xa0%]"),
        ("a_model_of_a_colleague_without_parts", r":small[a\_model\_of\_a\_colleague\_witho]:small[ut\_parts]"),
        (
            "mlp · a last part that is itself much too long",
            ":small[mlp · a last part that is itself much ]:small[too long]",
        ),
    ],
)
def test_a_long_name_is_in_two_parts_of_which_the_end_stays(name, title):
    assert run_title(name) == title


@given(st.text(min_size=25, max_size=80))
def test_the_parts_are_the_whole_name(name):
    shown = run_title(name)
    parts = re.fullmatch(r":small\[((?:\\.|[^\\\]])*)\]:small\[((?:\\.|[^\\\]])*)\]", shown)
    assert ("".join(parts.groups()) if parts else shown) == plain_text(name)
