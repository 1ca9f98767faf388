"""Code and outputs of notebooks of every format."""

import json

import pytest

from core.tutorials.reading import read_tutorial

NOTEBOOK_4 = {
    "nbformat": 4,
    "nbformat_minor": 2,
    "metadata": {},
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["import nothing"]},
        {
            "cell_type": "code",
            "execution_count": 1,
            "metadata": {},
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["Epoch 1/2\n"]}],
            "source": ["%matplotlib inline\n", "from keras.datasets import mnist"],
        },
    ],
}


CELLS = [{"cell_type": "code", "language": "python", "outputs": [], "collapsed": False, "prompt_number": 1}]


@pytest.mark.parametrize(
    "notebook",
    [
        NOTEBOOK_4,
        {
            "nbformat": 3,
            "nbformat_minor": 0,
            "metadata": {"name": ""},
            "worksheets": [{"cells": CELLS, "metadata": {}}],
        },
        {"nbformat": 2, "metadata": {"name": ""}, "worksheets": [{"cells": CELLS}]},
    ],
    ids=["4", "3", "2"],
)
def test_notebooks_of_formats_2_to_4_are_read(notebook):
    text = json.dumps(notebook)
    if "worksheets" in notebook:
        text = text.replace('"prompt_number"', '"input": "from keras.datasets import mnist", "prompt_number"')
    tutorial = read_tutorial(text)
    assert "from keras.datasets import mnist" in tutorial.pasted.code
    assert "import nothing" not in tutorial.pasted.code
