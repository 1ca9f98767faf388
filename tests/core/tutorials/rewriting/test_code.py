# ruff: noqa: E501 the lines of a pair are read side by side
"""Older code is rewritten for Keras 3 with the fewest changes, each with its reason."""

import ast
import json

import pytest

from core.tutorials.reading import read_tutorial
from core.tutorials.rewriting.code import as_notebook, for_keras_3

HEAD = "from keras.models import Sequential\nfrom keras.layers import Dense, Convolution2D, Dropout\nm = Sequential()\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from keras.layers.core import Dense, Flatten\n", "from keras.layers import Dense, Flatten\n"),
        ("from keras.layers.convolutional import (Conv2D,  # a\n  MaxPooling2D)\n", "from keras.layers import (Conv2D,  # a\n  MaxPooling2D)\n"),
        ("from keras.utils import np_utils\n", "from keras import utils as np_utils\n"),
        ("from keras.utils.np_utils import to_categorical\n", "from keras.utils import to_categorical\n"),
        ("from tensorflow.python.keras.models import Sequential\n", "from tensorflow.keras.models import Sequential\n"),
        ("from keras.optimizers import adam\n", "from keras.optimizers import Adam as adam\n"),
        ("from keras.preprocessing.image import ImageDataGenerator\n", "from tensorflow.keras.preprocessing.image import ImageDataGenerator\n"),
        ("import tensorflow as tf\nx = tf.keras.layers.experimental.preprocessing.Rescaling(2)\n", "import tensorflow as tf\nx = tf.keras.layers.Rescaling(2)\n"),
        ("import keras\nkeras.utils.np_utils.to_categorical(y, nb_classes=3)\n", "import keras\nkeras.utils.to_categorical(y, num_classes=3)\n"),
        (HEAD + "m.fit(x, y, nb_epoch=3,  # twice\n      show_accuracy=True)\n", HEAD + "m.fit(x, y, epochs=3)\n"),
        (HEAD + "m.fit_generator(g, 100, epochs=3, workers=2)\n", HEAD + "m.fit(g, steps_per_epoch=100, epochs=3)\n"),
        (HEAD + "c = m.predict_classes(x, verbose=0)\n", HEAD + "c = m.predict(x, verbose=0).argmax(axis=-1)\n"),
        (HEAD + "m.add(Convolution2D(8, 3, 5, border_mode='same'))\n", HEAD + "m.add(Convolution2D(8, (3, 5), padding='same'))\n"),
        (HEAD + "m.add(Dense(output_dim=4, init='uniform', W_regularizer=r))\n", HEAD + "m.add(Dense(units=4, kernel_initializer='uniform', kernel_regularizer=r))\n"),
        (HEAD + "m.add(Dropout(p=0.5))\n", HEAD + "m.add(Dropout(rate=0.5))\n"),
        (HEAD + "m.save_weights('a/net.h5')\nm.load_weights('a/net.h5')\n", HEAD + "m.save_weights('a/net.weights.h5')\nm.load_weights('a/net.weights.h5')\n"),
        ("from keras.optimizers import SGD\no = SGD(lr=0.1, decay=0.0)\n", "from keras.optimizers import SGD\no = SGD(learning_rate=0.1)\n"),
        (
            "import keras\nfrom keras.optimizers import SGD\no = SGD(lr=0.1, momentum=0.9, decay=1e-6)\n",
            "import keras\nfrom keras.optimizers import SGD\n"
            "o = SGD(learning_rate=keras.optimizers.schedules.InverseTimeDecay(0.1, decay_steps=1, decay_rate=1e-6), momentum=0.9)\n",
        ),
        ("from keras.optimizers import Adadelta\nfrom keras.layers.core import Dense\no = Adadelta()\n", "from keras.optimizers import Adadelta\nfrom keras.layers import Dense\no = Adadelta(learning_rate=1.0)\n"),
        ("from keras import backend as K\nif K.image_dim_ordering() == 'th':\n    pass\n", "from keras import backend as K\nif K.image_data_format() == 'channels_first':\n    pass\n"),
        (
            "import tensorflow as tf\nd = tf.keras.layers.Dense(10, activation=tf.nn.softmax)\n",
            "import tensorflow as tf\nd = tf.keras.layers.Dense(10, activation='softmax')\n",
        ),
        (HEAD + "m.compile('sgd', 'mse', metrics='accuracy')\n", HEAD + "m.compile('sgd', 'mse', metrics=['accuracy'])\n"),
        ("from keras.utils import print_summary\nfrom keras.utils import plot_model, multi_gpu_model\nplot_model\n", "from keras.utils import plot_model\nplot_model\n"),
        ("import keras\no = keras.optimizers.Adam(0.1, epsilon=None, decay=0)\n", "import keras\no = keras.optimizers.Adam(0.1)\n"),
        ("from keras import backend as K\nsize = K.int_shape(maps)[1]\n", "from keras import backend as K\nsize = maps.shape[1]\n"),
        ("import tensorflow as tf\ntf.set_random_seed(7)\ns = tf.Session(config=tf.ConfigProto())\n", "import tensorflow as tf\ntf.random.set_seed(7)\ns = tf.compat.v1.Session(config=tf.compat.v1.ConfigProto())\n"),
        (
            "import keras\nfrom keras.layers import merge, Dense\nz = merge([a, b], mode='concat', concat_axis=1)\n",
            "import keras\nfrom keras.layers import Dense\nz = keras.layers.concatenate([a, b], axis=1)\n",
        ),
        ("from keras.callbacks import TensorBoard\nt = TensorBoard('log', embeddings_data=x)\n", "from keras.callbacks import TensorBoard\nt = TensorBoard('log')\n"),
        ("from __future__ import division\na = 1\n# again\nfrom __future__ import print_function\nb = 2\n", "from __future__ import division\na = 1\n# again\nb = 2\n"),
        ("from keras.initializations import normal, he_normal\n", "from keras.initializers import RandomNormal as normal, he_normal\n"),
        ("from keras.regularizers import activity_l2\n", "from keras.regularizers import l2 as activity_l2\n"),
        ("from keras.objectives import mse\n", "from keras.losses import mean_squared_error as mse\n"),
        (HEAD + "m.add(Dense(4, weights=old))\n", HEAD + "m.add(Dense(4))\n"),
        ("import numpy as np\na = np.reshape(b, newshape=(2, 8))\n", "import numpy as np\na = np.reshape(b, (2, 8))\n"),
        ("loss.reset_states()\n", "loss.reset_state()\n"),
        (HEAD + "display(m.summary())\n", HEAD + "print(m.summary())\n"),
        (HEAD + "m.compile(optimiser='sgd',\n          los='mse')\n", HEAD + "m.compile(optimizer='sgd',\n          loss='mse')\n"),
        (HEAD + "m.fit(x, y, epoch=2, callbcaks=[])\n", HEAD + "m.fit(x, y, epochs=2, callbacks=[])\n"),
        ("from keras.models import save_model\nsave_model(m, './digits')\n", "from keras.models import save_model\nsave_model(m, './digits.keras')\n"),
        ("a = table.ix[:, 1:]\nb = table.ix[0, 'label']\n", "a = table.iloc[:, 1:]\nb = table.loc[0, 'label']\n"),
        ("from keras.losses import mse, binary_crossentropy\n", "from keras.losses import mean_squared_error as mse, binary_crossentropy\n"),
        (HEAD + "m.optimizer.lr = 0.1\nm.optimizer.lr.assign(0.2)\n", HEAD + "m.optimizer.learning_rate = 0.1\nm.optimizer.learning_rate.assign(0.2)\n"),
        (
            "from keras import backend as K\nK.set_value(m.optimizer.lr, K.get_value(m.optimizer.lr) / 2)\n",
            "from keras import backend as K\nm.optimizer.learning_rate.assign(m.optimizer.learning_rate.numpy() / 2)\n",
        ),
        (
            "import tensorflow as tf\nfrom keras.backend.tensorflow_backend import set_session\nset_session(tf.Session())\n",
            "import tensorflow as tf\ntf.compat.v1.Session()\n",
        ),
        ("import tensorflow as tf\nm.compile(tf.train.AdamOptimizer(0.1), 'mse')\n", "import tensorflow as tf\nm.compile(tf.keras.optimizers.Adam(0.1), 'mse')\n"),
        (
            "from keras.layers import AveragePooling2D as A\na = [A(), A(strides=2), A(3), A(pool_size=4)]\n",
            "from keras.layers import AveragePooling2D as A\na = [A(pool_size=(2, 2)), A(pool_size=(2, 2), strides=2), A(3), A(pool_size=4)]\n",
        ),
        ("h = history.history['val_acc']\n", "h = history.history['val_accuracy']\n"),
        ("import numpy as np\nx = x.astype(np.float)\n", "import numpy as np\nx = x.astype(float)\n"),
    ],
)  # fmt: skip
def test_each_change(before, after):
    rewritten = for_keras_3(read_tutorial(before))
    assert ast.dump(ast.parse(rewritten.after)) == ast.dump(ast.parse(after))
    assert rewritten.changes
    assert all(str(change.said).endswith(".") for change in rewritten.changes)


@pytest.mark.parametrize(
    "code",
    [
        "import keras\n\n\n# as it was\nmodel = keras.Sequential( [ keras.layers.Dense( 3 ) ] )   # odd\n",
        "def f(a,\n      b):\n\treturn   a+b # tab\n",
        "from keras.models import Sequential\nm = Sequential()\nh = m.fit(x)\nm.compile('adam', metrics=['acc'])\nh.history['acc']\n",
        "import matplotlib.pyplot as plt\nplt.ylabel('acc')\nplt.legend(['acc', 'val_acc'])\n",
    ],
)
def test_code_that_runs_stays_as_it_is(code):
    rewritten = for_keras_3(read_tutorial(code))
    assert rewritten.after == code
    assert rewritten.diff == ""


def test_the_diff_shows_only_what_changes():
    code = "import keras\n" + "x = 1\n" * 20 + "h = model.fit(a, b, nb_epoch=4)\n"
    rewritten = for_keras_3(read_tutorial(code))
    assert [line for line in rewritten.diff.splitlines() if line[:1] in "+-"] == [
        "-h = model.fit(a, b, nb_epoch=4)",
        "+h = model.fit(a, b, epochs=4)",
    ]
    (change,) = rewritten.changes
    assert change.line == 22


def test_labels_that_a_page_forgot_are_made():
    code = """
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers import Dense
(train_x, train_y), (test_x, test_y) = mnist.load_data()
flat_x = train_x.reshape(60000, 784) / 255
m = Sequential([Dense(10, activation='softmax')])
m.compile('sgd', loss='categorical_crossentropy')
m.fit(flat_x, flat_train_y, epochs=2)
"""
    after = for_keras_3(read_tutorial(code)).after
    assert after.index("flat_train_y = keras.utils.to_categorical(train_y)") < after.index("m.fit(")
    assert after.startswith("import keras\n")


def test_a_notebook_keeps_its_text_and_magics():
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1, "id": "a"}
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": "Hello", "id": "b"},
            {**cell, "source": "%matplotlib inline\nfrom keras.layers.core import Dense"},
            {**cell, "source": "model.fit(x, y, nb_epoch=2)", "id": "c"},
        ],
    }
    text = json.dumps(notebook)
    tutorial = read_tutorial(text)
    made = json.loads(as_notebook(tutorial, for_keras_3(tutorial).after, text))
    assert [each["source"] for each in made["cells"]] == [
        "Hello",
        "%matplotlib inline\nfrom keras.layers import Dense",
        "model.fit(x, y, epochs=2)",
    ]


def test_training_with_tensorflow_1_itself_is_left_alone():
    code = "import tensorflow as tf\nstep = tf.train.AdamOptimizer(0.1).minimize(loss)\n"
    assert for_keras_3(read_tutorial(code)).after == code


def test_tensorflows_loader_of_mnist_is_written_out():
    code = "# data\nfrom tensorflow.examples.tutorials.mnist import input_data as digits\nmnist = digits.read_data_sets('d', one_hot=True)\n"
    rewritten = for_keras_3(read_tutorial(HEAD + code))
    assert "# data\nclass digits:\n" in rewritten.after and rewritten.after.startswith("import keras\n")
    assert "input_data" not in rewritten.after
    feeding = HEAD + code + "batch = mnist.train.next_batch(50)\n"
    assert for_keras_3(read_tutorial(feeding)).after == feeding
