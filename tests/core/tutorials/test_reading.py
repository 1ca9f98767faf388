"""A script's trainings are read as Keras would have them, and its code is never run."""

import pytest

from tests.core.tutorials.scripts import MODEL, TRAINED, unread


def test_a_training_has_every_argument_as_keras_holds_it(fits):
    (fit,) = fits(
        """
        from keras.models import Sequential
        from keras.layers import *
        model = Sequential()
        model.add(Dense(30, activation="relu", input_shape=(784,)))
        model.add(Dense(10, activation="softmax"))
        model.compile('rmsprop', 'categorical_crossentropy')
        model.fit(x, y, validation_split=0.2, epochs=4, batch_size=64)
        """
    )
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
    assert tutorial.fits or any("too much" in said for said in unread(tutorial))
