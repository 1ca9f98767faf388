"""What a training begins with: its network, from code, a copy or a file, and its weights."""

import textwrap

import pytest

from tests.core.tutorials.scripts import NETWORK, TRAINED, guesses, unread


def test_a_tensor_has_the_shape_that_its_layers_made(read):
    code = """
    import keras
    from keras import backend as K
    start = keras.Input((28, 28, 1))
    maps = Conv2D(4, 5, strides=2)(start)
    rows = K.int_shape(maps)
    tensor = Reshape((rows[1] * rows[2], maps.shape[-1]))(maps)
    model = keras.Model(start, Dense(2)(Flatten()(tensor)))
    model.compile("adam", "mse")
    model.fit(x, y)
    print(model.output_shape[1])
    """
    (fit,) = read(NETWORK + textwrap.dedent(code)).fits
    assert fit.chain.layers[1].arguments["target_shape"] == [144, 4]
    assert fit.chain.parameters == 104 + 2 * 576 + 2


def test_a_cloned_network_is_one_of_its_own(read):
    code = "other = keras.models.clone_model(model)\nother.add(Dense(4))\nother.compile('sgd', 'mse')\n"
    (one, two) = read(f"import keras\n{TRAINED}{code}other.fit(x, y)\nmodel.fit(x, y)\n").fits
    assert [len(one.chain.layers), len(two.chain.layers)] == [2, 1]
    assert (one.optimizer.name, two.optimizer.name) == ("sgd", "adam")


def test_a_network_from_a_file_is_one_training_whose_layers_are_not_known(read):
    tutorial = read("from keras.models import load_model\nm = load_model('a.h5')\nm.fit(x, y, epochs=4)")
    (fit,) = tutorial.fits
    assert (fit.chain, fit.epochs) == (None, 4)
    assert "The network is loaded from a file." in unread(tutorial)


def test_a_network_that_is_loaded_or_built_is_read_as_built(fits):
    built = "".join(f"    {line}\n" for line in TRAINED.strip().splitlines())
    load = "from keras.models import load_model\ntry:\n    model = load_model('a.h5')\nexcept OSError:\n"
    (fit,) = fits(load + built + "model.fit(x, y, epochs=4)")
    assert [layer["units"] for layer in fit["layers"]] == [10]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("model.load_weights('a.h5')\nmodel.fit(x, y)", "weights in a file"),
        ("model.set_weights(found)\nmodel.fit(x, y)", "sets weights itself"),
        ("model.layers[0].set_weights(found)\nmodel.fit(x, y)", "sets weights itself"),
        ("model.add(Dense(3, weights=found))\nmodel.fit(x, y)", "sets weights itself"),
        ("model.load_weights('a.h5')\nmodel.predict(x)", "weights in a file"),
        ("model.fit(x, y)\nmodel.load_weights('best.h5')\nmodel.predict(x)", None),
        ("model.fit(x, y)\nmodel.layers[0].set_weights(found)", None),
    ],
)
def test_weights_that_a_training_begins_with_are_noted(read, code, said):
    noted = [each for each in guesses(read(TRAINED + code + "\n")) if "weights" in each]
    assert len(noted) == (said is not None)
    assert said is None or said in noted[0]


def test_a_custom_train_step_is_noted(read):
    code = """
    import keras
    class Student(keras.Model):
        def compile(self, optimizer, temperature):
            super().compile(optimizer=optimizer, loss="mse")
        def train_step(self, data):
            return {}
    student = Student()
    student.compile("nadam", 3)
    student.fit(x, y, epochs=2)
    """
    tutorial = read(textwrap.dedent(code))
    (fit,) = tutorial.fits
    assert (fit.optimizer.name, fit.loss, fit.epochs) == ("nadam", "mean_squared_error", 2)
    assert unread(tutorial) == ["Student trains by a train_step of its own."]
