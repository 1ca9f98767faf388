"""CSV files with a label and pixels in each row, as on Kaggle: Digit Recognizer, Fashion-MNIST, HMNIST."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.config.datasets import MOST_CLASSES
from core.data.readers.image_arrays import image_axes
from core.data.readers.image_folders import PART_WORDS
from core.data.readers.label_arrays import flat_labels
from core.data.readers.source import Look, Part, Piece, Source, UnreadableData, check_count, rows_per_piece
from core.data.readers.tables import GROUP_WORDS, LABEL_WORDS, PART_COLUMNS, Table, part_of
from core.text import Message


class _Columns(NamedTuple):
    """Which columns of a table are the label, the group, and pixels."""

    label: int
    group: int | None
    part: int | None
    pixels: list[int]


class PixelTables(Source):
    """Tables with square images, read in pieces; a table without labels, such as Kaggle's test.csv, is left out."""

    kind = "pixel_table"
    shuffled = False

    def __init__(self, tables: Sequence[Table]) -> None:
        """Raises UnreadableData."""
        self._tables = [(table, columns) for table in tables if (columns := _columns(table, alone=len(tables) == 1))]
        left_out = [table.path.name for table in tables if table not in [kept for kept, _ in self._tables]]
        if not self._tables:
            raise UnreadableData("data_add.no_label_column", name=tables[0].path.name)
        self.notes = tuple(Message("data_add.unlabeled", name=name) for name in left_out)
        for _, columns in self._tables:
            image_axes((1, len(columns.pixels)))
        self.count = sum(_rows(table) for table, _ in self._tables)
        check_count(self.count)

    def look(self) -> Look:
        look = Look()
        for table, columns in self._tables:
            for piece in self._read(table, columns, ""):
                look.add(piece.images)
                break
        return look

    def pieces(self, target: int) -> Iterator[Piece]:  # noqa: ARG002 rows are never reduced
        for table, columns in self._tables:
            part = part_of(table.path.name) if len(self._tables) > 1 else ""
            yield from self._read(table, columns, part)

    def _read(self, table: Table, columns: _Columns, part: Part) -> Iterator[Piece]:
        import pandas as pd

        each, order = image_axes((1, len(columns.pixels)))
        rows = max(100, rows_per_piece(8 * len(columns.pixels)))
        texts = [column for column in (columns.label, columns.group, columns.part) if column is not None]
        try:
            with pd.read_csv(  # type: ignore[call-overload] # its stubs know no columns by number
                table.path,
                sep=table.separator,
                header=0 if table.header else None,
                names=list(range(table.columns)),
                index_col=False,
                # pandas finds the type of each column of each piece: whole numbers are read faster than others
                dtype=dict.fromkeys(texts, str),
                keep_default_na=False,
                na_values={column: ["", "nan", "NaN"] for column in columns.pixels},
                chunksize=rows,
                encoding="utf-8-sig",
                on_bad_lines="error",
            ) as chunks:
                for chunk in chunks:
                    pixels = chunk[columns.pixels].to_numpy()
                    if pixels.dtype.kind not in "biuf":
                        raise UnreadableData("data_add.no_numbers", name=table.path.name)
                    images, labels = pixels.reshape(-1, *each).transpose(order), _labels(chunk[columns.label])
                    groups = None if columns.group is None else chunk[columns.group].fillna("").to_numpy(dtype=object)
                    parts = np.full(len(chunk), part, object)
                    if columns.part is not None:
                        words = chunk[columns.part].fillna("").str.strip().str.lower()
                        parts = words.map(PART_WORDS).fillna(part).to_numpy(dtype=object)
                    for own in dict.fromkeys(parts.tolist()):
                        mask = parts == own
                        yield Piece(images[mask], labels[mask], own, [] if groups is None else groups[mask].tolist())
        except UnreadableData:
            raise
        except Exception as error:  # the parser's own errors, and those of decoding
            raise UnreadableData("data_add.bad_rows", name=table.path.name, reason=str(error)[:120]) from None


def _labels(column: Any) -> NDArray[Any]:
    """Labels as numbers where all of them are numbers, else as names."""
    texts = column.fillna("").to_numpy(dtype=object)
    try:
        return flat_labels(np.array([float(text) if text.strip() else np.nan for text in texts]))
    except ValueError:
        return np.array([text.strip() for text in texts], dtype=str)


def _columns(table: Table, *, alone: bool) -> _Columns | None:
    """The columns by their heads; without a header, the label is the first or the last. None without labels."""
    group, part = table.column(GROUP_WORDS), table.column(PART_COLUMNS)
    label = table.column(LABEL_WORDS)
    others = [column for column in range(table.columns) if column not in (group, part)]
    number = table.column(("id", "image_id", "index"))
    if number in others and not any(_is_square(len(others) - labels) for labels in (0, 1)):
        others.remove(number)
    if label is None:
        if table.header and _is_square(len(others)):
            return None
        if not _is_square(len(others) - 1):
            if alone and not _is_square(len(others)):
                raise UnreadableData("data_add.not_square", name=table.path.name, columns=table.columns)
            return None
        label = _more_varied(table, others[0], others[-1])
    pixels = [column for column in others if column != label]
    if not _is_square(len(pixels)):
        raise UnreadableData("data_add.not_square", name=table.path.name, columns=table.columns)
    return _Columns(label, group, part, pixels)


def _more_varied(table: Table, first: int, last: int) -> int:
    """The column of labels, by the whole table: a corner of all images has one value in most of them."""
    import pandas as pd

    try:
        ends = pd.read_csv(table.path, sep=table.separator, header=None, usecols=[first, last], dtype=str)
    except Exception:  # the parser's own errors, which reading all of it will tell
        return first
    varied = {column: ends[column].nunique() for column in (first, last)}
    # what has more values than there may be classes is a pixel in the middle of the action
    return max((first, last), key=lambda column: 0 if varied[column] > MOST_CLASSES else varied[column])


def _is_square(pixels: int) -> bool:
    try:
        image_axes((1, pixels))
    except UnreadableData:
        return False
    return True


def _rows(table: Table) -> int:
    """Rows of data, by counting lines."""
    lines, last = 0, b"\n"
    with table.path.open("rb") as file:
        while block := file.read(1 << 20):
            lines += block.count(b"\n")
            last = block
    return max(1, lines + (not last.endswith(b"\n")) - bool(table.header))
