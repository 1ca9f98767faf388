"""Which settings may change when a run goes on from the weights of another, and what it can take over."""

from core.config.layer import Shape
from core.config.run import RunConfig
from core.errors import InvalidSetting

LOCKED = ("dataset", "data", "validation")
"""Settings that cannot change: the new run would be judged by images that the weights were trained on."""


def check_fork(before: RunConfig, after: RunConfig, epoch: int) -> None:
    """Raise InvalidSetting where a run with settings `after` cannot go on from this epoch of a run with `before`."""
    for name in LOCKED:
        if getattr(before, name) != getattr(after, name):
            raise InvalidSetting("dataset" if name == "data" else name, "forks.other_digits")
    if _weighted_layers(before) != _weighted_layers(after):
        raise InvalidSetting(next(iter(after.network.rules)), "forks.other_network")
    if after.epochs <= epoch:
        raise InvalidSetting("epochs", "forks.no_epochs_left", epoch=epoch, epochs=after.epochs)


def keeps_optimizer(before: RunConfig, after: RunConfig) -> bool:
    """Whether the optimizer's state of a run with the settings `before` fits one with the settings `after`."""

    def state(config: RunConfig) -> tuple[object, ...]:
        # Keras's SGD keeps no state without momentum; averaged weights are part of the state
        has_momentum = config.optimizer == "sgd" and config.momentum > 0
        return config.network, config.optimizer, has_momentum, config.weight_averaging

    return state(before) == state(after)


def _weighted_layers(config: RunConfig) -> list[tuple[str, tuple[Shape, ...]]]:
    """The kind of each layer that has weights, and their shapes."""
    rows = config.layer_table
    return [(type(row.layer).__name__, tuple(row.weights.values())) for row in rows if row.weights]
