"""A script's trainings are read as Keras would have them, and what cannot be read is named."""

import json
import os
from pathlib import Path

import pytest

from core.analysis.interval import difference
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.tutorials.reading import read_tutorial

MODEL = """
from keras.models import Sequential
from keras.layers import *
model = Sequential()
model.add(Dense(30, activation="relu", input_shape=(784,)))
model.add(Dense(10, activation="softmax"))
"""
TRAINED = MODEL + "model.compile('rmsprop', 'categorical_crossentropy')\n"


def reasons(tutorial):
    return [str(note.said) for note in tutorial.unread]


def test_a_training_has_every_argument_as_keras_holds_it(fits):
    (fit,) = fits(TRAINED + "model.fit(x, y, validation_split=0.2, epochs=4, batch_size=64)")
    assert (fit["parameters"], fit["optimizer"], fit["learning_rate"]) == (784 * 30 + 30 + 310, "rmsprop", 0.001)
    assert (fit["batch_size"], fit["epochs"], fit["validation"]) == (64, 4, {"kind": "split", "share": 0.2})
    assert (fit["dataset"], fit["loss"]) == ("mnist", "categorical_crossentropy")
    first, last = fit["layers"]
    assert (first["class"], first["units"], first["activation"], first["use_bias"]) == ("Dense", 30, "relu", True)
    assert first["kernel_initializer"]["class_name"] == "GlorotUniform"
    assert last["activation"] == "softmax"


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("Convolution2D(8, 3, 5, border_mode='same', subsample=(2, 2))", {"kernel_size": [3, 5], "strides": [2, 2]}),
        ("Conv2D(8, 3, padding='SAME', activation='swish')", {"padding": "same", "activation": "silu"}),
        ("Conv2D(filters=8, kernel_size=(3,3), kernel_regularizer=l2(0.1))", {"groups": 1, "padding": "valid"}),
        ("MaxPooling2D()", {"pool_size": [2, 2], "strides": [2, 2]}),
        ("MaxPool2D(3, strides=2)", {"class": "MaxPooling2D", "pool_size": [3, 3], "strides": [2, 2]}),
        ("ZeroPadding2D((1, 2))", {"padding": [[1, 1], [2, 2]]}),
    ],
)
def test_layers_of_every_spelling(fits, written, held):
    code = f"model = Sequential([{written}])\nmodel.compile('sgd', 'mse')\nmodel.fit(x.reshape(-1, 28, 28, 1), y)"
    star = "from keras.models import *\nfrom keras.layers import *\nfrom keras.regularizers import l2\n"
    (fit,) = fits(star + code)
    assert held.items() <= fit["layers"][0].items()


def test_loops_functions_and_dictionaries_are_followed_and_each_fit_counts(fits):
    found = fits(
        """
        import keras
        settings = {"widths": [20, 10 * 2], "rate": 1e-2}
        def build(widths, rate=0.1, **_):
            model = keras.Sequential(name=f"n{len(widths)}")
            for width in widths:
                model.add(keras.layers.Dense(width, activation="tanh"))
            model.compile(keras.optimizers.SGD(rate), "mse")
            return model
        for epochs in range(1, 4):
            build(**settings).fit(x, y, epochs=epochs)
        """
    )
    assert [fit["epochs"] for fit in found] == [1, 2, 3]
    assert found[0]["learning_rate"] == 0.01
    assert [layer["units"] for layer in found[0]["layers"]] == [20, 20]
    assert found[0]["batch_size"] is None


@pytest.mark.parametrize(
    ("optimizer", "rate"),
    [
        ("keras.optimizers.Adadelta()", 1.0),
        ("'adagrad'", 0.01),
        ("keras.optimizers.Nadam(lr=0.003)", 0.003),
        ("keras.optimizers.Adam()", 0.001),
    ],
)
def test_a_default_rate_is_that_of_the_scripts_version(fits, optimizer, rate):
    (fit,) = fits(
        "import keras\nfrom keras.utils import np_utils" + MODEL + f"model.compile({optimizer}, 'mse')\nmodel.fit(x, y)"
    )
    assert fit["learning_rate"] == rate
    (fit,) = fits("import keras, keras.ops" + MODEL + f"model.compile({optimizer}, 'mse')\nmodel.fit(x, y)")
    assert fit["learning_rate"] == (rate if "lr=" in optimizer else 0.001)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (TRAINED + "model.fit(x, y, epochs=int(input()))", "asks for this value"),
        (TRAINED + "model.fit(x, wrong)", "wrong is never defined"),
        (MODEL + "model.add(Branches())\nmodel.compile('sgd', 'mse')\nmodel.fit(x, y)", "never defined"),
        (MODEL + "model.fit(x, y)", "without compile"),
        (TRAINED, "never trained"),
        (TRAINED + "while True: model.train_on_batch(x, y)", "train_on_batch"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(read, code, reason):
    tutorial = read(code)
    assert any(reason in said for said in reasons(tutorial))
    assert all(note.line for note in tutorial.unread)


def test_a_network_with_branches_is_noted_and_not_read_as_another(read):
    tutorial = read(
        """
        from keras.layers import *
        from keras.models import Model
        a = Input((784,))
        b = Dense(5)(a)
        c = Concatenate()([b, Dense(6)(a)])
        model = Model(a, Dense(10)(c))
        model.compile("sgd", "mse")
        model.fit(x, y, epochs=3)
        """
    )
    (fit,) = tutorial.fits
    assert fit.chain is None
    assert fit.epochs == 3
    assert any("branches" in said for said in reasons(tutorial))


def test_data_classes_and_named_tuples_have_the_values_that_they_are_made_with(fits):
    (fit,) = fits(
        """
        from dataclasses import dataclass, field
        from typing import NamedTuple
        from types import SimpleNamespace
        from keras import Sequential, layers, optimizers

        @dataclass
        class Net:
            widths: list = field(default_factory=lambda: [8, 16])
            last: int = 30

        class Fit(NamedTuple):
            batch_size: int
            epochs: int = 3

        net, fit, more = Net(last=40), Fit(256, epochs=4), SimpleNamespace(rate=0.002)
        model = Sequential([layers.Dense(width) for width in [*net.widths, net.last]] + [layers.Dense(10)])
        model.compile(optimizers.Adam(more.rate), "mse")
        model.fit(x, y, fit.batch_size, fit.epochs)
        """
    )
    assert [layer["units"] for layer in fit["layers"]] == [8, 16, 40, 10]
    assert (fit["batch_size"], fit["epochs"], fit["learning_rate"]) == (256, 4, 0.002)


@pytest.mark.parametrize(
    "count", ["len(np.unique(labels))", "len(set(labels))", "np.max(labels) + 1", "max(labels) + 1", "labels.max() + 1"]
)
def test_classes_are_counted_as_scripts_count_them(count, fits):
    (fit,) = fits(
        f"""
        import numpy as np
        from keras import Sequential, layers
        (images, labels), _ = mnist.load_data()
        model = Sequential([layers.Dense({count})])
        model.compile("sgd", "mse")
        model.fit(x, y)
        """
    )
    assert fit["layers"][0]["units"] == 10


def test_a_network_from_a_file_is_one_training_whose_layers_are_not_known(read):
    tutorial = read("from keras.models import load_model\nm = load_model('a.h5')\nm.fit(x, y, epochs=4)")
    (fit,) = tutorial.fits
    assert (fit.chain, fit.epochs) == (None, 4)
    assert "The network is loaded from a file." in reasons(tutorial)


def test_a_network_that_is_loaded_or_built_is_read_as_built(fits):
    built = "".join(f"    {line}\n" for line in TRAINED.strip().splitlines())
    load = "from keras.models import load_model\ntry:\n    model = load_model('a.h5')\nexcept OSError:\n"
    (fit,) = fits(load + built + "model.fit(x, y, epochs=4)")
    assert [layer["units"] for layer in fit["layers"]] == [30, 10]


def test_misspelt_names_are_noted_with_what_is_meant(read):
    tutorial = read(
        "from keras.layers import Dropuot, Dense" + TRAINED.replace("Dense(30", "Dnese(30") + "model.fit(x, y)"
    )
    said = [str(note.said) for note in tutorial.guesses]
    assert "Dropuot is taken for Dropout." in said
    assert "Dnese is taken for Dense." in said


def test_misspelt_arguments_of_compile_and_fit_are_noted_with_what_is_meant(read):
    code = """
from keras import Sequential
from keras.layers import Dense
model = Sequential([Dense(10)])
model.compile(optimiser="sgd", loss="mse")
model.fit(x, y, epoch=3,
          batchsize=50)
"""
    tutorial = read(code)
    (fit,) = tutorial.fits
    assert (fit.optimizer.name, fit.epochs, fit.batch_size) == ("sgd", 3, 50)
    assert [(tutorial.line(note.line)[:9], str(note.said)) for note in tutorial.guesses] == [
        ("model.com", "optimiser is taken for optimizer."),
        ("model.fit", "epoch is taken for epochs."),
        ("batchsize", "batchsize is taken for batch_size."),
    ]


def test_channels_first_is_converted_and_said(read):
    tutorial = read(
        """
        from keras.models import Sequential
        from keras.layers import *
        x = x.reshape(60000, 1, 28, 28)
        first = Convolution2D(4, 5, 5, input_shape=(1, 28, 28))
        model = Sequential([first, BatchNormalization(axis=1), Flatten(), Dense(10)])
        model.compile("sgd", "mse")
        model.fit(x, y)
        """
    )
    (fit,) = tutorial.fits
    assert fit.chain.input_shape == (28, 28, 1)
    assert fit.chain.parameters == 4 * 26 + 4 * 4 + (24 * 24 * 4 + 1) * 10
    assert fit.chain.layers[1].arguments["axis"] == -1
    assert any("with the same results" in str(note.said) for note in tutorial.guesses)


@pytest.mark.parametrize(("said", "noted"), [("", "with other results"), ("'channels_first'", "the same results")])
def test_channels_that_only_the_shape_has_first_are_doubted(read, said, noted):
    tutorial = read(
        f"""
        from keras.models import Sequential
        from keras.layers import *
        x = x.reshape(60000, 1, 28, 28)
        model = Sequential([Conv2D(4, 5, input_shape=(1, 28, 28)), Flatten(), Dense(10)])
        model.compile("sgd", "mse")
        model.fit(x, y)
        {said}
        """
    )
    assert tutorial.fits[0].chain.input_shape == (28, 28, 1)
    assert any(noted in str(note.said) for note in tutorial.guesses)


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.system('touch ran')\nopen('ran', 'w').write('x')\n",
        "exec(\"open('ran', 'w')\")\neval(\"open('ran', 'w')\")\n__import__('pathlib').Path('ran').touch()\n",
        "class A:\n    def __getattr__(self, name): open('ran', 'w')\nA().x\n",
        "for i in range(10 ** 12): pass\nwhile True: x = 1\n",
        "a = 10 ** 10 ** 10\nb = 'x' * 10 ** 10\nc = [0] * 10 ** 9\n",
        "d = list(range(10 ** 12))\n'{:>9999999999}'.format(1)\nf'{1:>9999999999}'\n",
        "def f(): return f()\nf()\ng = lambda n: g(n)\ng(1)\n",
        "a = [1]\n" + "a = a + a\n" * 60,
        "[i for i in range(1000) for j in range(1000) for k in range(1000)]\n",
    ],
)
def test_code_is_never_run_and_reading_ends(read, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tutorial = read(code + TRAINED + "model.fit(x, y, epochs=2)")
    assert list(tmp_path.iterdir()) == []
    assert tutorial.fits or any("too much" in said for said in reasons(tutorial))


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


def pages():
    folder = os.environ.get("DIGIT_LAB_TUTORIALS")
    return {path.name[:3]: path for path in Path(folder).glob("*.txt")} if folder else {}


@pytest.mark.skipif(not pages(), reason="DIGIT_LAB_TUTORIALS is not set.")
@pytest.mark.parametrize(
    ("page", "parameters", "batch", "epochs", "validation"),
    [
        ("001", 931_080, 32, 2, None),
        ("002", 242_062, 300, 20, {"kind": "split", "share": 0.2}),
        ("003", 407_050, 128, 20, {"kind": "test", "share": None}),
        ("004", 407_050, 128, 5, None),
    ],
)
def test_the_tutorials_pages_are_read_whole(page, parameters, batch, epochs, validation):
    texts = {path.read_text(encoding="utf-8"): name for name, path in pages().items()}
    fits = [each.to_json() for text in texts for each in read_tutorial(text).fits]
    wanted = {"parameters": parameters, "batch_size": batch, "epochs": epochs, "validation": validation}
    assert any(wanted.items() <= fit.items() for fit in fits), page


@pytest.mark.skipif(not pages(), reason="DIGIT_LAB_TUTORIALS is not set.")
@pytest.mark.parametrize(("page", "run"), [("002", "cnn-16-36"), ("003", "mlp-512")])
def test_runs_with_the_settings_of_a_page_reach_its_printed_score_within_chance(page, run):
    tutorial = read_tutorial(pages()[page].read_text(encoding="utf-8"))
    manifest, status = RunFolder(SHIPPED_DIR / run).manifest(), RunFolder(SHIPPED_DIR / run).status()
    assert tutorial.fits[0].to_json()["epochs"] == manifest.config.epochs
    (printed,) = (each.to_json()["test"] for each in tutorial.printed if each.to_json().get("test"))
    images, own = manifest.config.data.test, status.last_test_accuracy or status.test_accuracy
    low, high = difference(round(own * images), images, round(printed["accuracy"] * images), images)
    assert low <= 0 <= high
