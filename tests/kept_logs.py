"""The logs of one training of four epochs by Keras 3.15: 2,400 digits of MNIST, 600 held out."""

import io

from core.places import ROOT

FOLDER = ROOT / "tests" / "kept" / "logs"
EVENTS, EVENTS_OF_VALIDATION = sorted(path.name for path in FOLDER.glob("events*"))
TABLE, HISTORY, PRINTED = "training.csv", "history.json", "printed.txt"
ALL = (TABLE, HISTORY, PRINTED, EVENTS, EVENTS_OF_VALIDATION)
LOSS = (1.979799, 1.274197, 0.830030, 0.607988)
VAL_ACCURACY = (0.586667, 0.79, 0.853333, 0.871667)


def content(name):
    return (FOLDER / name).read_bytes()


def opened(*names):
    """The files with these names, as a person gives them."""
    return [(name, io.BytesIO(content(name))) for name in names]
