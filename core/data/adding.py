"""Adding a data set: read what a person brought, look for problems, and only then let it be seen."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.config.datasets import DataDescription
from core.data.about import About, write_about
from core.data.checks.balance import balance
from core.data.checks.likeness import likeness
from core.data.checks.reading import reading
from core.data.download import NETWORK, MirrorError, Progress, fetch
from core.data.importing import Choices, import_images, open_arrays
from core.data.known import KNOWN, Known
from core.data.readers.recognize import open_source
from core.data.store import AddedDataset, place_new
from core.errors import DataUnavailable, DigitLabError
from core.text import Message

_DOWNLOADS = "download"
Stage = Literal["download", "read", "check"]
Report = Callable[[Stage, float], None]
"""Called with what is being done, and the share of it that is done."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What a person says about a data set."""

    title: str = ""
    licence: str = ""
    source: str = ""
    note: str = ""


def add(name: str, paths: Sequence[Path], choices: Choices, texts: Texts, report: Report) -> About:
    """Add the images at these paths under a free name; raises DigitLabError, and then nothing is added."""
    added, made = AddedDataset.named(name), list[About]()
    place_new(added, lambda folder: made.append(build(paths, folder, choices, texts, report)))
    return made[0]


def add_known(name: str, paths: Sequence[Path], report: Report) -> About:
    """Add a well-known data set, downloaded or from files that a person has; raises DigitLabError."""
    known, added, made = KNOWN[name], AddedDataset.named(name), list[About]()

    def make(folder: Path) -> None:
        files = list(paths) or _downloaded(name, known, folder, report)
        texts = Texts(known.title, known.licence, known.source)
        about = build(files, folder, Choices(), texts, report, known)
        if not known.fits(about.description):
            raise DigitLabError("data_add.other_set", name=known.title, training=known.training, test=known.test)
        shutil.rmtree(folder / _DOWNLOADS, ignore_errors=True)
        made.append(about)

    place_new(added, make)
    return made[0]


def build(
    paths: Sequence[Path],
    folder: Path,
    choices: Choices,
    texts: Texts,
    report: Report,
    known: Known | None = None,
) -> About:
    """Write the arrays of these files and their description, with all findings, into an empty folder.

    Raises DigitLabError, OSError where a file cannot be read or written.
    """
    work = folder / "unpacked"
    work.mkdir()
    with open_source(paths, work, wanted=known.wanted if known else "") as source:
        if known and source.kind in ("idx", "npz", "pixel_table", "cifar"):
            source.class_names = known.classes
        imported = import_images(source, choices, folder, lambda share: report("read", share))
    shutil.rmtree(work)
    arrays = open_arrays(folder)
    shape = (imported.form.height, imported.form.width, imported.form.channels)
    counts = (len(arrays.train_labels), len(arrays.test_labels))
    description = DataDescription(shape, imported.classes, *counts, arrays.digest(), imported.form.mode)
    report("check", 0.0)
    findings = [
        *reading(imported),
        *balance(arrays, imported.classes),
        *likeness(arrays, lambda share: report("check", share)),
    ]
    about = About(
        description,
        texts.title or paths[0].name.partition(".")[0],
        texts.licence,
        texts.source,
        texts.note,
        created=time.time(),
        kind=imported.kind,
        findings=tuple(sorted(findings, key=lambda finding: finding.level != "problem")),
        skipped=imported.skipped,
    )
    write_about(folder, about)
    return about


def _downloaded(name: str, known: Known, folder: Path, report: Report) -> list[Path]:
    """The files of a well-known data set from its first mirror that answers."""

    def show(progress: Progress) -> None:
        report("download", progress.share)

    target = folder / _DOWNLOADS
    target.mkdir()
    reasons = None
    for mirror in known.mirrors:
        try:
            return fetch(mirror, target, show, patience=NETWORK.patience, stall=NETWORK.stall)
        except MirrorError as failure:
            answer = Message("datasets.mirror.answer", host=mirror.host, answer=failure.message)
            reasons = answer if reasons is None else Message("datasets.and", first=reasons, then=answer)
    files = [file.url for file in known.mirrors[0].files]
    raise DataUnavailable("data_add.unreachable", title=known.title, reasons=reasons, files=files, name=name)
