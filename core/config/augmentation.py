"""How far a training digit is moved, turned and bent before the network sees it: pure numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Augmentation:
    """The most that one digit is changed by, in either direction; each time a random amount of it.

    `shift` is a share of the image's width, `rotation` is in degrees, `zoom` a share of the size, `shear` a slope;
    `elastic` is how many pixels a smooth random field moves a pixel at most.
    """

    shift: float
    rotation: float
    zoom: float
    shear: float
    elastic: float


AUGMENTATIONS: dict[str, Augmentation] = {
    "light": Augmentation(shift=0.07, rotation=9, zoom=0.08, shear=0.0, elastic=0.0),
    "medium": Augmentation(shift=0.08, rotation=10.8, zoom=0.1, shear=0.1, elastic=0.8),
    "strong": Augmentation(shift=0.1, rotation=14.4, zoom=0.15, shear=0.2, elastic=1.5),
}
"""By the setting's value; "off" has none. 0.07 of 28 pixels are 2 pixels."""
