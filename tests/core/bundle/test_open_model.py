"""A finished model in a file: recognized by its content, read with limits, refused in one sentence."""

import io
import json
import zipfile

import flatbuffers
import h5py
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from core.bundle.model_format import model_format
from core.bundle.open import open_bundle
from core.bundle.open_model import Wish, look_into, open_model
from core.bundle.write import bundle
from core.config.datasets import BUILT_IN
from core.config.network import OtherNetwork
from core.data.datasets import load
from core.errors import DigitLabError, UnreadableRun
from core.inference import load as classifier
from core.models import reading
from core.models.operators import check_model
from core.runs.folder import RunFolder
from core.runs.model_file import InputForm
from core.runs.predictions import read_log_probabilities
from core.runs.store import SHIPPED_DIR
from tests.bundled import bundled, crashing_network, packed
from tests.finished_models import LITERT, contents, h5_file, keras_file, layer, sequential, with_config, with_weights

OUTPUT = layer("Dense", name="out", units=10, activation="softmax")
FLAT = layer("Flatten", name="flat")


@pytest.fixture
def here(monkeypatch):
    """Reads models in this process."""
    monkeypatch.setattr("core.bundle.open_model.read_model", reading.read)


def small_h5(**options):
    weights = {"out": {"kernel": np.zeros((784, 10)), "bias": np.zeros(10)}}
    return h5_file(sequential(FLAT, OUTPUT, **options), weights)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (keras_file(), "keras"),
        (small_h5(), "h5"),
        (b"\x1c\x00\x00\x00TFL3....", "tflite"),
        (bundled(), None),
        (b"", None),
        (b"PK\x03\x04", None),
        (packed({"a.txt": "config.json"}), None),
    ],
)
def test_a_format_is_found_by_the_content(content, found):
    assert model_format(io.BytesIO(content)) == found


@pytest.mark.usefixtures("here")
def test_a_model_says_its_layers_shape_and_classes():
    for content in (keras_file(), small_h5()):
        model = look_into(io.BytesIO(content))
        assert (model.input_shape, model.classes, model.logits) == ((28, 28, 1), 10, False)
        assert model.layers.startswith("flatten")
        assert model.fits(BUILT_IN["mnist"])
    assert not look_into(io.BytesIO(small_h5(shape=(14, 56, 1)))).fits(BUILT_IN["mnist"])


def huge(file):
    """A trillion numbers that take no space in the file."""
    del file["layers/dense/vars/0"]
    file.create_dataset("layers/dense/vars/0", (10**6, 10**6), np.float32, chunks=(100, 100), compression=9)


def linked(file):
    del file["layers/dense/vars/0"]
    file["layers/dense/vars/0"] = h5py.ExternalLink("/etc/passwd", "x")


def bomb():
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents().items():
            archive.writestr(name, content if name != "config.json" else b" " * 5_000_000)
    return zipped.getvalue()


NESTED = json.loads('{"a":' * 200 + "1" + "}" * 200)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: with_config(lambda layers: layers.insert(1, layer("Lambda", name="x"))), "“x” is a Lambda"),
        (lambda: with_config(lambda layers: layers.insert(1, layer("Add", name="x"))), r"“x” is of a kind .* \(Add\)"),
        (lambda: with_config(lambda layers: layers.pop(-2)), "its weights do not fit|does not fit"),
        (lambda: with_config(lambda layers: layers[-1]["config"].update(units=2_000)), "its weights do not fit"),
        (lambda: with_config(lambda layers: layers[2]["config"].update(units=8192)), "its weights do not fit"),
        (lambda: with_config(lambda layers: layers.append(NESTED)), "does not describe a Keras model"),
        (lambda: with_weights(huge), "contains more than weights"),
        (lambda: with_weights(linked), "contains more than weights"),
        (lambda: packed({**contents(), "model.weights.h5": b"\x80\x04pickle"}), r"model\.weights\.h5 cannot be read"),
        (lambda: packed({**contents(), "../evil.py": b""}), r"“\.\./evil\.py” is not part of a Keras model"),
        (lambda: packed({**contents(), "assets/x.pkl": b""}), "is not part of a Keras model"),
        (lambda: packed({"config.json": b"{}"}), "does not describe a Keras model"),
        (lambda: packed({**contents(), "config.json": b"[" * 100_000}), "does not describe a Keras model"),
        (bomb, r"config\.json is too large"),
        (lambda: keras_file()[:-3_000], "it is not a model of Keras"),
        (lambda: small_h5()[:-500], r"model\.h5 cannot be read"),
        (lambda: b"\x89HDF\r\n\x1a\n" + bytes(3_000), r"model\.h5 cannot be read"),
        (lambda: h5_file(sequential(FLAT, OUTPUT), {}), "its weights do not fit its layer “out”"),
        (lambda: h5_file(sequential(layer("LSTM", name="l")), {}), r"“l” is of a kind .* \(LSTM\)"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_a_model_that_is_not_plain_is_refused_in_one_sentence(make, reason):
    with pytest.raises(DigitLabError, match=reason) as refused:
        look_into(io.BytesIO(make()))
    sentence = str(refused.value)
    assert sentence.startswith("The file was not opened: ")
    assert len(sentence) < 300


@pytest.mark.usefixtures("here")
def test_a_file_of_weights_alone_says_what_to_save():
    with pytest.raises(DigitLabError, match=r"save the whole model with model\.save"):
        look_into(io.BytesIO(contents()["model.weights.h5"]))


def test_a_timeout_and_a_crash_are_reported(monkeypatch):
    with pytest.raises(DigitLabError, match="takes too long"):
        reading.read_model(reading.Path("nowhere"), timeout=0.001)
    monkeypatch.setattr("core.child_process.sys.executable", "/bin/false")
    with pytest.raises(DigitLabError, match="it cannot be loaded"):
        look_into(io.BytesIO(keras_file()))


def test_another_process_reads_a_model_and_nothing_is_left_of_one_that_it_refuses(tmp_path):
    assert look_into(io.BytesIO(keras_file())).classes == 10
    content = with_config(lambda layers: layers.insert(1, layer("Lambda", name="x")))
    with pytest.raises(DigitLabError, match="“x” is a Lambda"):
        open_model(io.BytesIO(content), "m.keras", tmp_path, Wish("mnist-5k"))
    assert list(tmp_path.iterdir()) == []


def test_a_network_for_litert_is_evaluated_as_it_is_and_goes_into_a_bundle_and_back(tmp_path):
    shares = []
    with LITERT.open("rb") as file:
        assert look_into(file).to_json() == {"layers": None, "input_shape": [28, 28, 1], "classes": 10, "logits": False}
        opened = open_model(file, LITERT.name, tmp_path, Wish("mnist-5k"), progress=shares.append)
    folder = RunFolder(tmp_path / opened.run_id)
    manifest, status = folder.manifest(), folder.status()
    assert manifest.config.network == OtherNetwork(16_356)
    assert (manifest.model.form, manifest.model.outputs) == (InputForm((28, 28, 1)), "logits")
    assert status.test_accuracy > 0.88
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    data = load("mnist-5k")
    network = classifier(folder)
    images = (data.test_images[:40] / np.float32(255)).astype(np.float32)
    stored = np.exp(read_log_probabilities(folder, manifest.config, 1, "test"))[:40]
    np.testing.assert_allclose(network.probabilities(images), stored, atol=2e-3)
    assert network.activations(images[0]) == {}
    bundled_run = bundle(folder)
    back = RunFolder(tmp_path / open_bundle(io.BytesIO(bundled_run), tmp_path).run_id)
    assert back.manifest().config == manifest.config
    np.testing.assert_array_equal(classifier(back).probabilities(images), network.probabilities(images))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (crashing_network(), "several inputs|cannot be"),
        (LITERT.read_bytes()[:9_000], "cannot be"),
        (b"\x1c\x00\x00\x00TFL3" + b"\xff" * 3_000, r"model\.tflite cannot be read"),
        ((SHIPPED_DIR / "mlp-512" / "network.tflite").read_bytes(), "has several inputs or outputs"),
    ],
)
def test_a_network_for_litert_that_is_damaged_or_unusual_is_refused(content, reason):
    with pytest.raises(DigitLabError, match=reason):
        look_into(io.BytesIO(content))


@pytest.mark.parametrize("name", ["WHILE", "READ_VARIABLE", "CUSTOM", "RANDOM_UNIFORM", "TILE", "BROADCAST_TO"])
def test_an_operator_that_no_network_of_images_needs_is_refused(name, tmp_path):
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(LITERT.read_bytes(), 0))
    for code in model.operatorCodes:
        if code.builtinCode == schema.BuiltinOperator.ADD:
            code.builtinCode = getattr(schema.BuiltinOperator, name)
            code.deprecatedBuiltinCode = min(127, code.builtinCode)
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    path = tmp_path / "model.tflite"
    path.write_bytes(bytes(builder.Output()))
    with pytest.raises(UnreadableRun, match="operators that networks of images do not need"):
        check_model(path)
