"""Small images with labels as arrays, and reading all of a source."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from core.data.readers.recognize import open_source


def png(image, **options):
    """The bytes of an image file with these pixels."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, options.pop("format", "PNG"), **options)
    return file.getvalue()


def zipped(files, path):
    """A ZIP with these contents by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def read(tmp_path):
    """Everything that a source gives: images and labels in order, parts, groups and what was skipped."""

    def all_of(*paths, target=64):
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        images, labels, parts, groups, skipped = [], [], [], [], []
        with open_source(paths, work) as source:
            source.look()
            for piece in source.pieces(target):
                images += list(piece.images)
                labels += [label.item() if isinstance(label, np.generic) else label for label in piece.labels]
                parts += [piece.part] * len(piece.images)
                groups += list(piece.groups)
                skipped += piece.skipped
            return {
                "kind": source.kind,
                "images": images,
                "labels": labels,
                "parts": parts,
                "groups": groups,
                "skipped": skipped,
                "count": source.count,
                "names": source.class_names,
                "notes": [str(note) for note in source.notes],
            }

    return all_of


@pytest.fixture
def twelve():
    """Twelve images of 9 × 8 pixels and their labels, 0 to 2."""
    random = np.random.default_rng(3)
    return random.integers(0, 256, (12, 9, 8), np.uint8), np.arange(12) % 3
