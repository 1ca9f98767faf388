"""Outputs and words that parse as Python are left out, and the script's own statements are not."""

import ast

import pytest

from core.tutorials.prose import without_prose


def without(code):
    return without_prose(ast.parse(code), code.split("\n"))


@pytest.mark.parametrize(
    "output", ["array([5, 0, 4], dtype=uint8)", "array([[0.],\n       [1.]])", "(60000, 28, 28)", "0.98"]
)
def test_outputs_go(output):
    found = without(f"a = 1\n{output}\nb = 2")
    assert found is not None
    assert [line for line in found if line] == ["a = 1", "b = 2"]


@pytest.mark.parametrize("code", ["from numpy import array\narray([1])", "def tensor(x): ...\ntensor(3)", "show(1)"])
def test_the_scripts_own_calls_stay(code):
    assert without(code) is None
