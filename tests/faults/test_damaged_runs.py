"""A run with damaged files: every reader returns what is readable or raises an error of one sentence."""

import contextlib
import json
import shutil
import time
from datetime import timedelta
from functools import partial
from pathlib import PurePath

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.bundle.write import bundle
from core.charts.learning_curves import LearningCurves
from core.config.presets import printed_history
from core.data import datasets
from core.errors import DigitLabError
from core.explain.lessons.batches import measured_speeds
from core.explain.projection import DIGITS, read_points, write_points
from core.export.csv import metrics_csv
from core.export.keras_files import architecture_and_weights, keras_model
from core.export.report.document import html_report
from core.inference.classifier import load
from core.inference.familiarity import Familiarity
from core.queue.queue import Queue
from core.runs.curves import CurveReader, best_epoch
from core.runs.disk import size_of
from core.runs.first_updates import read_steps
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.listing import ListCache, groups, run_rows
from core.runs.predictions import predicted_epochs, read_answers, read_course, read_history
from core.runs.store import SHIPPED_DIR, RunStore
from core.runs.weight_arrays import weights_by_layer
from core.runs.weights import weighted_epochs
from core.server.limits import Settings
from core.server.retention import surplus
from tests.bundled import npz_with_header
from tests.faults.evidence import highest_memory

pytest.importorskip("resource", reason="only Unix measures memory this way")

EPOCH = 20
KEPT = (0, 8, EPOCH)
TEXTS = ("run.json", "status.json", "label.json", "terms.json", "architecture.json")
TABLES = ("epochs.csv", "batches.csv")
ARRAYS = (
    *("labels.npz", "steps.npz", "familiarity.npz"),
    *("predictions/epoch-0020.npz", "projections/epoch-0020.npz", "predictions/epoch-0000.npz"),
)
WEIGHTS = ("checkpoints/epoch-0020.weights.h5",)
NETWORK = ("network.tflite",)
LONGEST = timedelta(seconds=60)
"""For all readers together, on a machine that also trains."""
FUZZ = settings(
    deadline=LONGEST, max_examples=settings.default.max_examples // 8, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A finished run with every kind of file."""
    folder = RunFolder(tmp_path_factory.mktemp("runs") / "20260101-000000-cnn-16-36-abcdef")
    shutil.copytree(SHIPPED_DIR / "cnn-16-36-5k", folder.path)
    for path in (*folder.path.glob("checkpoints/*"), *folder.path.glob("predictions/*")):
        if int(path.name[6:10]) not in KEPT:
            path.unlink()
    shutil.copy(SHIPPED_DIR / "handwriting" / "familiarity.npz", folder.path)
    (folder.path / "label.json").write_text('{"name": "mine", "note": "a note", "pinned": false}')
    (folder.path / "terms.json").write_text('{"visitor": "a", "seconds": 900.0, "timed_out": false}')
    write_points(folder, EPOCH, datasets.load("mnist-5k"), np.zeros((min(DIGITS, 1000), 2), np.float32))
    return folder


@contextlib.contextmanager
def damaged(folder, name, content):
    """The run with one file's content replaced, or with a folder in its place if `content` is None."""
    path = folder.path / name
    whole = path.read_bytes()
    path.unlink()
    try:
        if content is None:
            path.mkdir()
        else:
            path.write_bytes(content)
        yield
    finally:
        if path.is_dir():
            path.rmdir()
        path.write_bytes(whole)


def read_all(folder):
    """Call every reader that pages use; returns the sentences of their errors. Other exceptions fail the test."""
    store = RunStore(folder.path.parent, folder.path.parent / "none")
    entries = store.entries()
    assert [entry.id for entry in entries] == [folder.id]
    assert entries[0].name
    groups(run_rows(entries, ListCache()))
    measured_speeds(store.runs())
    Queue(store).look()
    surplus(entries, Settings(keep_runs=1, keep_gigabytes=1))
    size_of(folder.path)
    folder.label()
    folder.terms()
    rows = CurveReader(folder.epochs_csv, EPOCH_COLUMNS).read()
    best_epoch(rows)
    CurveReader(folder.batches_csv, BATCH_COLUMNS).read()
    found = (predicted_epochs(folder), weighted_epochs(folder))
    assert found == (KEPT, KEPT)
    readers = [folder.manifest, folder.status, partial(metrics_csv, folder), partial(keras_model, folder, EPOCH)]
    readers += [partial(architecture_and_weights, folder, EPOCH), partial(read_steps, folder)]
    readers += [partial(Familiarity.load, folder), partial(bundle, folder), partial(load, folder)]
    readers += [partial(read_points, folder, EPOCH, datasets.load("mnist-5k"))]
    with contextlib.suppress(DigitLabError):
        readers += of_config(folder, folder.manifest().config)
    sentences = []
    for read in readers:
        try:
            read()
        except DigitLabError as error:
            sentences.append(str(error))
    assert all(sentence and "\n" not in sentence and len(sentence) < 400 for sentence in sentences)
    return sentences


def of_config(folder, config):
    """The readers that need the run's config."""
    LearningCurves(folder, config.updates_per_epoch, printed_history(config)).read()
    table = config.layer_table
    yield partial(weights_by_layer, folder.weights(EPOCH), table)
    for part in ("test", "validation"):
        yield partial(read_answers, folder, config, EPOCH, part)
        yield partial(read_history, folder, config, KEPT, part)
        yield partial(read_course, folder, config, KEPT, part)
    yield lambda: html_report(
        folder, folder.manifest(), folder.status(), read_answers(folder, config, EPOCH, "test"), None, EPOCH
    )


@pytest.mark.parametrize("name", [*TEXTS, *TABLES, *ARRAYS, *WEIGHTS, *NETWORK])
def test_an_empty_file_zeros_or_a_folder_are_read_or_reported(run, name):
    for content in (b"", bytes(1000), None):
        with damaged(run, name, content):
            read_all(run)


@st.composite
def damages(draw, names):
    """A file and a damage: some bytes changed, a part lost, overwritten or inserted."""
    name = draw(st.sampled_from(names))
    kind = draw(st.sampled_from(["bytes", "end", "hole", "zeros", "more"]))
    # headers can break in more ways than the data after them
    place = st.floats(0, 1) | st.floats(0, 0.05)
    places = draw(st.lists(st.tuples(place, st.integers(0, 255)), min_size=1, max_size=12))
    return name, kind, places


def spoil(content, kind, places):
    changed = bytearray(content)
    first = int(places[0][0] * (len(content) - 1))
    match kind:
        case "bytes":
            for share, value in places:
                changed[int(share * (len(content) - 1))] = value
        case "end":
            del changed[first:]
        case "hole":
            del changed[first : first + 1 + places[0][1]]
        case "zeros":
            changed[first : first + 4096] = bytes(len(changed[first : first + 4096]))
        case "more":
            changed[first:first] = bytes(value for _, value in places)
    return bytes(changed)


@pytest.mark.parametrize("names", [TEXTS, TABLES, ARRAYS, WEIGHTS], ids=["texts", "tables", "arrays", "weights"])
def test_any_damaged_file_is_read_or_reported(run, names):
    @FUZZ
    @given(damages(names))
    def check(damage):
        name, kind, places = damage
        with damaged(run, name, spoil((run.path / name).read_bytes(), kind, places)):
            read_all(run)

    check()


VALUES = st.recursive(
    st.sampled_from([None, True, -1, 0, 10**400, 1e308, float("nan"), float("inf"), "", "x" * 10_000, "\ud800", "<b>"])
    | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@FUZZ
@given(st.data())
def test_any_value_in_a_json_file_is_read_or_reported(run, data):
    name = data.draw(st.sampled_from(TEXTS))
    values = json.loads((run.path / name).read_text(encoding="utf-8"))
    inner, key = values, data.draw(st.sampled_from(list(values)))
    while isinstance(inner[key], dict | list) and inner[key] and data.draw(st.booleans()):
        inner = inner[key]
        key = data.draw(st.sampled_from(list(inner) if isinstance(inner, dict) else range(len(inner))))
    inner[key] = data.draw(VALUES)
    with damaged(run, name, json.dumps(values).encode()):
        read_all(run)


CELLS = st.sampled_from(["nan", "inf", "-inf", "1e308", "-1", "", "x", "99999999999", "٣", "1_0", "0x1", " 2"])


@FUZZ
@given(st.data())
def test_any_value_in_a_table_is_read_or_reported(run, data):
    name = data.draw(st.sampled_from(TABLES))
    lines = [line.split(",") for line in (run.path / name).read_text(encoding="utf-8").splitlines()]
    for _ in range(data.draw(st.integers(1, 5))):
        line = data.draw(st.sampled_from(lines))
        line[data.draw(st.integers(0, len(line) - 1))] = data.draw(CELLS | st.floats().map(str) | st.text(max_size=5))
    with damaged(run, name, "\n".join(",".join(line) for line in lines).encode("utf-8", "replace") + b"\n"):
        read_all(run)


def claiming(shape, kind="<f2"):
    """A small .npz whose arrays claim to have this shape."""
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    names = ("test", "validation", "loss", "first", "tsne", "epoch", "layers", "threshold")
    return npz_with_header(header, bytes(100), names)


def weights_claiming(tmp_path):
    """A small HDF5 file whose array claims to have a terabyte."""
    path = tmp_path / "weights.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("layers/conv2d/vars/0", (10**6, 250_000), "f4", chunks=(1000, 1000))
    return path.read_bytes()


def test_a_false_size_in_a_damaged_file_is_not_trusted(run, tmp_path):
    large = b"[" * 1_000_000
    cases = [(name, claiming((10**9, 10))) for name in ARRAYS] + [(name, large) for name in TEXTS]
    cases += [(name, claiming((2**40,), "|u1")) for name in ARRAYS]
    cases += [(WEIGHTS[0], weights_claiming(tmp_path)), ("epochs.csv", b"1" * 5_000_000)]
    # first without damage, so that memory for modules and caches does not count
    read_all(run)
    for name, content in cases:
        with damaged(run, name, content):
            before, began = highest_memory(), time.monotonic()
            read_all(run)
            assert time.monotonic() - began < LONGEST.total_seconds(), name
            assert highest_memory() - before < 150_000_000, name


@pytest.mark.parametrize("name", [*TEXTS[:2], "labels.npz", *ARRAYS[3:4], *WEIGHTS])
def test_the_error_names_the_damaged_file(run, name):
    with damaged(run, name, b"\x00\x01"):
        sentences = read_all(run)
    assert any(PurePath(name).name in sentence for sentence in sentences)
    assert read_all(run) == []
