"""What a run may change that goes on from another one's weights."""

import pytest

from core.config.forks import check_fork, keeps_optimizer
from core.config.network import CNN
from core.config.run import RunConfig
from core.config.schedule import continued_rate, planned_rate
from core.errors import InvalidSetting

MLP_RUN = RunConfig(epochs=10, validation="last-20")
CNN_RUN = RunConfig(preset="cnn", network=CNN(), optimizer="sgd", epochs=10)


@pytest.mark.parametrize(
    ("before", "changes", "field"),
    [
        (MLP_RUN, {"dataset": "mnist-5k"}, "dataset"),
        (MLP_RUN, {"validation": "none"}, "validation"),
        (MLP_RUN, {"hidden_units": "256"}, "hidden_units"),
        (MLP_RUN, {"batch_normalization": True}, "hidden_units"),
        (MLP_RUN, {"kind": "cnn"}, "blocks"),
        (CNN_RUN, {"blocks": "16@3-same-max,36@5-same-max"}, "blocks"),
        (CNN_RUN, {"blocks": "16@5-same-none,36@5-same-max"}, "blocks"),
        (MLP_RUN, {"epochs": 4}, "epochs"),
    ],
)
def test_a_fork_cannot_change_what_its_weights_depend_on(before, changes, field):
    with pytest.raises(InvalidSetting) as caught:
        check_fork(before, before.replace(**changes), 4)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("before", "changes", "kept"),
    [
        (MLP_RUN, {"learning_rate": 0.01, "schedule": "cosine", "batch_size": 32, "epochs": 20, "seed": 7}, True),
        (MLP_RUN, {"augmentation": "light", "early_stopping": "val_loss", "precision": "float32"}, True),
        (MLP_RUN, {"optimizer": "adam"}, False),
        (MLP_RUN, {"weight_averaging": True}, False),
        (MLP_RUN, {"dropout": 0.5}, False),
        (CNN_RUN, {"momentum": 0.5}, True),
        (CNN_RUN, {"momentum": 0}, False),
        (CNN_RUN, {"activation": "tanh"}, False),
        (CNN_RUN, {"blocks": "16@5-same-average,36@5-same-max"}, False),
    ],
)
def test_a_fork_keeps_the_optimizers_state_where_it_fits(before, changes, kept):
    after = before.replace(**changes)
    check_fork(before, after, 4)
    assert keeps_optimizer(before, after) is kept


def test_the_learning_rate_goes_on_where_neither_it_nor_its_schedule_was_changed():
    cosine = MLP_RUN.replace(schedule="cosine")
    assert continued_rate(0.0002, MLP_RUN, MLP_RUN.replace(epochs=20, batch_size=64), 4) == 0.0002
    assert continued_rate(0.0002, MLP_RUN, MLP_RUN.replace(learning_rate=0.005), 4) == 0.005
    assert continued_rate(0.0002, MLP_RUN, cosine, 4) == planned_rate(cosine, 4)
    # ten epochs more raise the rate to that of a cosine over twenty; a rate that was halved by hand stays halved
    more = cosine.replace(epochs=20)
    assert planned_rate(cosine, 10) < 0.1 * planned_rate(more, 10) < planned_rate(more, 1) == 0.001
    assert continued_rate(planned_rate(cosine, 10) / 2, cosine, more, 10) == pytest.approx(planned_rate(more, 10) / 2)
