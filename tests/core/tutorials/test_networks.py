"""Networks are read as Keras builds them, with marks where that is not sure."""

import textwrap

import pytest

from core.tutorials.rewriting.code import for_keras_3
from tests.core.tutorials.scripts import NETWORK, TRAINED, guesses, unread


def test_what_a_class_does_only_while_it_trains_belongs_to_its_network(read):
    code = """
    import tensorflow as tf
    class Net(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.dense, self.drop, self.out = Dense(9), tf.keras.layers.Dropout(0.3), Dense(10)
        def call(self, inputs, training=None):
            inputs = tf.nn.relu(self.dense(inputs))
            if training:
                inputs = self.drop(inputs)
            return tf.keras.activations.softmax(self.out(inputs))
    model = Net()
    model.compile('adam', 'mse')
    model.fit(x, y)
    """
    tutorial = read(NETWORK + textwrap.dedent(code))
    kinds = [layer.kind for layer in tutorial.fits[0].chain.layers]
    assert kinds == ["Dense", "Activation", "Dropout", "Dense", "Activation"]
    assert guesses(tutorial)[0] == "tf.nn.relu is called as a function; it is read as the layer Activation."


def test_a_layer_that_is_used_twice_counts_once(read):
    code = """
    from keras import Input, Model
    start = Input((784,))
    shared = Dense(784)
    model = Model(start, Dense(10)(shared(shared(start))))
    model.compile('adam', 'mse')
    model.fit(x, y)
    """
    tutorial = read(NETWORK + textwrap.dedent(code))
    assert tutorial.fits[0].chain.parameters == 785 * 784 + 785 * 10
    assert guesses(tutorial) == ["Dense is used more than once with the same weights; here each use has its own."]


@pytest.mark.parametrize(
    ("written", "kernel", "strides"),
    [("5, 1", [5, 5], [1, 1]), ("3, 2", [3, 3], [2, 2]), ("3, 3", [3, 3], [1, 1]), ("5, 3", [5, 3], [1, 1])],
)
def test_two_sizes_of_a_convolution_are_marked_where_versions_took_them_otherwise(read, written, kernel, strides):
    code = f"""
    model = Sequential([Reshape((28, 28, 1)), Conv2D(4, {written}), Flatten(), Dense(10)])
    model.compile('adam', 'mse')
    model.fit(x, y)
    """
    tutorial = read(NETWORK + textwrap.dedent(code))
    convolution = tutorial.fits[0].chain.layers[1].arguments
    assert (convolution["kernel_size"], convolution["strides"]) == (kernel, strides)
    assert guesses(tutorial)[0].startswith(f"Conv2D(4, {written}) is read as a kernel of")
    (changed,) = [each for each in for_keras_3(tutorial).after.splitlines() if "Conv2D(4" in each]
    assert (f"Conv2D(4, ({written}))" in changed) == (kernel == [int(side) for side in written.split(", ")])


def test_a_network_that_is_compiled_is_read_before_one_that_a_function_would_make(read):
    code = """
    def build(size):
        model = Sequential([Dense(1, input_shape=size)])
        return model
    model = build((784,))
    model.compile('adam', 'binary_crossentropy')
    for step in range(20000):
        model.train_on_batch(x[:128], y[:128])
    """
    tutorial = read(NETWORK + textwrap.dedent(code))
    (fit,) = tutorial.fits
    assert (fit.loss, fit.chain.parameters) == ("binary_crossentropy", 785)
    assert any("train_on_batch" in each for each in unread(tutorial))


@pytest.mark.parametrize(
    "setting",
    [
        "model.optimizer.lr = 0.25",
        "K.set_value(model.optimizer.lr, 0.25)",
        "model.optimizer.learning_rate.assign(0.25)",
    ],
)
def test_a_rate_that_is_set_between_trainings_holds_for_the_second(read, setting):
    code = f"""
    from keras import backend as K
    model.fit(x, y)
    {setting}
    model.fit(x, y)
    K.set_value(model.optimizer.lr, K.get_value(model.optimizer.lr) / 2)
    model.fit(x, y)
    model.optimizer.lr.assign(model.optimizer.lr.numpy() * 3)
    model.fit(x, y)
    model.optimizer.lr = rate_of_mine
    model.fit(x, y)
    """
    tutorial = read(TRAINED + textwrap.dedent(code))
    assert [fit.optimizer.learning_rate for fit in tutorial.fits] == [0.001, 0.25, 0.125, 0.375, None]
    assert unread(tutorial) == ["The value of learning_rate is not known: rate_of_mine is never defined."]


def test_tensorflows_initializers_and_conversion_of_images_are_keras_own(read):
    code = """
    import tensorflow as tf
    x = tf.image.convert_image_dtype(x * 255, tf.float32)
    model = Sequential([Dense(10, kernel_initializer=tf.constant_initializer(0.5))])
    model.compile('adam', 'mse')
    model.fit(x, y)
    """
    (fit,) = read(NETWORK + textwrap.dedent(code)).fits
    assert fit.chain.layers[0].arguments["kernel_initializer"]["class_name"] == "Constant"
    assert fit.images.scale == pytest.approx(1 / 255)


def test_average_pooling_has_the_pool_size_of_earlier_versions(read):
    code = """
    from keras.layers import AveragePooling2D
    model = Sequential([Reshape((28, 28, 1)), AveragePooling2D(), AveragePooling2D(strides=1), Flatten(), Dense(10)])
    model.compile('adam', 'mse')
    model.fit(x, y)
    """
    (fit,) = read(NETWORK + textwrap.dedent(code)).fits
    assert [layer.arguments["strides"] for layer in fit.chain.layers[1:3]] == [[2, 2], [1, 1]]
    assert fit.chain.parameters == 10 * (13 * 13 + 1)


def test_another_library_and_losses_of_several_outputs_are_named(read):
    tutorial = read("import torch\nfrom torch import nn\nnet = nn.Linear(784, 10)\n", data=False)
    assert unread(tutorial) == ["The script trains with PyTorch; only Keras is read."]
    tutorial = read("from sklearn.neural_network import MLPClassifier\nMLPClassifier().fit(x, y)\n", data=False)
    assert unread(tutorial) == ["The script trains with scikit-learn; only Keras is read."]
    tutorial = read("import numpy as np\nprint(np.zeros(3))\n", data=False)
    assert unread(tutorial) == ["The script builds no Keras network."]
    assert unread(read("Epoch 1/2\nwords", data=False)) == []
    tutorial = read(TRAINED + "model.compile('adam', {'digit': 'mse', 'odd': 'mse'})\nmodel.fit(x, y)\n")
    assert unread(tutorial) == ["The network has several inputs or outputs."]


@pytest.mark.parametrize(
    ("optimizer", "name", "rate"),
    [
        ("tf.compat.v1.train.AdamOptimizer()", "adam", 0.001),
        ("tf.train.GradientDescentOptimizer(0.5)", "sgd", 0.5),
        ("tf.keras.optimizers.legacy.RMSprop(0.02)", "rmsprop", 0.02),
        ("tf.keras.optimizers.schedules.PiecewiseConstantDecay([100], [0.1, 0.01])", "sgd", 0.1),
    ],
)
def test_optimizers_of_other_versions_have_their_rates(read, optimizer, name, rate):
    optimizer = f"tf.keras.optimizers.SGD({optimizer})" if "Decay" in optimizer else optimizer
    code = f"import tensorflow as tf\nmodel.compile({optimizer}, 'mse')\nmodel.fit(x, y)\n"
    (fit,) = read(TRAINED + code).fits
    assert (fit.optimizer.name, fit.optimizer.learning_rate) == (name, rate)
