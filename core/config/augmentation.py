"""How strongly training digits are augmented, as numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Augmentation:
    """The largest random change of a digit, in either direction.

    `shift` is a share of the image's width, `rotation` is in degrees, `zoom` a share of the size, `shear` a slope;
    `elastic` is the most pixels by which a smooth random field moves a pixel.
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
"""By the setting's value, without "off". A shift of 0.07 is 2 of 28 pixels."""
