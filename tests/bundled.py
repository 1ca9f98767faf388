"""Bundles of shipped runs, whole and tampered with."""

import io
import json
import zipfile
from functools import cache

import pytest

from core.bundle.open import open_bundle
from core.bundle.write import bundle
from core.errors import DigitLabError
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR

SMALL = "mlp-512"


@cache
def bundled(name=SMALL):
    """A shipped run as one file."""
    return bundle(RunFolder(SHIPPED_DIR / name))


@cache
def files(name=SMALL):
    """What is in it, by name."""
    with zipfile.ZipFile(io.BytesIO(bundled(name))) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


def packed(contents, *, compression=zipfile.ZIP_STORED):
    """A zip of these contents by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_files(changes, name=SMALL, **options):
    """The bundle with some files in place of its own, or added; those that are None are left out."""
    contents = {**files(name), **changes}
    return packed({entry: content for entry, content in contents.items() if content is not None}, **options)


def with_json(file, /, **changes):
    """The bundle with some values of a JSON file changed."""
    return with_files({file: json.dumps({**json.loads(files()[file]), **changes})})


def no_trial(folder):
    """In place of the process that loads weights and network, where a test is of something else."""


def opened(content, runs_dir, *, trial=no_trial, **options):
    """The folder of the run that these bytes became."""
    return RunFolder(runs_dir / open_bundle(io.BytesIO(content), runs_dir, trial=trial, **options).run_id)


def refusal(content, runs_dir, trial=no_trial):
    """The sentence; the folder of the runs, and what is around it, are as before."""
    before = set(runs_dir.parent.rglob("*"))
    with pytest.raises(DigitLabError) as refused:
        open_bundle(io.BytesIO(content), runs_dir, trial=trial)
    assert set(runs_dir.parent.rglob("*")) == before
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert len(sentence) < 300
    return sentence
