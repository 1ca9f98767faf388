"""Images in folders, one for each class, in a folder or a ZIP, with or without `train`, `val` and `test` above."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from core.data.readers.files import Files
from core.data.readers.pictures import is_picture, picture_size, read_all, read_picture
from core.data.readers.source import Images, Look, Part, Piece, Source, UnreadableData, check_count
from core.text import Message

PART_WORDS: dict[str, Part] = {
    "train": "train",
    "training": "train",
    "trainset": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
    "testset": "test",
    "eval": "test",
}
_LOOKED_AT = 100
_SAMPLE_TARGET = 128


class Place(NamedTuple):
    """Where an image belongs, by its file's name or a table."""

    name: str
    label: str
    part: Part = ""
    group: str = ""


class PictureSource(Source):
    """Image files whose label, part and group are known."""

    def __init__(self, files: Files, places: Sequence[Place], notes: tuple[Message, ...] = ()) -> None:
        """Raises UnreadableData where there are none, or too many."""
        check_count(len(places))
        self._files, self._places = files, places
        self._grouped = any(place.group for place in places)
        self.count, self.notes = len(places), notes
        if files.links:
            self.notes = (*notes, Message("data_add.links", count=files.links))

    def close(self) -> None:
        self._files.close()

    def look(self) -> Look:
        step = max(1, len(self._places) // _LOOKED_AT)
        look = Look()
        for place in self._places[::step]:
            read = read_picture(self._files, place.name, _SAMPLE_TARGET)
            if read.image is not None:
                look.add([np.asarray(read.image)], [read.size])
        if len(look.sizes) != 1:
            # the median of all sizes needs all of them, but no more than the start of each file
            look.sizes = {}
            for place in self._places:
                if size := picture_size(self._files, place.name):
                    look.sizes[size] = look.sizes.get(size, 0) + 1
        return look

    def pieces(self, target: int) -> Iterator[Piece]:
        places = {place.name: place for place in self._places}
        for together in read_all(self._files, places, target):
            own = [places[name] for name in together.names]
            parts: list[Part] = list(dict.fromkeys(place.part for place in own))
            skipped = together.skipped
            for part in parts or [""]:
                kept = [number for number, place in enumerate(own) if place.part == part]
                yield Piece(
                    _some(together.images, kept),
                    [own[number].label for number in kept],
                    part,
                    [own[number].group for number in kept] if self._grouped else (),
                    skipped,
                    [together.sizes[number] for number in kept],
                )
                skipped = ()


def _some(images: Images, kept: Sequence[int]) -> Images:
    if len(kept) == len(images):
        return images
    return images[list(kept)] if isinstance(images, np.ndarray) else [images[number] for number in kept]


class ImageFolders(PictureSource):
    """Images whose folder names their class: `cat/1.png`, `train/cat/1.png`, or `cat/by-anna/1.png` with a group."""

    kind = "folders"
    classes: int
    """How many folders name a class."""

    def __init__(self, files: Files) -> None:
        """Raises UnreadableData where no folder names a class."""
        pictures = [name for name in files.names if is_picture(name)]
        found, outside = _places(pictures)
        if pictures and not found:
            raise UnreadableData("data_add.no_folders")
        self.classes = len({place.label for place in found})
        notes = (Message("data_add.outside", count=outside),) if outside else ()
        super().__init__(files, found, notes)


def _places(names: list[str]) -> tuple[list[Place], int]:
    """The place of each image, and how many lie in no class's folder."""
    split = [name.split("/") for name in names]
    start = 0
    # folders around everything mean nothing, as most ZIPs have one, unless they name a part
    while len(tops := {folders[start] for folders in split if len(folders) > start + 1}) == 1:
        deeper = any(len(folders) > start + 2 for folders in split)
        if not deeper or next(iter(tops)).lower() in PART_WORDS:
            break
        start += 1
    parted = bool(tops) and {top.lower() for top in tops} <= PART_WORDS.keys()
    found = []
    for name, folders in zip(names, split, strict=True):
        part: Part = PART_WORDS[folders[start].lower()] if parted and len(folders) > start + 1 else ""
        inner = folders[start + parted : -1]
        if inner:
            found.append(Place(name, inner[0], part, "/".join(inner[1:])))
    return found, len(names) - len(found)
