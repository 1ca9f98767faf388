"""A CSV file that gives each image file its label, and if it wants a part and a group, beside the files."""

import csv
from collections.abc import Iterator, Sequence

from core.data.readers.files import Files
from core.data.readers.image_folders import PART_WORDS, PictureSource, Place
from core.data.readers.pictures import is_picture
from core.data.readers.source import MOST_IMAGES, Part, UnreadableData
from core.data.readers.tables import FILE_WORDS, GROUP_WORDS, LABEL_WORDS, PART_COLUMNS, Table, part_of
from core.text import Message


class FileTables(PictureSource):
    """Images whose labels are in tables: `file,label`, with other heads, or without any."""

    kind = "file_table"

    def __init__(self, files: Files, tables: Sequence[Table]) -> None:
        """Raises UnreadableData where no row names a file that is there."""
        pictures = _Pictures(files.names)
        places, missing = dict[str, Place](), 0
        for table in tables:
            part: Part = part_of(table.path.name) if len(tables) > 1 else ""
            for written, place in _rows(table, pictures, part):
                if not written:
                    missing += 1
                    continue
                places[written] = place
                if len(places) > MOST_IMAGES:
                    raise UnreadableData("data_add.many_images", limit=MOST_IMAGES)
        if not places:
            raise UnreadableData("data_add.no_files_named", name=tables[0].path.name)
        notes = (Message("data_add.missing_files", count=missing),) if missing else ()
        super().__init__(files, list(places.values()), notes)


class _Pictures:
    """Finds an image by its path, its name, or its name without the ending."""

    def __init__(self, names: Sequence[str]) -> None:
        self._found = dict[str, str]()
        for name in filter(is_picture, names):
            base = name.rpartition("/")[2]
            for key in (name, base, base.rpartition(".")[0]):
                self._found.setdefault(key, name)

    def find(self, written: str) -> str:
        """The file's name, or an empty string; nothing outside of the listed files can be named."""
        clean = written.strip().replace("\\", "/").removeprefix("./")
        base = clean.rpartition("/")[2]
        return self._found.get(clean) or self._found.get(base, "")


def _rows(table: Table, pictures: _Pictures, part: Part) -> Iterator[tuple[str, Place]]:
    file, label = table.column(FILE_WORDS), table.column(LABEL_WORDS)
    if file is None:
        # without a header, the column whose entries are files
        columns = range(table.columns)
        file = max(columns, key=lambda c: sum(bool(pictures.find(row[c])) for row in table.rows if len(row) > c))
    if label is None:
        label = next((column for column in range(table.columns) if column != file), 0)
    parts, group = table.column(PART_COLUMNS), table.column(GROUP_WORDS)
    try:
        with table.path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened, delimiter=table.separator)
            if table.header:
                next(reader)
            for row in reader:
                if len(row) <= max(file, label):
                    if row:
                        yield "", Place("", "")
                    continue
                name = pictures.find(row[file])
                own = (
                    PART_WORDS.get(row[parts].strip().lower(), part) if parts is not None and parts < len(row) else part
                )
                belongs = row[group].strip() if group is not None and group < len(row) else ""
                yield name, Place(name, row[label].strip(), own, belongs)
    except (csv.Error, UnicodeDecodeError, OSError) as error:
        raise UnreadableData("data_add.bad_rows", name=table.path.name, reason=str(error)[:120]) from None
