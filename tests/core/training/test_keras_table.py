"""The table of Keras's constructors, with which scripts are read without Keras, is that of the installed Keras."""

import json

from benchmarks.tutorials.keras_table import TABLE, keras_table


def test_the_table_is_that_of_the_installed_keras():
    assert json.loads(TABLE.read_text(encoding="utf-8")) == json.loads(json.dumps(keras_table()))
