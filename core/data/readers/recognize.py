"""Which reader reads what a person brought, judged by contents rather than by names."""

import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from core.data.readers.cifar import CifarSource
from core.data.readers.file_tables import FileTables
from core.data.readers.files import Files, FolderFiles, ZipFiles
from core.data.readers.idx import IdxSource, idx_header
from core.data.readers.image_folders import ImageFolders
from core.data.readers.npz import NpzSource
from core.data.readers.pictures import is_picture
from core.data.readers.pixel_tables import PixelTables
from core.data.readers.source import Source, UnreadableData
from core.data.readers.tables import Table, read_table

_TABLE_SUFFIXES = (".csv", ".tsv", ".txt")
_NAMED = 8
"""The most files that an error names."""
_MOST_TABLES, _MOST_ARRAYS = 20, 40
_MOST_UNPACKED = 8_000_000_000
"""Bytes of tables and arrays that are unpacked from a ZIP; its images are read in place."""


def open_source(paths: Sequence[Path], work: Path, *, wanted: str = "") -> Source:
    """The images at these paths; `work` is an empty folder for what must be unpacked.

    `wanted` begins the names of the files to use of a ZIP that holds several data sets. Raises UnreadableData for what
    cannot be read, OSError where a file is missing.
    """
    if len(paths) == 1:
        return _folder(paths[0]) if paths[0].is_dir() else _file(paths[0], work, wanted)
    if any(path.is_dir() for path in paths):
        raise UnreadableData("data_add.one_folder")
    arrays = [path for path in paths if idx_header(path)]
    if len(arrays) == len(paths):
        return IdxSource(arrays)
    archives = [path for path in paths if zipfile.is_zipfile(path)]
    tables = [read_table(path) for path in paths if path not in archives and path not in arrays]
    if not archives and not arrays and all(table.holds == "pixels" for table in tables):
        return PixelTables(tables)
    if len(archives) == 1 and not arrays and tables and all(table.holds == "files" for table in tables):
        return FileTables(ZipFiles(archives[0]), tables)
    raise UnreadableData("data_add.mixed_files", names=[path.name for path in paths[:_NAMED]])


def _file(path: Path, work: Path, only: str) -> Source:
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"PK":
        return _zip(path, work, only)
    if header := idx_header(path):
        # the labels, and the other part, lie beside it
        beside = [other for other in sorted(path.parent.iterdir()) if other.is_file() and _could_be_idx(other.name)]
        return IdxSource([other for other in beside[:_MOST_ARRAYS] if idx_header(other)] or [header.path])
    if path.name.endswith((".tar.gz", ".tgz", ".tar")) and tarfile.is_tarfile(path):
        return CifarSource(path)
    if start.startswith(b"\x93NUMPY"):
        raise UnreadableData("data_add.single_array", name=path.name)
    if is_picture(path.name):
        raise UnreadableData("data_add.single_picture", name=path.name)
    table = read_table(path)
    return PixelTables([table]) if table.holds == "pixels" else FileTables(FolderFiles(path.parent), [table])


def _zip(path: Path, work: Path, only: str) -> Source:
    files = ZipFiles(path)
    try:
        if any(name.endswith(".npy") and "/" not in name for name in files.names):
            files.close()
            return NpzSource(path)
        wanted = [name for name in files.names if _is_data(name) and name.rpartition("/")[2].startswith(only)]
        pictured = any(map(is_picture, files.names))
        if pictured:
            wanted = [name for name in wanted if name.lower().endswith(_TABLE_SUFFIXES)][:_MOST_TABLES]
        if sum(files.size(name) for name in wanted) > _MOST_UNPACKED:
            raise UnreadableData("data_add.zip_size", limit=_MOST_UNPACKED // 1_000_000_000)
        for number, name in enumerate(wanted[:_MOST_ARRAYS]):
            # in a folder of its own, since two may have one name
            folder = work / str(number)
            folder.mkdir()
            files.copy(name, folder / PurePosixPath(name).name)
        unpacked = [path for path in sorted(work.rglob("*")) if path.is_file()]
        if pictured:
            return _pictures(files, _tables(unpacked))
        files.close()
        return _data(unpacked)
    except BaseException:
        files.close()
        raise


def _folder(path: Path) -> Source:
    files = FolderFiles(path)
    others = [name for name in files.names if not is_picture(name)]
    wanted = [path / name for name in others if _is_data(name)][:_MOST_ARRAYS]
    if len(others) < len(files.names):
        return _pictures(files, _tables([path for path in wanted if path.suffix.lower() in _TABLE_SUFFIXES]))
    return _data(wanted)


def _pictures(files: Files, tables: list[Table]) -> Source:
    """Images by their folders; by tables where folders name no two classes."""
    named = [table for table in tables if table.holds == "files"]
    try:
        folders = ImageFolders(files)
    except UnreadableData:
        if named:
            return FileTables(files, named)
        raise
    return FileTables(files, named) if named and folders.classes < 2 else folders


def _data(paths: list[Path]) -> Source:
    """A folder without images: IDX files, tables with pixels, or one .npz."""
    if arrays := [path for path in paths if idx_header(path)]:
        return IdxSource(arrays)
    if tables := [table for table in _tables(paths) if table.holds == "pixels"]:
        return PixelTables(tables)
    archives = [path for path in paths if path.suffix.lower() == ".npz"]
    if len(archives) == 1:
        return NpzSource(archives[0])
    raise UnreadableData("data_add.no_images")


def _tables(paths: list[Path]) -> list[Table]:
    found = []
    for path in [path for path in paths if path.suffix.lower() in _TABLE_SUFFIXES][:_MOST_TABLES]:
        try:
            found.append(read_table(path))
        except UnreadableData:
            continue  # a readme, for instance
    return found


def _is_data(name: str) -> bool:
    return name.lower().endswith((*_TABLE_SUFFIXES, ".npz")) or _could_be_idx(name.rpartition("/")[2])


def _could_be_idx(name: str) -> bool:
    lower = name.lower().removesuffix(".gz")
    return "ubyte" in lower or ".idx" in lower or "idx" in lower.rpartition("-")[2]
