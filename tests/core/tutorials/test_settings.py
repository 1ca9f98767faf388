# ruff: noqa: E501 a log and a network are written as they are, in one line
"""The form is filled with what a script trains, and every difference is noted."""

import pytest

from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.errors import DigitLabError
from core.text import say, speaking
from core.tutorials.settings import as_options, propose

LAYERS = "from keras.models import Sequential\nfrom keras.layers import *\nfrom keras.callbacks import *\n"


def proposed(read, layers, compiled="'adam', 'categorical_crossentropy'", fitted="epochs=3"):
    maps = "x = x.reshape(-1, 28, 28, 1)\n" if "Conv" in layers else ""
    code = f"{LAYERS}{maps}m = Sequential([{layers}])\nm.compile({compiled})\nm.fit(x, y, {fitted})"
    (fit,) = read(code).fits
    return propose(fit)


PRESET_CODE = {
    "mlp-512": ("Dense(512, activation='relu'), Dense(10, activation='softmax')", "'rmsprop'", "epochs=5, batch_size=128"),
    "cnn-16-36": (
        "Conv2D(16, 5, padding='same', activation='relu'), MaxPooling2D(), "
        "Conv2D(36, 5, padding='same', activation='relu'), MaxPooling2D(), Dropout(0.25), Flatten(), "
        "Dense(128, activation='relu'), Dropout(0.5), Dense(10, activation='softmax')",
        "'adam'",
        "epochs=20, batch_size=300, validation_split=0.2",
    ),
    "lenet-20-50": (
        "Conv2D(20, 5, activation='relu'), MaxPooling2D(2, 2, padding='same'), "
        "Conv2D(50, 5, padding='same', activation='relu'), MaxPooling2D(2, 2, padding='same'), Flatten(), "
        "Dense(500, activation='relu'), Dense(10, activation='softmax')",
        "'rmsprop'",
        "epochs=2, batch_size=32",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PRESET_CODE)
def test_a_tutorials_code_gives_its_presets_exact_settings(read, name):
    layers, optimizer, fitted = PRESET_CODE[name]
    proposal = proposed(read, layers, f"{optimizer}, 'categorical_crossentropy'", fitted)
    assert proposal.config == PRESETS[name]
    assert proposal.differences == ()
    assert as_options(proposal.config) == ["--preset", name]


@pytest.mark.parametrize(
    ("layers", "kind"),
    [
        ("Dense(60, activation='tanh'), Dropout(0.1), Dense(30, activation='tanh'), Dropout(0.1), Dense(10, activation='softmax')", "mlp"),
        ("Conv2D(8, 3, activation='relu'), MaxPooling2D(), Flatten(), Dense(10), Activation('softmax')", "cnn"),
        ("Conv2D(8, (3, 5), activation='relu'), Flatten(), Dense(10, activation='softmax')", "layers"),
        ("SeparableConv2D(8, 3), BatchNormalization(), ReLU(), GlobalAveragePooling2D(), Dense(10, activation='softmax')", "layers"),
        ("Reshape((28, 28, 1)), Conv2D(4, 3, strides=2), LeakyReLU(0.1), Flatten(), Dense(10, activation='softmax')", "layers"),
    ],
)  # fmt: skip
def test_the_network_has_the_parameters_that_keras_counts(read, layers, kind):
    code = f"{LAYERS}x = x.reshape(-1, 28, 28, 1)\n" if "Reshape" not in layers and "Conv" in layers else LAYERS
    (fit,) = read(code + f"m = Sequential([{layers}])\nm.compile('sgd', 'categorical_crossentropy')\nm.fit(x, y)").fits
    config = propose(fit).config
    assert config.parameters == fit.chain.parameters
    assert config.network.kind == kind


OUTPUT = "Dense(20, activation='relu'), Dense(10, activation='softmax')"


@pytest.mark.parametrize(
    ("compiled", "fitted", "settings"),
    [
        ("'sgd', 'mse'", "batch_size=64", {"optimizer": "sgd", "momentum": 0, "loss": "mean_squared_error", "batch_size": 64}),
        ("'adam', 'categorical_crossentropy'", "epochs=9", {"batch_size": 32, "epochs": 9, "validation": "none"}),
        ("'adam', 'categorical_crossentropy'", "validation_data=(xt, yt)", {"validation": "none"}),
        ("'adam', 'categorical_crossentropy'", "validation_split=0.2, callbacks=[EarlyStopping('val_acc', patience=4)]",
         {"validation": "last-20", "early_stopping": "val_accuracy", "patience": 4}),
        ("'adam', 'categorical_crossentropy'", "callbacks=[ReduceLROnPlateau('loss'), CSVLogger('a.csv')]", {"schedule": "plateau"}),
    ],
)  # fmt: skip
def test_training_settings(read, compiled, fitted, settings):
    config = proposed(read, OUTPUT, compiled, fitted).config
    expected = settings | ({"validation": "test"} if "validation_data" in fitted else {})
    assert {name: getattr(config, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("fitted", "said"),
    [("epochs=int(input())", "epochs is not known"), ("validation_split=0.1", "10\xa0%"), ("callbacks=[LambdaCallback()]", "LambdaCallback")],
)  # fmt: skip
def test_every_difference_is_noted(read, fitted, said):
    assert any(said in str(each) for each in proposed(read, OUTPUT, fitted=fitted).differences)


def test_a_share_is_written_as_the_reader_does(read):
    (difference,) = proposed(read, OUTPUT, fitted="validation_split=0.1").differences
    with speaking("zh-Hans"):
        assert "10%" in say(difference)


def test_unscaled_images_are_trained_as_the_script_does(read):
    code = "from keras.datasets import mnist\n(a, b), _ = mnist.load_data()\n" + LAYERS
    (fit,) = read(
        code + f"m = Sequential([Flatten(), {OUTPUT}])\nm.compile('sgd', 'mse')\nm.fit(a, b)", data=False
    ).fits
    config = propose(fit).config
    assert type(config.network.layers[0]).__name__ == "Rescaling"
    assert config.network.layers[0].scale == 255
    assert isinstance(config, RunConfig)


@pytest.mark.parametrize(
    "layers", ["Dense(10, activation='sigmoid')", "LSTM(4), Dense(10, activation='softmax')", "Dropout(0.1)"]
)
def test_a_network_that_cannot_be_trained_here_is_refused(read, layers):
    maps = "x = x.reshape(-1, 28, 28)\n" if "LSTM" in layers else ""
    (fit,) = read(LAYERS + maps + f"m = Sequential([{layers}])\nm.compile('sgd', 'mse')\nm.fit(x, y)").fits
    with pytest.raises(DigitLabError):
        propose(fit)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("m = Sequential([LSTM(8), Dense(10, 'softmax')])", r"^LSTM in line \d+ is not among the layers here"),
        (
            "m = Sequential([Conv1D(4, 3), Flatten(), Dense(10, 'softmax')])",
            r"^Conv1D in line \d+ is not among the layers here",
        ),
        (
            "a = Input((28, 28))\nb = Flatten()(a)\nm = Model(a, Dense(10)(concatenate([b, b])))",
            "The network has branches",
        ),
    ],
)
def test_a_network_that_is_not_a_chain_of_layers_for_images_is_sent_to_recording(read, code, reason):
    (fit,) = read(
        f"{LAYERS}from keras.models import Model\nx = x.reshape(-1, 28, 28)\n{code}\nm.compile('sgd', 'mse')\nm.fit(x, y)"
    ).fits
    with pytest.raises(DigitLabError, match=reason) as refused:
        propose(fit)
    assert str(refused.value).endswith("run the code with digit-lab record.")


def test_an_argument_that_a_layer_lacks_here_is_noted(read):
    layers = "Dense(20, activation='relu', bias_initializer='ones'), BatchNormalization(scale=False), Dense(10, activation='softmax')"
    said = [str(each) for each in proposed(read, layers).differences]
    assert any("Dense" in each and "bias_initializer" in each for each in said)
    assert any("BatchNormalization" in each and "scale" in each for each in said)
