"""When early stopping ends a training."""

from types import SimpleNamespace

import pytest

from core.config.run import RunConfig
from core.training.fit import _keras_callbacks


@pytest.mark.parametrize(
    ("figure", "improving", "worsening"),
    [("val_loss", [0.5, 0.4, 0.3, 0.2], [0.5, 0.6, 0.7, 0.8]), ("val_accuracy", [0.5, 0.6, 0.7, 0.8], [0.5] * 4)],
)
def test_a_training_stops_once_its_figure_no_longer_improves(figure, improving, worsening):
    assert not stops(figure, improving)
    assert stops(figure, worsening)


def stops(figure, values):
    (stopping,) = _keras_callbacks(RunConfig(early_stopping=figure, patience=2, validation="last-20"))
    model = SimpleNamespace(stop_training=False)
    stopping.set_model(model)
    stopping.on_train_begin()
    for epoch, value in enumerate(values):
        stopping.on_epoch_end(epoch, {figure: value})
    return model.stop_training
