"""Which version of Keras a script was written for, by what it writes."""

import re
from dataclasses import dataclass

_KERAS_1 = re.compile(
    r"\b(Convolution[12]D|border_mode|nb_epoch|nb_filter|subsample|dim_ordering|image_dim_ordering|output_dim\s*=|"
    r"W_regularizer|samples_per_epoch|nb_val_samples|show_accuracy|init\s*=\s*['\"])"
)
_KERAS_3 = re.compile(
    r"keras\.ops|KERAS_BACKEND|from keras import .*\bops\b|keras\.random|keras\.version\(\)|\.keras['\"]"
)
_STANDALONE = re.compile(r"^\s*(?:from|import)\s+keras\b", re.MULTILINE)
_TENSORFLOW = re.compile(r"tensorflow\.(?:python\.|contrib\.)?keras|tf\.keras|from tensorflow import keras")

_CHANNELS_SET = re.compile(r"channels_first|['\"]th['\"]|dim_ordering|image_data_format")


@dataclass(frozen=True, slots=True)
class Version:
    """Keras 1, 2 or 3, and what follows from it."""

    number: int
    standalone: bool
    """Whether Keras is imported by itself, and not as a part of TensorFlow."""
    channels_set: bool = False
    """Whether the script sets or asks where images have their channels."""

    @property
    def channels_last(self) -> bool:
        """Whether Keras took the last number of a shape for channels, unless it was set up otherwise."""
        return self.number > 1 and not self.channels_set

    @property
    def rows_apart(self) -> bool:
        """Whether `Conv2D(32, 3, 3)` has a kernel of 3×3, as before Keras became part of TensorFlow."""
        return self.number == 1 or (self.standalone and self.number == 2)

    @property
    def old_rates(self) -> bool:
        """Whether optimizers had the learning rates of Keras before TensorFlow 2."""
        return self.number == 1 or (self.standalone and self.number == 2)


def version_of(code: str) -> Version:
    """The version that the code was written for."""
    standalone = bool(_STANDALONE.search(code)) or not _TENSORFLOW.search(code)
    number = 1 if _KERAS_1.search(code) else 3 if _KERAS_3.search(code) else 2
    return Version(number, standalone, bool(_CHANNELS_SET.search(code)))
