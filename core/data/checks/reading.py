"""What reading the files has shown: what was skipped, made to fit, scaled, moved or put in another order."""

from core.config.datasets import MOST_CLASSES
from core.data.checks.finding import Finding, Level
from core.data.importing import Imported
from core.text import Message


def reading(imported: Imported) -> list[Finding]:
    """Findings on how the files became arrays."""
    found = [Finding(note) for note in imported.notes]
    form, look = imported.form, imported.look
    if imported.skipped_count:
        found.append(_counted("skipped", imported.skipped_count, "problem"))
    if imported.unlabeled:
        found.append(_counted("unlabeled", imported.unlabeled, "problem", most=MOST_CLASSES))
    size = {"height": form.height, "width": form.width}
    if len(look.sizes) > 1:
        least, most = (f"{h} × {w}" for h, w in (min(look.sizes, key=_area), max(look.sizes, key=_area)))
        told = {"count": len(look.sizes), "least": least, "most": most, **size}
        found.append(Finding(Message(f"data_checks.sizes_{form.mode}", **told)))
    elif look.sizes and (form.height, form.width) not in look.sizes:
        ((height, width),) = look.sizes
        found.append(Finding(Message("data_checks.resized", before=f"{height} × {width}", **size)))
    if look.colored and form.channels == 1:
        found.append(Finding(Message("data_checks.made_gray")))
    elif look.colored and look.gray:
        found.append(Finding(Message("data_checks.mixed_channels")))
    elif form.channels == 3 and not look.colored:
        found.append(Finding(Message("data_checks.no_color")))
    if (form.low, form.high) != (0.0, 255.0):
        found.append(Finding(Message("data_checks.scaled", low=f"{form.low:g}", high=f"{form.high:g}")))
    return found + _partition(imported)


def _partition(imported: Imported) -> list[Finding]:
    partition = imported.partition
    counts = {"training": len(partition.train), "test": len(partition.test)}
    found = []
    if partition.grouped:
        found.append(
            Finding(Message("data_checks.split_groups", groups=partition.grouped, seed=imported.seed, **counts))
        )
    elif not partition.given:
        found.append(Finding(Message("data_checks.split", seed=imported.seed, **counts)))
    elif partition.validation_is_test:
        found.append(Finding(Message("data_checks.validation_is_test", test=counts["test"])))
    if partition.held:
        found.append(Finding(Message("data_checks.validation_last", count=partition.held)))
    if partition.given and partition.shuffled:
        found.append(Finding(Message("data_checks.shuffled", seed=imported.seed)))
    if partition.shared_groups:
        found.append(_counted("shared_groups", partition.shared_groups, "problem"))
    return found


def _counted(name: str, count: int, level: Level, **values: object) -> Finding:
    key = f"data_checks.{name}_one" if count == 1 else f"data_checks.{name}"
    return Finding(Message(key, count=count, **values), level)


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]
