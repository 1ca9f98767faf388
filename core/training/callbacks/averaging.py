"""Averages the weights over the training."""

import math
from typing import Any

import keras


class SwapEMAWeights(keras.callbacks.SwapEMAWeights):
    """Puts the moving average of the weights into the model at the end of every epoch, and takes it out at the next.

    Keras's own overwrites the weights themselves after the last epoch, from which a longer run could not go on.
    """

    def __init__(self) -> None:
        super().__init__(swap_on_epoch=True)

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params({**params, "epochs": math.inf})
