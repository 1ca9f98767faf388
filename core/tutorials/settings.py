"""The settings with which Digit Lab trains what a script trains, and what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.config.datasets import known_names
from core.config.links import config_to_query
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.errors import DigitLabError, InvalidSetting
from core.text import Message
from core.tutorials.fits import Callback, Fit
from core.tutorials.names import tables
from core.tutorials.own_layers import CannotTrain, own_layers, own_network

_OPTIMIZERS = ("rmsprop", "adam", "adamw", "nadam", "adagrad", "adadelta", "sgd")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The form as a script fills it; `differences` say what is not as in the script."""

    config: RunConfig
    differences: tuple[Message, ...]


def propose(fit: Fit) -> Proposal:
    """The settings that train what a script trains; raises DigitLabError if its network cannot be trained here."""
    said: list[Message] = []
    dataset = _dataset(fit, said)
    try:
        layers = own_layers(fit, said)
    except CannotTrain as error:
        raise DigitLabError(error.why) from None
    settings = _training(fit, said) | {"dataset": dataset}
    preset, network = own_network(layers)
    try:
        config = RunConfig(network=network, **{"preset": preset, **settings})
    except InvalidSetting as error:
        raise DigitLabError(error.message) from None
    return Proposal(_named(config), tuple(dict.fromkeys(said)))


def _named(config: RunConfig) -> RunConfig:
    """The run under the name of the tutorial's preset that it equals, if there is one."""
    for name, preset in PRESETS.items():
        same = preset.replace(dataset=config.dataset, loss=config.loss, seed=config.seed, preset=config.preset)
        if same.recipe == config.recipe:
            return config.replace(preset=name)
    return config


def _dataset(fit: Fit, said: list[Message]) -> str:
    wanted = (fit.dataset or "").replace("_", "-")
    if wanted in known_names():
        return wanted
    if wanted == "kaggle-digit-recognizer":
        said.append(Message("tutorials.form.kaggle"))
    elif wanted:
        said.append(Message("tutorials.form.dataset", name=wanted[:60]))
    else:
        said.append(Message("tutorials.form.no_dataset"))
    return "mnist"


def _training(fit: Fit, said: list[Message]) -> dict[str, Any]:
    """The settings of the training, in our terms."""
    found: dict[str, Any] = {}
    optimizer = fit.optimizer
    if optimizer is None or optimizer.name not in _OPTIMIZERS:
        said.append(Message("tutorials.form.optimizer", name=optimizer.kind if optimizer else "?"))
        found["optimizer"] = "adam"
    else:
        found["optimizer"] = optimizer.name
        _arguments(optimizer.arguments, found, said)
    if optimizer is not None and optimizer.learning_rate is not None:
        found["learning_rate"] = optimizer.learning_rate
    elif optimizer is not None:
        said.append(Message("tutorials.form.rate"))
    if fit.loss in ("categorical_crossentropy", "sparse_categorical_crossentropy", "mean_squared_error"):
        smoothing = fit.loss_arguments.get("label_smoothing")
        if isinstance(smoothing, float) and smoothing:
            found |= {"loss": fit.loss, "label_smoothing": smoothing}
        elif fit.loss == "mean_squared_error":
            # both cross-entropies are the same loss, of one-hot vectors and of numbers
            found["loss"] = fit.loss
    else:
        said.append(Message("tutorials.form.loss", name=fit.loss or "?"))
    found["batch_size"] = fit.batch_size or 32
    if fit.batch_size is None and not fit.called:
        said.append(Message("tutorials.form.batch"))
    found["epochs"] = min(fit.epochs, 1_000) if fit.epochs else RunConfig().epochs
    if fit.epochs is None:
        said.append(Message("tutorials.form.epochs", epochs=found["epochs"]))
    found |= _validation(fit, said)
    if fit.augmented:
        found["augmentation"] = "light"
        said.append(Message("tutorials.form.augmented"))
    for callback in fit.callbacks:
        _callback(callback, found, said)
    return found


def _arguments(given: Mapping[str, Any], found: dict[str, Any], said: list[Message]) -> None:
    """The optimizer's other arguments."""
    if found["optimizer"] == "sgd":
        found["momentum"] = given.get("momentum", 0.0)
    for key, value in given.items():
        if key in ("clipnorm", "clipvalue") and value:
            found |= {"clipping": key.removeprefix("clip"), "clip_at": value}
        elif key == "weight_decay" and found["optimizer"] == "adamw" and value is not None:
            found["weight_decay"] = value
        elif key == "decay" and value:
            said.append(Message("tutorials.form.decay"))
        elif not _matters_not(key, value, found["optimizer"]):
            said.append(Message("tutorials.form.argument", layer=found["optimizer"], name=key))


def _matters_not(key: str, value: Any, optimizer: str) -> bool:
    table = next(each for name, each in tables()["optimizers"].items() if name.lower() == optimizer)
    if key in ("momentum", "name", "decay", "epsilon", "schedule_decay") or value is None:
        return key != "epsilon" or value is None or value <= 1e-6
    return key in table and table[key].get("default") == value


def _validation(fit: Fit, said: list[Message]) -> dict[str, Any]:
    validation = fit.validation
    if validation is None:
        return {"validation": "none"}
    if validation.kind == "test":
        return {"validation": "test"}
    if validation.kind != "split" or validation.share is None or abs(validation.share - 0.2) > 1e-9:
        share = "?" if validation.share is None else Message("figures.percent", number=f"{100 * validation.share:.0f}")
        said.append(Message("tutorials.form.validation", share=share))
    return {"validation": "last-20"}


def _callback(callback: Callback, found: dict[str, Any], said: list[Message]) -> None:
    """A callback that Digit Lab has; it keeps every epoch's weights and curves anyway."""
    name, given = callback.name, callback.arguments
    monitor = str(given.get("monitor", "val_loss")).replace("acc", "accuracy").replace("accuracyuracy", "accuracy")
    if name == "EarlyStopping":
        if monitor not in ("val_loss", "val_accuracy", "loss") or (
            monitor.startswith("val_") and found["validation"] == "none"
        ):
            said.append(Message("tutorials.form.callback", name=name))
            return
        found |= {"early_stopping": monitor, "patience": max(1, int(given.get("patience", 0) or 1))}
    elif name == "ReduceLROnPlateau":
        found["schedule"] = "plateau"
        said.append(Message("tutorials.form.plateau"))
    elif name not in ("ModelCheckpoint", "CSVLogger", "TensorBoard", "History", "ProgbarLogger", "TerminateOnNaN"):
        said.append(Message("tutorials.form.callback", name=name))


def as_options(config: RunConfig) -> list[str]:
    """The options of `python -m core.training` that train these settings."""
    query = config_to_query(config)
    preset = query.pop("preset")
    return ["--preset", preset, *(part for name, text in query.items() for part in ("--set", f"{name}={text}"))]
