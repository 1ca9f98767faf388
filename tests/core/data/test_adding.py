"""From files to a data set: whole, checked, and nothing half-added when that fails."""

import json

import numpy as np
import pytest
from PIL import Image

from core.config.datasets import describe, known_names
from core.data.adding import Texts, add, add_known, build
from core.data.arrays import Arrays
from core.data.datasets import load, split, status
from core.data.form import Form, Wish
from core.data.importing import Choices
from core.data.known import KNOWN
from core.data.store import AddedDataset, added_sets
from core.errors import DataUnavailable, DigitLabError
from tests.core.data.readers.conftest import png, zipped


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def pictures(seed=1, count=30, side=(12, 10)):
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (count, *side), np.uint8), np.arange(count) % 3


def added(name, *paths, choices=None):
    return add(name, paths, choices or Choices(), Texts(title="Mine"), lambda *_: None)


def test_an_npz_with_parts_is_kept_pixel_for_pixel_and_can_be_split_and_read_by_name(tmp_path):
    images, labels = pictures()
    np.savez(tmp_path / "a.npz", x_train=images[:20], y_train=labels[:20], x_test=images[20:], y_test=labels[20:])
    about = added("mine", tmp_path / "a.npz")
    data = load("mine")
    assert np.array_equal(data.train_images, images[:20])
    assert np.array_equal(data.test_labels, labels[20:])
    assert data.description == about.description == describe("mine")
    assert about.description.digest == Arrays(*(getattr(data, name) for name in Arrays._fields)).digest()
    assert (about.description.shape, about.description.classes) == ((12, 10, 1), ("0", "1", "2"))
    assert status("mine").state == "ready"
    assert len(split(data, "last-20").validation_labels) == 4
    assert not data.train_images.flags.writeable


def test_colored_images_of_three_sizes_in_a_zip_are_made_equal_divided_and_told(tmp_path):
    random, files = np.random.default_rng(2), {}
    for number in range(45):
        size = [(20, 30), (40, 40), (50, 30)][number % 3]
        color = np.full((*size, 3), random.integers(0, 256, 3), np.uint8)
        color[::2] = random.integers(0, 256, (1, size[1], 3))
        files[f"{('red', 'green', 'blue')[number // 15]}/{number}.png"] = png(color)
    files["red/broken.png"] = b"text"
    about = added("colors", zipped(files, tmp_path / "a.zip"))
    assert about.description.shape == (30, 30, 3)
    assert about.description.classes == ("blue", "green", "red")
    assert (about.description.training, about.description.test) == (36, 9)
    told = [str(finding.message) for finding in about.findings]
    assert told[0] == "1 file is not a readable image and was skipped."
    assert "3 different sizes, from 20 × 30 to 40 × 40" in told[1]
    assert "36 for training, 9 for the test" in told[2]
    assert [skipped.name for skipped in about.skipped] == ["red/broken.png"]
    labels = np.bincount(load("colors").test_labels)
    assert labels.tolist() == [3, 3, 3]


def test_images_that_turn_out_otherwise_than_the_first_ones_are_read_again(tmp_path):
    # the sample that is looked at first has no color
    files = {f"{'ab'[n % 2]}/{n:03}.png": png(np.full((9, 9), n, np.uint8)) for n in range(250)}
    files["b/001.png"] = png(np.dstack([np.full((9, 9), n, np.uint8) for n in (255, 0, 0)]))
    assert added("late-color", zipped(files, tmp_path / "a.zip")).description.shape == (9, 9, 3)
    values = np.zeros((9_000, 64))
    values[-1] = 200.0
    np.savez(tmp_path / "b.npz", x=values, y=np.arange(9_000) % 2)
    added("late-values", tmp_path / "b.npz")
    data = load("late-values")
    assert max(data.train_images.max(), data.test_images.max()) == 200


def test_choices_of_size_channels_share_and_seed_are_followed(tmp_path):
    images, labels = pictures(count=60)
    np.savez(tmp_path / "a.npz", x=images, y=labels)
    about = added("one", tmp_path / "a.npz", choices=Choices(Wish((16, 20), "crop", 3), 0.5, 7))
    assert about.description.shape == (16, 20, 3)
    assert describe("one").mode == "crop"
    assert (about.description.training, about.description.test) == (30, 30)
    other = added("two", tmp_path / "a.npz", choices=Choices(Wish((16, 20), "crop", 3), 0.5, 8))
    assert other.description.digest != about.description.digest
    with pytest.raises(DigitLabError, match=r"from 0\.01 to 0\.9"):
        Choices(share=1.0)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\x93NUMPY", b"a,b\n1,2\n"])
def test_nothing_is_left_of_what_cannot_be_read(content, tmp_path, folder):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(DigitLabError):
        added("bad", tmp_path / "a")
    with pytest.raises(DigitLabError, match="cannot be read"):
        added("bad", tmp_path / "missing.zip")
    assert [path.name for path in folder.iterdir()] == ["bad.lock"]
    assert "bad" not in known_names()


def test_too_little_space_is_reported_with_what_is_needed(tmp_path):
    images, labels = pictures()
    np.savez(tmp_path / "a.npz", x=images, y=labels)
    with pytest.raises(DigitLabError, match="limit here is 0 MB"):
        added("big", tmp_path / "a.npz", choices=Choices(Wish((128, 128)), most_bytes=1_000))


def test_an_added_set_is_renamed_described_exported_and_deleted(tmp_path, folder):
    images, labels = pictures()
    np.savez(tmp_path / "a.npz", x=images, y=labels, class_names=np.array(["a", "b", "c"]))
    added("mine", tmp_path / "a.npz")
    mine = AddedDataset.named("mine")
    mine.describe(title="  My \n letters ", licence="CC BY 4.0", note="line\nline")
    about = mine.about()
    assert (about.title, about.licence, about.note) == ("My letters", "CC BY 4.0", "line\nline")
    assert str(load("mine").source) == "files that were added here"
    mine.describe(source="my desk")
    assert str(load("mine").source) == "my desk"
    with pytest.raises(TypeError):
        mine.describe(owner="me")
    mine.export(tmp_path / "out.npz")
    again = added("again", tmp_path / "out.npz")
    assert again.description == about.description
    before = load("mine")
    mine.delete()
    assert [each.name for each in added_sets()] == ["again"]
    assert status("mine").state == "failed"
    assert np.array_equal(before.test_images, load("again").test_images)
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    with pytest.raises(DigitLabError, match="no added data set mine"):
        mine.delete()


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "train_images.npy").write_bytes(b"\x93NUMPY"),
        lambda folder: (folder / "test_labels.npy").unlink(),
        lambda folder: (folder / "about.json").write_text("{"),
        lambda folder: (folder / "about.json").write_text('{"shape": [1, 1, 1]}'),
    ],
)
def test_a_damaged_set_is_unavailable_and_says_so(damage, tmp_path, folder):
    images, labels = pictures()
    np.savez(tmp_path / "a.npz", x=images, y=labels)
    added("mine", tmp_path / "a.npz")
    damage(folder / "mine")
    assert status("mine").state == "failed"
    with pytest.raises(DataUnavailable, match="damaged"):
        load("mine")


def test_a_picture_takes_the_form_of_the_sets_images_and_sets_of_earlier_versions_were_fitted(tmp_path, folder):
    images, labels = pictures(side=(24, 40))
    np.savez(tmp_path / "a.npz", x=images, y=labels)
    added("mine", tmp_path / "a.npz", choices=Choices(Wish((12, 12), "keep")))
    assert np.array_equal(Form.of(describe("mine")).apply([images[0]])[0], images[0, 6:18, 14:26])
    path = folder / "mine/about.json"
    values = json.loads(path.read_text())
    assert values.pop("mode") == "keep"
    path.write_text(json.dumps(values))
    assert AddedDataset.named("mine").about().description.mode == "fit"
    path.write_text(json.dumps(values | {"mode": ["stretch"]}))
    with pytest.raises(DigitLabError, match="damaged"):
        AddedDataset.named("mine").about()


def test_what_a_stranger_wrote_into_a_description_is_cut_and_never_believed(tmp_path, folder):
    images, labels = pictures()
    np.savez(tmp_path / "a.npz", x=images, y=labels)
    added("mine", tmp_path / "a.npz")
    path = folder / "mine/about.json"
    values = json.loads(path.read_text())
    values |= {"title": "x" * 9_999, "findings": [{"said": {"key": "no.such", "values": {}}}, 7], "skipped": [3]}
    path.write_text(json.dumps(values))
    with pytest.raises(DigitLabError, match="damaged"):
        AddedDataset.named("mine").about()
    path.write_text(json.dumps(values | {"skipped": []}))
    about = AddedDataset.named("mine").about()
    assert len(about.title) == 60
    assert about.findings == ()


def idx_files(folder, known, prefix="", *, share=1):
    """The four IDX files of a known data set, with zeros but for a mark at the top right of each image."""
    folder.mkdir()
    for part, count in (("train", known.training), ("test" if prefix else "t10k", known.test)):
        count //= share
        images = np.zeros((count, *known.shape[:2]), np.uint8)
        images[:, 0, -1] = np.arange(count) % 256
        if known.transposed:
            images = images.swapaxes(1, 2)
        labels = np.arange(count) % len(known.classes)
        for name, array in (
            (f"{prefix}{part}-images-idx3-ubyte", images),
            (f"{prefix}{part}-labels-idx1-ubyte", labels),
        ):
            sizes = np.array(array.shape, ">u4").tobytes()
            (folder / name).write_bytes(bytes((0, 0, 8, array.ndim)) + sizes + array.astype(np.uint8).tobytes())
    return folder


@pytest.mark.parametrize("name", ["fashion-mnist", "emnist-balanced"])
def test_a_known_set_is_added_from_files_of_its_format_with_its_names(name, tmp_path, monkeypatch):
    known = KNOWN[name]
    small = {"training": known.training // 100, "test": known.test // 100}
    monkeypatch.setitem(KNOWN, name, type(known)(**{f: getattr(known, f) for f in known.__slots__} | small))
    prefix = "emnist-balanced-" if known.transposed else ""
    files = idx_files(tmp_path / "files", known, prefix, share=100)
    about = add_known(name, [files], lambda *_: None)
    assert about.description.classes == known.classes
    assert (about.title, about.licence) == (known.title, known.licence)
    assert load(name).train_images[5, 0, -1] == 5
    with pytest.raises(DigitLabError, match=f"not {KNOWN['kmnist'].title}, which has 60,000 training"):
        add_known("kmnist", [files], lambda *_: None)
    assert [each.name for each in added_sets()] == [name]


def test_without_network_a_known_set_tells_which_files_to_bring(monkeypatch, server):
    mirror = server.mirror("/files.gz", lambda handler: handler.send_error(503), b"", "kmnist")
    known = KNOWN["kmnist"]
    changed = {f: getattr(known, f) for f in known.__slots__} | {"mirrors": (mirror,)}
    monkeypatch.setitem(KNOWN, "kmnist", type(known)(**changed))
    with pytest.raises(DataUnavailable, match=r"returns 503.*files\.gz.*core\.data kmnist --from"):
        add_known("kmnist", [], lambda *_: None)
    assert added_sets() == []


def test_cifars_binary_archive_is_read_and_its_pickled_one_is_not(tmp_path):
    import io
    import tarfile

    random = np.random.default_rng(3)
    rows = random.integers(0, 256, (60, 3073), np.uint8)
    rows[:, 0] = np.arange(60) % 10
    with tarfile.open(tmp_path / "cifar.tar.gz", "w:gz") as archive:
        for name, content in {
            "cifar-10-batches-bin/data_batch_1.bin": rows[:50].tobytes(),
            "cifar-10-batches-bin/test_batch.bin": rows[50:].tobytes(),
            "cifar-10-batches-bin/batches.meta.txt": "\n".join(KNOWN["cifar-10"].classes).encode(),
        }.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    about = added("ten", tmp_path / "cifar.tar.gz")
    assert about.description.classes == KNOWN["cifar-10"].classes
    assert np.array_equal(load("ten").train_images, rows[:50, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
    with tarfile.open(tmp_path / "python.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("cifar-10-batches-py/data_batch_1")
        entry.size = 3
        archive.addfile(entry, io.BytesIO(b"\x80\x02."))
    with pytest.raises(DigitLabError, match="No images"):
        added("pickled", tmp_path / "python.tar.gz")


def test_progress_goes_from_reading_to_checking(tmp_path):
    Image.fromarray(pictures()[0][0]).save(tmp_path / "x.png")
    images, labels = pictures()
    np.savez(tmp_path / "a.npz", x=images, y=labels)
    (tmp_path / "made").mkdir()
    stages = []
    build([tmp_path / "a.npz"], tmp_path / "made", Choices(), Texts(), lambda *stage: stages.append(stage))
    assert stages[0] == ("read", 1.0)
    assert stages[-1] == ("check", 1.0)
    assert [stage for stage, _ in stages] == sorted((stage for stage, _ in stages), reverse=True)
