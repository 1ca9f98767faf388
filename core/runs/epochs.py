"""Which of a run's epochs to show."""

from collections.abc import Sequence


def nearest_epoch(wanted: int | str, epochs: Sequence[int], best: int | None) -> tuple[int, bool]:
    """The nearest of these epochs, which ascend, and whether it is the wanted one.

    "best" means the last one where `best` is None. Raises ValueError without epochs.
    """
    if not epochs:
        raise ValueError("there are no epochs to choose from")
    if wanted == "best":
        wanted = epochs[-1] if best is None else best
    if wanted == "last":
        return epochs[-1], True
    target = int(wanted)
    found = min(epochs, key=lambda epoch: (abs(epoch - target), epoch))
    return found, found == target
