"""A public server reveals nothing about its machine, even when things fail."""

import os
import platform
import re
import shutil

import pytest

from core.places import ROOT
from core.queue.permissions import digest_of, new_key
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.runs.terms import Terms
from tests.pages.conftest import PAGES
from tests.pages.shown import sent_texts, texts

TOKEN = "tk-93b1f5-never-shown"
HOST = "host-of-somebody"
KEY = new_key()
TRACEBACK = f"""Traceback (most recent call last):
  File "{ROOT}/core/training/fit.py", line 12, in fit
    raise OSError("{TOKEN}")
OSError: {TOKEN}
"""


each_page = pytest.mark.parametrize(
    "page",
    [page if page in ("train", "mistakes", "draw") else pytest.param(page, marks=pytest.mark.slow) for page in PAGES],
)


@pytest.fixture
def visit(app, monkeypatch, tmp_path):
    """Open a page of a public server whose environment holds a secret."""
    monkeypatch.setenv("DIGIT_LAB_PUBLIC", "on")
    monkeypatch.setenv("DIGIT_LAB_DRAWINGS", str(tmp_path / "drawings"))
    monkeypatch.setenv("CLOUD_TOKEN", TOKEN)
    monkeypatch.setattr(platform, "node", lambda: HOST)
    monkeypatch.setenv("HOME", str(tmp_path / "home of somebody"))

    def open_page(page, /, **parameters):
        test = app(page, **parameters)
        test.session_state["visitor.key"] = KEY
        return test.run()

    return open_page


def sent(test):
    return "\n".join(text for _, _, text in sent_texts(test))


def tells_nothing(test, tmp_path):
    told = sent(test)
    for secret in (TOKEN, str(tmp_path), str(ROOT), "home of somebody", HOST, "Traceback", digest_of(KEY)):
        assert secret not in told, told[max(0, told.find(secret) - 100) :][:300]
    assert not re.search(r"\b(pid|process) \d+", told)
    assert not re.search(rf"(?<![\d.]){os.getpid()}(?![\d.])", texts(test))
    return test


def whole(runs_dir):
    """A finished run of the visitor with every file."""
    folder = RunFolder(runs_dir / "20260101-000000-cnn-16-36-abcdef")
    shutil.copytree(SHIPPED_DIR / "cnn-16-36-5k", folder.path)
    folder.write_terms(Terms(digest_of(KEY)))
    folder.log.write_text(TRACEBACK)
    return folder


DAMAGED = (
    *("run.json", "status.json", "epochs.csv", "batches.csv", "labels.npz", "steps.npz", "architecture.json"),
    *("network.tflite", "predictions/epoch-0020.npz", "checkpoints/epoch-0020.weights.h5"),
)


@each_page
def test_a_damaged_run_reveals_nothing(visit, runs_dir, tmp_path, page, times):
    folder = whole(runs_dir)
    link = {"run": folder.id, "runs": folder.id, "model": folder.id, "source": "test", "epoch": "20", "lesson": "step"}
    tells_nothing(visit(page, **link), tmp_path)
    # the first two alone, since without them nothing else is shown
    for names in times([DAMAGED[:1], DAMAGED[1:2], DAMAGED[2:]], [[name] for name in DAMAGED]):
        paths = {folder.path / name: (folder.path / name).read_bytes() for name in names}
        for path in paths:
            path.write_bytes(b"\0")
        tells_nothing(visit(page, **link), tmp_path)
        for path, content in paths.items():
            path.write_bytes(content)
    # a folder in place of each file, run.json last
    for name in reversed(DAMAGED):
        (folder.path / name).unlink()
        (folder.path / name).mkdir()
    tells_nothing(visit(page, **link), tmp_path)


@each_page
def test_a_failed_runs_message_reveals_nothing(visit, make_run, tmp_path, page, times):
    words = f"[Errno 13] Permission denied: '{tmp_path}/runs/x.h5' on {ROOT}/core and C:\\Users\\me\\x, {tmp_path}"
    states = ("failed", "training", "interrupted", "stopped", "queued")
    for state in states if page in ("train", "runs") else times(states[:2], states):
        folder = make_run(state, errors={3: 10}, message=words)
        folder.log.write_text(TRACEBACK)
        folder.write_terms(Terms(digest_of(KEY)))
        tells_nothing(visit(page, run=folder.id, runs=folder.id), tmp_path)


@each_page
def test_missing_data_reveals_nothing(visit, without_mnist, settled, tmp_path, page):  # noqa: ARG001
    tells_nothing(settled(lambda: visit(page)), tmp_path)


@pytest.mark.parametrize("page", PAGES)
def test_unusable_folders_reveal_nothing(visit, runs_dir, tmp_path, page):
    runs_dir.parent.mkdir(exist_ok=True)
    runs_dir.write_text("no folder")
    (tmp_path / "drawings").write_text("no folder")
    test = tells_nothing(visit(page), tmp_path)
    if page == "train":
        test.button(key="train.start").click().run()
        tells_nothing(test, tmp_path)
        assert "runs" in " ".join(toast.value for toast in test.toast)


@pytest.mark.parametrize(("name", "wrong"), [("PUBLIC", "perhaps"), ("MOST_EPOCHS", f"/etc/{TOKEN}")])
def test_unreadable_settings_lock_everyone_out_and_reveal_nothing(app, monkeypatch, tmp_path, name, wrong):
    monkeypatch.setenv("CLOUD_TOKEN", TOKEN)
    monkeypatch.setenv("DIGIT_LAB_PUBLIC", "on")
    monkeypatch.setenv(f"DIGIT_LAB_{name}", wrong)
    for page in PAGES:
        test = app(page)
        assert not test.button
        assert name.lower() in texts(test).replace("\\", "")
        assert str(tmp_path) not in sent(test)
        assert str(ROOT) not in sent(test)
