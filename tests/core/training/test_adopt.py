"""Models that Keras saved become runs that answer as they do."""

import io
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from core import child_process
from core.bundle.beside import model_among
from core.bundle.open import Opened
from core.bundle.open_model import Wish, open_model
from core.bundle.write import bundle
from core.config.layer_text import named, read_layers
from core.config.layers import KINDS, layer_table
from core.data.datasets import load
from core.export.keras_files import keras_model
from core.export.report.document import html_report
from core.inference import load as classifier
from core.models.keras_file import description_of, image_shape, weights_of
from core.models.keras_layers import keras_layers
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.predictions import predicted_epochs, read_answers, read_log_probabilities
from core.runs.store import SHIPPED_DIR, RunStore
from core.runs.weights import read_weights, weighted_epochs
from core.training import adopt
from core.training.networks import sequential
from tests.bundled import open_alone
from tests.finished_models import keras_file

L = keras.layers
EVERY_KIND = (
    "rescaling(2,-1) zeropad(2) conv(4,3x3,relu) batchnorm depthwise(3x3,tanh,strides=2) separable(6,3x3,elu) "
    "spatialdropout(0.2) activation(gelu) pool(2,same) avgpool(2,strides=1) leakyrelu prelu elu "
    "reshape(5x15x2) layernorm globalavgpool dense(12,silu) reshape(2x2x3) globalmaxpool flatten dropout(0.5)"
)


@pytest.fixture(scope="module")
def model():
    """A model with every kind of layer and random weights."""
    layers = [*read_layers(EVERY_KIND), *read_layers("dense(10)")]
    assert {layer.word for layer in layers} == set(KINDS)
    made = sequential(named(layers), (28, 28, 1))
    random = np.random.default_rng(1)
    made.set_weights([np.abs(random.normal(0.1, 0.2, values.shape)) for values in made.get_weights()])
    return made


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_every_kind_of_layer_is_read_back_with_its_weights(model, ending, tmp_path):
    model.save(tmp_path / f"model.{ending}")
    if ending == "keras":
        zipfile.ZipFile(tmp_path / "model.keras").extractall(tmp_path)
    found = keras_layers(description_of(tmp_path))
    weights = [values for each in weights_of(tmp_path, found, image_shape(found)) for values in each]
    ours = [source.layer for source in found.sources]
    assert named(found.hidden) == read_layers(EVERY_KIND)
    assert layer_table(ours, (28, 28, 1))[-1].output_shape == (10,)
    again = sequential(named(ours), (28, 28, 1))
    again.set_weights(weights)
    images = np.random.default_rng(2).random((5, 28, 28, 1), np.float32)
    np.testing.assert_allclose(again(images), keras.ops.softmax(model(images)), atol=1e-5)


def test_layers_that_keras_writes_otherwise_give_the_same_outputs(tmp_path):
    image = keras.Input((28, 28))
    values = L.Reshape((28, 28, 1))(image)
    values = L.Conv2D(3, 3, use_bias=False)(values)
    values = L.BatchNormalization(epsilon=1e-5, scale=False)(values)
    values = L.PReLU(shared_axes=[1, 2], alpha_initializer="ones")(L.ReLU(negative_slope=0.1)(values))
    values = L.GaussianNoise(0.1)(L.MaxPooling2D(3, strides=2)(values))
    answer = L.Softmax()(L.Dense(4, use_bias=False)(L.Flatten()(values)))
    model = keras.Model(image, answer)
    model.save(tmp_path / "model.h5")
    found = keras_layers(description_of(tmp_path))
    shape = image_shape(found)
    again = sequential(named([source.layer for source in found.sources]), shape)
    again.set_weights([each for arrays in weights_of(tmp_path, found, shape) for each in arrays])
    images = np.random.default_rng(2).random((5, 28, 28), np.float32)
    np.testing.assert_allclose(again(images[..., None]), model(images), atol=1e-5)


@pytest.fixture
def in_this_process(monkeypatch):
    """Runs the process that makes the run of a model here, where TensorFlow is loaded; the others as they are."""
    said = []

    def follow(_, path, *, timeout, on_line):  # noqa: ARG001 as the function that it replaces
        def report(share):
            said.append(share)
            on_line(f"progress {share}")

        adopt.adopt(RunFolder(Path(path)), report)
        return child_process.Ended(0, "", "")

    monkeypatch.setattr("core.child_process.follow", follow)
    return said


RUN = "cnn-16-36-5k"


def test_the_run_of_a_saved_model_answers_as_the_run_it_was_saved_from(in_this_process, tmp_path):
    shares, content = [], io.BytesIO(keras_file(RUN))
    wish = Wish("mnist-5k", "last-20")
    opened = open_model(content, "<i>my</i> net.keras", tmp_path, wish, progress=shares.append)
    folder, origin = RunFolder(tmp_path / opened.run_id), RunFolder(SHIPPED_DIR / RUN)
    config = folder.manifest().config
    best = origin.status().best_epoch
    for part in ("test", "validation"):
        ours = np.exp(read_log_probabilities(folder, config, 1, part))
        theirs = np.exp(read_log_probabilities(origin, origin.manifest().config, best, part))
        np.testing.assert_allclose(ours, theirs, atol=3e-3)
    assert folder.status().test_accuracy == pytest.approx(origin.status().test_accuracy, abs=1e-3)
    model = folder.manifest().model
    assert (model.name, model.format, model.form.pixels, model.form.inverted) == (
        *("<i>my</i> net.keras", "keras", "unit"),
        False,
    )
    assert shares == in_this_process
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    (run,) = RunStore(tmp_path, tmp_path / "none").runs()
    assert (run.opened, run.name, run.status.state) == (True, "<i>my</i> net", "finished")
    # its network works for Draw and Inside, and the same file gives the same run
    images = load("mnist-5k").test_images[:3] / np.float32(255)
    np.testing.assert_allclose(
        classifier(folder).probabilities(images.astype(np.float32)),
        np.exp(read_log_probabilities(folder, config, 1, "test"))[:3],
        atol=3e-3,
    )
    assert open_model(content, "other.keras", tmp_path, wish) == Opened(opened.run_id, known=True)
    # and goes the way of any run into a file and back
    content = bundle(folder)
    back = RunFolder(tmp_path / open_alone(io.BytesIO(content), tmp_path).run_id)
    assert back.manifest().model == model


@pytest.mark.usefixtures("in_this_process")
def test_a_model_another_epochs_weights_and_a_log_become_one_run(tmp_path):
    origin = RunFolder(SHIPPED_DIR / RUN)
    log = ("log.csv", io.BytesIO(origin.epochs_csv.read_bytes()))
    model = ("model-12.keras", io.BytesIO(keras_model(origin, 12)))
    weights = ("cp-0003.weights.h5", io.BytesIO(read_weights(origin, 3)))
    (name, file), beside = model_among([weights, log, model], tmp_path)
    assert (name, beside.epoch, [epoch for epoch, _ in beside.others], beside.epochs) == ("model-12.keras", 12, [3], 20)
    shares = []
    opened = open_model(file, name, tmp_path, Wish("mnist-5k"), beside=beside, progress=shares.append)
    folder = RunFolder(tmp_path / opened.run_id)
    assert (predicted_epochs(folder), weighted_epochs(folder)) == ((3, 12), (3, 12))
    for epoch in (3, 12):
        ours, theirs = (read_log_probabilities(run, run.manifest().config, epoch, "test") for run in (folder, origin))
        np.testing.assert_allclose(np.exp(ours), np.exp(theirs), atol=3e-3)
    status = folder.status()
    # the lowest validation loss of the two; nobody knows the last epoch's test result
    assert (status.epoch, status.best_epoch, status.last_test_accuracy) == (20, 12, None)
    assert shares == sorted(shares)
    rows = [CurveReader(run.epochs_csv, EPOCH_COLUMNS).read() for run in (folder, origin)]
    assert [row[:6] for row in rows[0]] == [row[:6] for row in rows[1]]
    manifest = folder.manifest()
    assert manifest.logs.names == ("log.csv",)
    answers = read_answers(folder, manifest.config, 12, "test")
    page = html_report(folder, manifest, status, answers, None, 12)
    assert "test images, after epoch 12" in page
    assert page.count("<td>unknown</td>") == 2
    again = open_model(file, name, tmp_path, Wish("mnist-5k"), beside=beside)
    assert again == Opened(opened.run_id, known=True)
    back = RunFolder(tmp_path / open_alone(io.BytesIO(bundle(folder)), tmp_path).run_id)
    assert (back.manifest().logs, predicted_epochs(back)) == (folder.manifest().logs, (3, 12))


@pytest.mark.usefixtures("in_this_process")
def test_a_model_that_takes_inverted_bytes_in_one_row_is_found_out(monkeypatch, tmp_path):
    for slow in ("write_network", "write_model"):
        monkeypatch.setattr(f"core.training.export.{slow}", lambda *_: None)
    (tmp_path / "shipped.keras").write_bytes(keras_file("mlp-512"))
    shipped = keras.models.load_model(tmp_path / "shipped.keras")
    inside = [L.Rescaling(-1 / 255, 1.0), *shipped.layers[1:]]
    model = keras.Sequential([keras.Input((784,)), *inside])
    model.save(tmp_path / "strange.h5")
    runs = tmp_path / "runs"
    with (tmp_path / "strange.h5").open("rb") as file:
        opened = open_model(file, "strange.h5", runs, Wish("mnist-5k"))
    folder = RunFolder(runs / opened.run_id)
    form = folder.manifest().model.form
    assert (form.pixels, form.inverted, form.shape) == ("bytes", True, (784,))
    assert folder.status().test_accuracy > 0.97
