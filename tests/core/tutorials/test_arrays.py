"""Arrays are followed with their shapes and numbers."""

import textwrap

import pytest

from tests.core.tutorials.scripts import TRAINED, unread


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
