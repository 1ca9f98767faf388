"""CSV files: a label with pixels, or a file with a label; with a header or without."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.readers.recognize import open_source
from core.data.readers.source import UnreadableData
from tests.core.data.readers.conftest import png, zipped


@pytest.fixture
def nine():
    random = np.random.default_rng(4)
    return random.integers(0, 256, (9, 8, 8)), np.arange(9) % 3


def rows(images, labels, *, last=False, separator=","):
    pixels = [separator.join(map(str, image.ravel())) for image in images]
    pairs = zip(labels, pixels, strict=True)
    return [f"{each}{separator}{label}" if last else f"{label}{separator}{each}" for label, each in pairs]


def header(separator=","):
    return separator.join(["label", *(f"pixel{number}" for number in range(64))])


def write(path, lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_label_with_pixels_is_found_with_and_without_header_and_at_either_end(nine, read, tmp_path):
    images, labels = nine
    images[:, 0, 0] = images[:, -1, -1] = 0
    # sorted by class, as some are: the first rows do not show which column varies
    images, labels = np.repeat(images, 30, axis=0), np.repeat(np.sort(labels), 30)
    tables = [
        [header(), *rows(images, labels)],
        rows(images, labels),
        rows(images, labels, last=True),
        [header(";"), *rows(images, labels, separator=";")],
        [header("\t"), *rows(images, labels, separator="\t")],
    ]
    for number, lines in enumerate(tables):
        found = read(write(tmp_path / f"{number}.csv", lines))
        assert found["kind"] == "pixel_table"
        assert np.array_equal(np.stack(found["images"]), images), number
        assert found["labels"] == labels.tolist()


def test_color_names_groups_and_fractions_are_read(read, tmp_path):
    images = np.random.default_rng(5).random((6, 8, 8, 3)).round(3)
    heads = [f"p{number}" for number in range(192)]
    lines = [",".join([*heads, "label", "writer", "Usage"])]
    ends = [f"{'ab'[n % 2]},w{n // 2},{'Training' if n < 4 else 'test'}" for n in range(6)]
    lines += [f"{','.join(map(str, image.ravel()))},{end}" for image, end in zip(images, ends, strict=True)]
    found = read(write(tmp_path / "a.csv", lines))
    assert np.allclose(np.stack(found["images"]), images)
    assert found["labels"] == list("ababab")
    assert found["groups"] == ["w0", "w0", "w1", "w1", "w2", "w2"]
    assert found["parts"] == ["train"] * 4 + ["test"] * 2


def test_kaggles_tables_with_parts_by_name_and_one_without_labels(nine, read, tmp_path):
    images, labels = nine
    train = write(tmp_path / "fashion-mnist_train.csv", [header(), *rows(images[:6], labels[:6])])
    test = write(tmp_path / "fashion-mnist_test.csv", [header(), *rows(images[6:], labels[6:])])
    for paths in (
        [train, test],
        [zipped({path.name: path.read_bytes() for path in (train, test)}, tmp_path / "a.zip")],
    ):
        found = read(*paths)
        assert sorted(zip(found["parts"], found["labels"], strict=True)) == sorted(
            [("train", label) for label in labels[:6].tolist()] + [("test", label) for label in labels[6:].tolist()]
        )
    plain = [",".join(map(str, image.ravel())) for image in images]
    unlabeled = write(tmp_path / "test.csv", [header().removeprefix("label,"), *plain])
    found = read(train, unlabeled)
    assert found["labels"] == labels[:6].tolist()
    assert found["notes"] == ["Left out because it has no labels: test.csv."]


def test_a_table_gives_files_their_label_part_and_group(read, tmp_path):
    for number in range(4):
        (tmp_path / f"img-{number}.png").write_bytes(png(np.full((8, 8), number, np.uint8)))
    with_head = [
        "filename,label,split,patient",
        *(f"img-{n}.png,{'xy'[n % 2]},{'train' if n < 3 else 'test'},p{n // 2}" for n in range(4)),
    ]
    plain = [f"img-{n},{'xy'[n % 2]}" for n in range(4)]
    for lines in (with_head, [*with_head, "gone.png,x,train,p9"], plain):
        found = read(write(tmp_path / "labels.csv", lines))
        assert found["kind"] == "file_table"
        assert [int(image[0, 0]) for image in found["images"]] == [0, 1, 2, 3]
        assert found["labels"] == ["x", "y", "x", "y"]
        if lines is not plain:
            assert found["parts"] == ["train", "train", "train", "test"]
            assert found["groups"] == ["p0", "p0", "p1", "p1"]
    pictures = {f"images/img-{n}.png": (tmp_path / f"img-{n}.png").read_bytes() for n in range(4)}
    together = zipped({**pictures, "labels.csv": "\n".join(plain)}, tmp_path / "together.zip")
    apart = zipped(pictures, tmp_path / "apart.zip")
    for paths in ([together], [apart, write(tmp_path / "labels.csv", plain)]):
        assert read(*paths)["labels"] == ["x", "y", "x", "y"]
        (tmp_path / "work").rename(tmp_path / f"work-{len(paths)}")


def test_no_row_can_name_a_file_outside(read, tmp_path):
    (tmp_path / "secret.png").write_bytes(png(np.zeros((8, 8), np.uint8)))
    (tmp_path / "f").mkdir()
    write(tmp_path / "f/labels.csv", ["file,label", "../secret.png,a", f"{tmp_path}/secret.png,b"])
    (tmp_path / "f/1.png").write_bytes(png(np.zeros((8, 8), np.uint8)))
    with pytest.raises(UnreadableData, match=r"No row of labels\.csv names an image file"):
        read(tmp_path / "f/labels.csv")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"1," * 10_000_000 + b"1\n", "longer than any image"),
        (b"\x89PNG\0\0\0", "not a text file"),
        (b"one column\n1\n2\n", "not a table"),
        (b"", "not a table"),
        (header().encode() + b"\n" + b"1," * 64 + b"x\n", "not numbers"),
        (header().encode() + b"\n" + b"1," * 64 + b"1\n" + b"1," * 90 + b"1\n", "cannot be read as a table"),
        (b"a," * 70 + b"label\n" + b"1," * 70 + b"1\n", "not a label and the pixels"),
        (header().removeprefix("label,").encode() + b"\n" + b"1," * 63 + b"1\n", "name it label"),
    ],
)
def test_an_unusable_table_is_reported_in_one_sentence(content, sentence, read, tmp_path):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(UnreadableData, match=sentence):
        read(tmp_path / "a.csv")


# each example starts a parser of its own
@settings(max_examples=settings.default.max_examples // 4)
@given(text=st.text(max_size=300), pixels=st.booleans())
def test_any_text_is_read_or_refused_in_words(text, pixels, tmp_path_factory):
    folder = tmp_path_factory.mktemp("table")
    (folder / "a.csv").write_text((header() + "\n" if pixels else "") + text, encoding="utf-8", errors="replace")
    (folder / "1.png").write_bytes(png(np.zeros((8, 8), np.uint8)))
    (folder / "work").mkdir()
    try:
        with open_source([folder / "a.csv"], folder / "work") as source:
            source.look()
            for piece in source.pieces(64):
                assert len(piece.images) == len(piece.labels)
    except UnreadableData as error:
        assert str(error)
