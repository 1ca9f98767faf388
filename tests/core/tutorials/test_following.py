"""Loops, searches, flags and NumPy's functions are followed as far as they can be."""

import textwrap

import pytest

NETWORK = """
from keras.models import Sequential
from keras.layers import Dense, Flatten, Conv2D, Reshape
"""
TRAINED = NETWORK + "model = Sequential([Dense(10)])\nmodel.compile('adam', 'mse')\n"


def unread(tutorial):
    return [str(note.said) for note in tutorial.unread]


def guesses(tutorial):
    return [str(note.said) for note in tutorial.guesses]


def test_a_loop_whose_training_depends_on_the_unknown_is_read_once(read):
    code = """
    played = 0
    while played < 40:
        if world.step():
            model.fit(x, y)
        played += 1
    """
    tutorial = read(TRAINED + textwrap.dedent(code))
    assert len(tutorial.fits) == 1
    assert any("read as one" in each for each in guesses(tutorial))


def test_a_search_over_settings_is_read_with_the_first_of_each(read):
    code = """
    from scikeras.wrappers import KerasClassifier
    from sklearn.model_selection import GridSearchCV
    def make(width, depth):
        model = Sequential()
        for _ in range(depth):
            model.add(Dense(width, activation="relu"))
        model.add(Dense(10, activation="softmax"))
        model.compile("sgd", "categorical_crossentropy")
        return model
    grid = {"model__width": [12, 24], "depth": range(2, 4), "epochs": [7], "batch_size": [50, 60]}
    GridSearchCV(KerasClassifier(make, verbose=0), grid).fit(x, y)
    """
    tutorial = read(NETWORK + textwrap.dedent(code))
    (fit,) = tutorial.fits
    assert [layer.arguments["units"] for layer in fit.chain.layers] == [12, 12, 10]
    assert (fit.epochs, fit.batch_size) == (7, 50)
    assert guesses(tutorial) == ["The script searches over settings; it is read with the first of each."]


def test_a_cross_validation_is_one_training(read):
    code = """
    from scikeras.wrappers import KerasClassifier
    from sklearn.model_selection import cross_val_score
    def make(width=9):
        model = Sequential([Dense(width), Dense(10, activation="softmax")])
        model.compile("sgd", "categorical_crossentropy")
        return model
    cross_val_score(KerasClassifier(make, epochs=3), x, y, cv=5)
    """
    tutorial = read(NETWORK + textwrap.dedent(code))
    assert [fit.epochs for fit in tutorial.fits] == [3]
    assert "each fold" in guesses(tutorial)[0]


@pytest.mark.parametrize("flags", ["from absl import app, flags", "from tensorflow.compat.v1 import app, flags"])
def test_flags_have_their_defaults_and_main_is_run(read, flags):
    code = f"""
{flags}
flags.DEFINE_integer("batch", 25, "images of a batch")
rounds = flags.DEFINE_integer("rounds", default=4, help="epochs")
FLAGS = flags.FLAGS
def main(_):
    model.fit(x, y, batch_size=FLAGS.batch, epochs=rounds.value)
app.run(main)
"""
    (fit,) = read(TRAINED + code).fits
    assert (fit.batch_size, fit.epochs) == (25, 4)


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        ("np.pad(p, ((0, 0), (2, 2), (2, 2), (0, 0)))", (60_000, 32, 32, 1)),
        ("np.pad(p, unknown)", (None, None, None, None)),
        ("np.stack([p[..., 0]] * 3, axis=-1)", (60_000, 28, 28, 3)),
        ("np.concatenate([p, p, p], axis=3)", (60_000, 28, 28, 3)),
        ("np.concatenate([p, p])", (120_000, 28, 28, 1)),
        ("np.repeat(p, 3, -1)", (60_000, 28, 28, 3)),
        ("np.transpose(p, (0, 3, 1, 2))", (60_000, 1, 28, 28)),
        ("np.clip(p + np.random.normal(size=p.shape), 0, 1)", (60_000, 28, 28, 1)),
        ("tf.image.grayscale_to_rgb(tf.image.resize(p, (36, 40)))", (60_000, 36, 40, 3)),
        ("list(map(lambda each: each.reshape(-1, 784), [p]))[0]", (60_000, 784)),
        ("np.flip(p, 1)", (60_000, 28, 28, 1)),
        ("p.reshape(-1, np.size(p[0]) // 4, np.ndim(p))", (60_000, 196, 4)),
        ("p.reshape(np.shape(p)[0], 28, -1)", (60_000, 28, 28)),
        ("np.reshape(p, newshape=(-1, 784))", (60_000, 784)),
    ],
)
def test_arrays_have_the_shape_that_numpy_gives_them(read, code, shape):
    before = "import numpy as np, tensorflow as tf\np = x.reshape(-1, 28, 28, 1)\n"
    (fit,) = read(f"{TRAINED}{before}model.fit({code}, y)").fits
    assert fit.images.shape == shape


def test_labels_are_vectors_where_a_script_compares_them_with_each_class(read):
    code = """
import numpy as np
from keras.datasets import mnist
(x, y), _ = mnist.load_data()
rows = y[:100].reshape(-1, 1)
model.fit(x[:100], (np.arange(10) == rows).astype("float32"))
model.fit(x[:100], rows == np.arange(10))
model.fit(x[:100], rows == 10)
"""
    tutorial = read(TRAINED + code, data=False)
    assert unread(tutorial) == ["The labels are not known: The value depends on which images meet a condition."]
    assert tutorial.unread[0].line == len((TRAINED + code).splitlines())


@pytest.mark.parametrize(
    ("code", "sizes"),
    [
        ("16 * 2 ** np.array(range(3))", [16, 32, 64]),
        ("np.array([8, 9, 16])[::2].copy() * 2", [16, 32]),
        ("np.array([8, 9]) + np.array([1, 2])", [9, 11]),
        ("-(np.arange(3)[1:] - 4)", [3, 2]),
        ("np.array([8, 9]).tolist() * 2", [8, 9, 8, 9]),
        ("np.array([8, 9]) + np.array([1, 2, 3])", None),
        ("np.array([[8], [9]]) * 2", None),
    ],
)
def test_operators_go_through_small_arrays(read, code, sizes):
    layers = f"import numpy as np\nfor size in {code}:\n    model.add(Dense(size))\n"
    tutorial = read(f"{TRAINED}{layers}model.fit(x, y)\n")
    (fit,) = tutorial.fits
    units = [layer.arguments["units"] for layer in fit.chain.layers] if fit.chain else None
    assert units == (None if sizes is None else [10, *sizes])
    assert sizes is not None or tutorial.unread


def test_numbers_in_equal_steps_are_counted(read):
    code = """
import numpy as np
for rate in np.linspace(0.1, 0.5, 3).tolist():
    model.compile(keras.optimizers.SGD(rate), "mse")
    model.fit(x, y)
"""
    rates = [fit.optimizer.learning_rate for fit in read(TRAINED + code).fits]
    assert rates == pytest.approx([0.1, 0.3, 0.5])


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


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("with tf.GradientTape() as tape:\n    pass", "in a loop of its own"),
        ("def step(batch):\n    with tf.GradientTape() as tape:\n        tape.gradient(batch)", "in a loop of its own"),
        ("digits = tf.placeholder(tf.float32)", "TensorFlow 1's own interface"),
        ("net = Sequential([Dense(3)])\nother.fit(net)", "No call of fit is known"),
        ("net = Sequential([Dense(3)])", "there is no call of fit"),
    ],
)
def test_a_script_without_a_training_says_why(read, code, reason):
    found = unread(read(f"import tensorflow as tf\n{NETWORK}{code}"))
    assert any(reason in each for each in found)
    assert not any("compile" in each for each in found)


def test_a_reason_is_the_first_thing_that_is_not_known(read):
    code = """
    import numpy as np
    from PIL import Image
    pictures = []
    for name in ["a.png", "b.png"]:
        pictures.append(np.array(Image.open(name)))
    pictures = np.reshape(np.array(pictures), (2, 784))
    model.fit(pictures, y)
    """
    found = unread(read(TRAINED + textwrap.dedent(code)))
    assert [each for each in found if "images" in each] == ["The images are not known: PIL.Image.open is not followed."]


def test_a_part_of_a_shape_that_is_not_known_is_named(read):
    found = unread(
        read(f"{NETWORK}model = Sequential([Reshape((side, 2))])\nmodel.compile('sgd', 'mse')\nmodel.fit(x, y)")
    )
    assert found == ["The value of target_shape is not known: side is never defined."]


def test_networks_of_other_modules_train_and_are_not_known(read):
    tutorial = read(
        "from nets import build, ready\nbuild(9).fit(x, y, epochs=4)\nready.fit(x, y, validation_split=0.1)\n"
    )
    assert [fit.epochs for fit in tutorial.fits] == [4, 1]
    assert unread(tutorial) == ["nets.build is not followed.", "nets.ready.fit is not followed."]


def test_fits_of_other_libraries_are_not_trainings(read):
    assert read("from sklearn.svm import SVC\nSVC().fit(x, y)\n").fits == ()


def test_a_cloned_network_is_one_of_its_own(read):
    code = "other = keras.models.clone_model(model)\nother.add(Dense(4))\nother.compile('sgd', 'mse')\n"
    (one, two) = read(f"import keras\n{TRAINED}{code}other.fit(x, y)\nmodel.fit(x, y)\n").fits
    assert [len(one.chain.layers), len(two.chain.layers)] == [2, 1]
    assert (one.optimizer.name, two.optimizer.name) == ("sgd", "adam")


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


def test_the_mnist_package_has_mnist(read):
    code = (
        "import mnist\nmodel.fit(mnist.train_images().reshape(-1, 784), mnist.train_labels(), validation_data=(xt, yt))"
    )
    (fit,) = read(TRAINED + code).fits
    assert (fit.dataset, fit.images.shape, fit.validation.kind) == ("mnist", (60_000, 784), "test")


def test_a_name_from_an_unknown_module_is_not_a_misspelling(read):
    tutorial = read("from game import *\nclass Robot(Player):\n    pass\n")
    assert guesses(tutorial) == []


@pytest.mark.parametrize("fits", [True, False])
def test_a_class_that_is_never_used_shows_its_network(read, fits):
    code = """
    class Reader:
        def __init__(self, width=30):
            self.model = Sequential([Dense(width, input_shape=(784,)), Dense(10)])
            self.model.compile("sgd", "mse")
        def learn(self, images, rounds=6):
            TRAINS
    """
    train = "self.model.fit(images, y, epochs=rounds)" if fits else "pass"
    tutorial = read(NETWORK + textwrap.dedent(code).replace("TRAINS", train))
    (fit,) = tutorial.fits
    assert [layer.arguments["units"] for layer in fit.chain.layers] == [30, 10]
    assert (fit.optimizer.name, fit.epochs) == ("sgd", 6 if fits else None)


def test_images_and_labels_that_are_zipped_are_a_data_set(read):
    code = """
    import tensorflow as tf
    images = tf.data.Dataset.from_tensor_slices(x * 255).map(lambda image: image / 255)
    labels = tf.data.Dataset.from_tensor_slices(y)
    model.fit(tf.data.Dataset.zip((images, labels)).shuffle(100).batch(64), epochs=2)
    """
    tutorial = read(TRAINED + textwrap.dedent(code))
    (fit,) = tutorial.fits
    assert (fit.batch_size, fit.images.scale, unread(tutorial)) == (64, pytest.approx(1 / 255), [])


def test_settings_in_a_text_are_read(read):
    code = """
    import json
    settings = json.loads('{"units": 40, "epochs": 7}')
    model = Sequential([Dense(settings["units"])])
    model.compile('adam', 'mse')
    model.fit(x, y, epochs=settings["epochs"])
    """
    (fit,) = read(NETWORK + textwrap.dedent(code)).fits
    assert (fit.chain.layers[0].arguments["units"], fit.epochs) == (40, 7)


def test_a_generator_is_followed_as_a_list(read):
    code = """
    first, second = (3 * size for size in (5, 7))
    model.fit(x, y, epochs=first, batch_size=sum(each for each in [second, 2]))
    """
    (fit,) = read(TRAINED + textwrap.dedent(code)).fits
    assert (fit.epochs, fit.batch_size) == (15, 23)


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
