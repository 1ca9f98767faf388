"""Bundles of shipped runs, whole and tampered with."""

import io
import json
import shutil
import struct
import zipfile
from functools import cache, partial

import flatbuffers
import pytest
from ai_edge_litert import schema_py_generated as schema

from core.bundle.open import open_bundle
from core.bundle.write import bundle
from core.errors import DigitLabError
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR

SMALL = "mlp-512"


@cache
def bundled(name=SMALL):
    """The bundle of a shipped run."""
    return bundle(RunFolder(SHIPPED_DIR / name))


@cache
def files(name=SMALL):
    """The files in the bundle by name."""
    with zipfile.ZipFile(io.BytesIO(bundled(name))) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


def packed(contents, *, compression=zipfile.ZIP_STORED):
    """A zip of files, given as contents by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_files(changes, name=SMALL, **options):
    """The bundle with some files replaced or added; those that are None are left out."""
    contents = {**files(name), **changes}
    return packed({entry: content for entry, content in contents.items() if content is not None}, **options)


def npz_with_header(text, payload=b"", names=("test",)):
    """An .npz whose arrays all have this header and payload."""
    filled = text.encode() + b" " * (-(len(text) + 11) % 64) + b"\n"
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(filled)) + filled + payload
    return packed({f"{name}.npy": array for name in names})


def with_json(file, /, **changes):
    """The bundle with some values of a JSON file changed."""
    return with_files({file: json.dumps({**json.loads(files()[file]), **changes})})


def no_process(folder):
    """Replaces the processes that load weights and build the network, where a test does not need them."""


open_alone = partial(open_bundle, trial=no_process, build=no_process)


def opened(content, runs_dir, **options):
    """The folder of the run that these bytes became, without the two processes unless `options` has one."""
    return RunFolder(runs_dir / open_alone(io.BytesIO(content), runs_dir, **options).run_id)


def copy_network(name):
    """Replaces the process that builds the network by a copy of a shipped run's network."""

    def copy(folder):
        for file in ("network.tflite", "architecture.json"):
            shutil.copyfile(SHIPPED_DIR / name / file, folder.path / file)

    return copy


def crashing_network():
    """A network whose operators lack their inputs, so that LiteRT follows a null pointer."""
    content = (SHIPPED_DIR / SMALL / "network.tflite").read_bytes()
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    for operator in model.subgraphs[0].operators:
        operator.inputs = [-1] * len(operator.inputs)
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def refusal(content, runs_dir):
    """The sentence that refuses a file, after a check that nothing in or around the runs folder has changed."""
    before = set(runs_dir.parent.rglob("*"))
    with pytest.raises(DigitLabError) as refused:
        open_alone(io.BytesIO(content), runs_dir)
    assert set(runs_dir.parent.rglob("*")) == before
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert len(sentence) < 300
    return sentence
