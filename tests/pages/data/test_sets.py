"""Adding a data set on the page: upload, what was found, use or discard; then changing and deleting it."""

import io
import re
import time
import zipfile
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from core.config.datasets import describe, known_names
from core.data.datasets import load
from core.data.store import AddedDataset
from tests.brought import bring
from tests.pages.actions import complete
from tests.pages.shown import component, keys, opened, sentences, sheet, tables, texts, widget


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def pets():
    """A ZIP of two classes with a repeat, an empty image and a text that is called an image."""
    random, content = np.random.default_rng(1), io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(40):
            picture = io.BytesIO()
            image = np.kron(random.integers(0, 256, (5, 4, 3)), np.ones((4, 4, 1))).astype(np.uint8)
            Image.fromarray(image).save(picture, "PNG")
            archive.writestr(f"{'cat' if number % 2 else 'dog'}/{number}.png", picture.getvalue())
        archive.writestr("cat/again.png", picture.getvalue())
        archive.writestr("cat/note.png", b"text")
    return content.getvalue()


def uploaded(test, name, content):
    """Send a file and wait until it was read."""
    test.file_uploader[0].set_value((name, content, "application/octet-stream")).run()
    deadline = time.monotonic() + 60
    while any((button.key or "") == "data_add.cancel" for button in test.button):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        test.run()
    return test


def test_digits_of_a_listed_set_are_ink_on_paper_on_a_light_page(app):
    load("mnist-5k")
    test = app("data", aspect="sets")
    strips = [
        found[1]
        for block in test.get("html")
        if (found := re.search('src="data:image/png;base64,([^"]+)', block.proto.body))
    ]
    assert strips
    assert all(np.asarray(Image.open(io.BytesIO(b64decode(strip))))[0, 0] == 255 for strip in strips)


def test_a_zip_is_read_shown_with_what_was_found_and_used(app):
    test = uploaded(app("data", aspect="sets"), "my_pets.zip", pets())
    shown = texts(test)
    assert "2 classes" in shown
    assert "20 × 16 pixels in color" in shown
    assert "1 file is not a readable image and was skipped" in shown
    assert "repeats another training image" in shown or "is also a training image" in shown
    assert tables(test)[0][1][0] == "cat"
    assert len(sheet(test, "data_add.images")) == 18
    assert known_names() == ["mnist", "mnist-5k", "handwriting"]
    test.text_input(key="data_add.licence").set_value("CC0")
    test.text_input(key="data_add.title").set_value("My pets!").run()
    test.button(key="data_add.use").click().run()
    assert describe("my-pets").classes == ("cat", "dog")
    assert AddedDataset.named("my-pets").about().licence == "CC0"
    assert test.query_params["dataset"] == "my-pets"
    assert "My pets\\! is ready" in test.success[0].value
    assert set(load("my-pets").train_labels[sheet(complete(test), "data.sheet")]) == {0, 1}


def test_unreadable_files_are_reported_and_others_can_follow(app, folder):
    test = uploaded(app("data", aspect="sets"), "broken.zip", b"PK no zip")
    assert sentences(test) == ["The file is not a complete ZIP."]
    test = uploaded(test, "pets.zip", pets())
    assert not sentences(test)
    test.button(key="data_add.discard").click().run()
    assert "data_add.use" not in keys(test)
    assert list((folder / ".drafts").iterdir()) == []


def test_the_same_files_are_read_again_with_another_size(app):
    test = uploaded(app("data", aspect="sets"), "pets.zip", pets())
    test.selectbox(key="data_add.size").set_value(24)
    test.selectbox(key="data_add.channels").set_value(1).run()
    test.button(key="data_add.again").click().run()
    deadline = time.monotonic() + 60
    while "24 × 24 pixels in gray" not in texts(test):
        assert time.monotonic() < deadline
        test.run()


@pytest.mark.parametrize(
    "brought",
    [{"shape": (12, 10, 3)}, {"shape": (8, 8, 1), "classes": tuple(f"class {n}" for n in range(62)), "training": 300}],
    ids=["colors", "62 classes"],
)
def test_every_aspect_shows_a_data_set_of_another_shape_and_its_classes(brought, app, folder):
    description = bring(folder, "mine", **brought)
    for aspect in ("digits", "one", "typical", "split"):
        test = complete(app("data", dataset="mine", aspect=aspect))
        assert not sentences(test)
        assert widget(test, "button_group", "view.aspect").value == aspect
    assert test.code[0].value == description.digest
    assert "augmentation" not in widget(test, "button_group", "view.aspect").options
    test = complete(app("data", dataset="mine", aspect="typical", true=1))
    assert opened(test, "data.means") == 1
    assert component(test, "data.nearest")["as_is"]


def test_a_set_is_renamed_and_deleted_after_its_runs_were_named(app, folder, make_run):
    from core.config.run import RunConfig

    bring(folder, "mine", shape=(28, 28, 1))
    make_run("finished", config=RunConfig(dataset="mine", validation="last-20"))
    test = app("data", aspect="sets")
    test.button(key="data_set.change.mine").click().run()
    test.text_input(key="data_set.title.mine").set_value("Better")
    test.button(key="data_set.save.mine").click().run()
    assert "Better" in texts(test)
    test.button(key="data_set.delete.mine").click().run()
    assert "One run was trained on it" in texts(test)
    test.button(key="data_set.mine.delete_now").click().run()
    assert not (folder / "mine").exists()
    assert test.button(key="data_sets.undo").label == "Undo deletion of Better"
    test.button(key="data_sets.undo").click().run()
    assert AddedDataset.named("mine").about().title == "Better"
    assert "data_sets.undo" not in keys(test)


def test_a_stranger_sees_no_private_set_names_no_path_and_cannot_change_others(app, folder, monkeypatch):
    bring(folder, "everyones")
    bring(folder, "annas")
    about = folder / "annas/about.json"
    about.write_text(about.read_text().replace('"owner": null', f'"owner": "{"a" * 64}"'))
    monkeypatch.setenv("DIGIT_LAB_PUBLIC", "on")
    test = app("data", aspect="sets")
    assert "everyones" in texts(test)
    assert "annas" not in texts(test)
    assert not [box for box in test.text_input if "path" in box.key]
    assert not [key for key in keys(test) if key and key.startswith(("data_set.delete", "data_set.download"))]
    (sentence,) = sentences(app("data", dataset="annas"))
    assert sentence.startswith("The data set annas is not available")
