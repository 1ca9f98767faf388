"""Another process opens a stranger's weights and network first."""

import os
import shutil

import flatbuffers
import h5py
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from core.errors import UnreadableRun
from core.models.check_hdf5 import check_plain
from core.models.operators import check_growth, check_operators
from core.models.sandbox import try_out
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from tests.bundled import crashing_network

SHIPPED = SHIPPED_DIR / "mlp-512"
KERNEL = "layers/dense/vars/0"
SHAPE = (784, 512)
SECRET = np.arange(SHAPE[0] * SHAPE[1], dtype=np.float32)


@pytest.fixture
def run(tmp_path):
    """A run with the weights of two epochs and its network."""
    folder = RunFolder(tmp_path / "run")
    folder.weights(0).parent.mkdir(parents=True)
    for name in (
        "run.json",
        "network.tflite",
        "checkpoints/epoch-0000.weights.h5",
        "checkpoints/epoch-0001.weights.h5",
    ):
        shutil.copyfile(SHIPPED / name, folder.path / name)
    return folder


@pytest.fixture
def weights(run, tmp_path):
    """Changes the file of epoch 1 with h5py; `secret.h5` and `secret.bin` lie where an attacker knows them."""
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["numbers"] = SECRET.reshape(SHAPE)
    (tmp_path / "secret.bin").write_bytes(SECRET.tobytes())

    def change(act):
        with h5py.File(run.weights(1), "r+") as file:
            del file[KERNEL]
            act(file)
        return run

    return change


def changed(run, act):
    """The run's network file after `act` changed the objects of its schema."""
    path = run.path / "network.tflite"
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(path.read_bytes(), 0))
    act(model)
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    path.write_bytes(bytes(builder.Output()))
    return path


def test_an_unchanged_run_passes(run):
    try_out(run)


def test_a_run_without_a_network_file_passes(run):
    (run.path / "network.tflite").unlink()
    try_out(run)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x00\x00\x01TFL3",
        *(pytest.param(content, marks=pytest.mark.slow) for content in (b"TFL3", b"\x00" * 200, b"\xff" * 3_000)),
    ],
)
def test_a_file_that_is_not_a_network_is_refused_by_name(run, content):
    (run.path / "network.tflite").write_bytes(content)
    with pytest.raises(UnreadableRun, match=r"network\.tflite cannot be read"):
        try_out(run)


def test_the_network_of_another_run_is_refused(run):
    shutil.copyfile(SHIPPED_DIR / "cnn-16-36" / "network.tflite", run.path / "network.tflite")
    with pytest.raises(UnreadableRun, match=r"network\.tflite belongs to another network"):
        try_out(run)


def test_weights_of_another_network_are_refused(run):
    shutil.copyfile(SHIPPED_DIR / "cnn-16-36" / "checkpoints" / "epoch-0001.weights.h5", run.weights(1))
    with pytest.raises(UnreadableRun, match=r"epoch-0001\.weights\.h5 belongs to another network"):
        try_out(run)


@pytest.mark.parametrize("at", [0, 8, 40, 96])
def test_damaged_weights_are_refused_by_name(run, at):
    content = bytearray(run.weights(1).read_bytes())
    content[at : at + 60] = os.urandom(60)
    run.weights(1).write_bytes(content)
    with pytest.raises(UnreadableRun, match=r"epoch-0001\.weights\.h5 (cannot be|belongs|holds)"):
        try_out(run)


def test_a_network_that_crashes_litert_is_refused_by_name(run):
    (run.path / "network.tflite").write_bytes(crashing_network())
    # on a busy machine LiteRT may report what otherwise ends its process
    with pytest.raises(UnreadableRun, match=r"network\.tflite cannot be (loaded|read)"):
        try_out(run)


def test_a_timeout_is_reported(run):
    with pytest.raises(UnreadableRun, match="takes too long"):
        try_out(run, timeout=0.001)


def test_a_crash_ends_only_the_other_process(run, monkeypatch):
    # what a crash in a library looks like to the parent
    monkeypatch.setenv("PYTHONSTARTUP", "")
    monkeypatch.setattr("core.models.sandbox.sys.executable", "/bin/false")
    with pytest.raises(UnreadableRun, match="cannot be loaded"):
        try_out(run)


def test_an_array_larger_than_any_weights_is_refused(run):
    # a trillion numbers that take no space in the file
    with h5py.File(run.weights(1), "r+") as file:
        del file[KERNEL]
        file.create_dataset(KERNEL, (10**6, 10**6), np.float32, chunks=(1_000, 1_000), compression=9)
    with pytest.raises(UnreadableRun, match=r"epoch-0001\.weights\.h5 contains more than weights"):
        try_out(run)


def from_secret(room):
    layout = h5py.VirtualLayout(SHAPE, np.float32)
    layout[:] = h5py.VirtualSource(str(room / "secret.h5"), "numbers", SHAPE)
    return layout


LINKS = {
    "external link": lambda file, room: file.__setitem__(KERNEL, h5py.ExternalLink(str(room / "secret.h5"), "numbers")),
    "soft link": lambda file, _: file.__setitem__(KERNEL, h5py.SoftLink("/layers/dense_1/vars/0")),
    "virtual data set": lambda file, room: file.create_virtual_dataset(KERNEL, from_secret(room)),
    "external storage": lambda file, room: file.create_dataset(
        KERNEL, SHAPE, np.float32, external=[(str(room / "secret.bin"), 0, SECRET.nbytes)]
    ),
}


@pytest.mark.parametrize("kind", LINKS)
def test_weights_that_link_elsewhere_are_refused(weights, tmp_path, kind):
    run = weights(lambda file: LINKS[kind](file, tmp_path))
    if kind != "soft link":
        # HDF5 itself would follow
        with h5py.File(run.weights(1)) as file:
            np.testing.assert_array_equal(file[KERNEL][()].ravel(), SECRET)
    with pytest.raises(UnreadableRun, match=r"epoch-0001\.weights\.h5 contains more than weights"):
        try_out(run)


def another(file, act):
    file[KERNEL] = np.zeros(SHAPE, np.float32)
    act(file)


MORE = {
    "an array of texts": lambda file: file.__setitem__("more", ["a", "b"]),
    "a reference": lambda file: file.__setitem__("more", file["layers"].ref),
    "a named type": lambda file: file.__setitem__("more", np.dtype("f4")),
    "an attribute": lambda file: file.attrs.__setitem__("digit_lab", "x"),
    "a long name": lambda file: file["layers/dense/vars"].attrs.__setitem__("name", "x" * 5_000),
    "a reference as a name": lambda file: file["layers/dense/vars"].attrs.__setitem__("name", file["layers"].ref),
    "a circle": lambda file: file.__setitem__("layers/again", file["layers"]),
    "integers": lambda file: file.__setitem__("more", np.arange(4)),
    "a foreign filter": lambda file: file.create_dataset("more", data=np.zeros(9), scaleoffset=3),
    "too many": lambda file: [file.create_group(f"g{number}") for number in range(2_001)],
}


@pytest.mark.parametrize("kind", MORE)
def test_weights_with_anything_else_are_refused(weights, kind):
    run = weights(lambda file: another(file, MORE[kind]))
    with pytest.raises(UnreadableRun, match="contains more than weights"):
        check_plain(run.weights(1), 10**6)


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_compressed_weights_pass(weights, kind):
    zeros = np.zeros(SHAPE, kind)
    run = weights(lambda file: file.create_dataset(KERNEL, data=zeros, compression=9, shuffle=True, fletcher32=True))
    check_plain(run.weights(1), 10**6)


def code(name):
    def set_code(model):
        model.operatorCodes[-1].builtinCode = getattr(schema.BuiltinOperator, name)
        model.operatorCodes[-1].deprecatedBuiltinCode = min(127, getattr(schema.BuiltinOperator, name))

    return set_code


def custom(model):
    code("CUSTOM")(model)
    model.operatorCodes[-1].customCode = b"FlexReadFile"


def named(model):
    model.operatorCodes[-1].customCode = b"FlexReadFile"


def outside(model):
    group, part = schema.ExternalBufferGroupT(), schema.ExternalBufferT()
    group.name, part.id, part.length = b"/etc/passwd", 1, 100
    model.externalBufferGroups, model.externalBuffers = [group], [part]


def second_graph(model):
    model.subgraphs.append(model.subgraphs[0])


def variable(model):
    model.subgraphs[0].tensors[-1].isVariable = True


def behind_the_end(model):
    model.buffers[1].offset, model.buffers[1].size = 10**6, 400


def text(model):
    model.subgraphs[0].tensors[-1].type = schema.TensorType.STRING


def numbers_to_shapes(model):
    # a shape that depends on what is in the image
    model.subgraphs[0].tensors[model.subgraphs[0].operators[-1].outputs[0]].type = schema.TensorType.INT32


LOOPS = [code(name) for name in ("WHILE", "IF", "CALL_ONCE", "GATHER_ND", "READ_VARIABLE")]
OTHERS = [custom, named, outside, second_graph, variable, behind_the_end, text, numbers_to_shapes]


@pytest.mark.parametrize("act", [*LOOPS, *OTHERS])
def test_a_network_with_any_other_operator_is_refused_before_it_is_loaded(run, act):
    path = changed(run, act)
    with pytest.raises(UnreadableRun, match=r"network\.tflite requires more than a network for digits needs"):
        check_operators(path)


def test_a_rewritten_network_passes(run):
    path = changed(run, lambda _: None)
    check_operators(path)
    try_out(run)


def test_a_network_whose_memory_grows_with_the_square_of_its_images_is_refused(run):
    def multiply(model):
        graph = model.subgraphs[0]
        # (n, 10) by itself turned over is (n, n)
        answer = graph.operators[-1].outputs[0]
        square = schema.TensorT()
        square.shape, square.shapeSignature, square.type = [1, 1], [-1, -1], schema.TensorType.FLOAT32
        square.buffer, square.name = 0, b"square"
        graph.tensors.append(square)
        options = schema.BatchMatMulOptionsT()
        options.adjY = True
        operator = schema.OperatorT()
        operator.opcodeIndex = next(
            place
            for place, each in enumerate(model.operatorCodes)
            if each.builtinCode == schema.BuiltinOperator.BATCH_MATMUL
        )
        operator.inputs, operator.outputs = [answer, answer], [len(graph.tensors) - 1]
        operator.builtinOptionsType, operator.builtinOptions = schema.BuiltinOptions.BatchMatMulOptions, options
        graph.operators.append(operator)

    path = changed(run, multiply)
    check_operators(path)
    with pytest.raises(UnreadableRun, match="requires more"):
        check_growth(path)
    with pytest.raises(UnreadableRun, match="requires more"):
        try_out(run)


@pytest.mark.slow
def test_random_changes_to_a_network_give_at_most_a_refusal(run):
    """The other process loads each of these and may crash; this one survives."""
    path = run.path / "network.tflite"
    whole = path.read_bytes()
    random = np.random.default_rng(1)
    for _ in range(8):
        content = bytearray(whole)
        for place in random.integers(0, len(whole), 6):
            content[place] = random.integers(256)
        path.write_bytes(content)
        try:
            try_out(run)
        except UnreadableRun as error:
            assert "network.tflite" in str(error)
