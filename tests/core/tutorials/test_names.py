"""Misspelt names mean the nearest of Keras's."""

import textwrap

from tests.core.tutorials.scripts import TRAINED, guesses


def test_misspelt_names_are_noted_with_what_is_meant(read):
    code = TRAINED.replace("[Dense(10)", "[Dnese(10)") + "model.fit(x, y)"
    said = guesses(read("from keras.layers import Dropuot" + code))
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


def test_a_name_from_an_unknown_module_is_not_a_misspelling(read):
    tutorial = read("from game import *\nclass Robot(Player):\n    pass\n")
    assert guesses(tutorial) == []


def test_all_of_keras_may_be_imported_with_a_star(read):
    code = """
    from tensorflow.keras import *
    (x, y), _ = datasets.mnist.load_data()
    model = models.Sequential([layers.Flatten(), layers.Dense(10, 'softmax')])
    model.compile(optimizers.SGD(), losses.SparseCategoricalCrossentropy())
    model.fit(x, y)
    """
    tutorial = read(textwrap.dedent(code), data=False)
    assert (tutorial.fits[0].dataset, tutorial.fits[0].optimizer.name, guesses(tutorial)) == ("mnist", "sgd", [])
