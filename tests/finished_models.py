"""Finished models as strangers might send them, made from an included run without Keras."""

import io
import json
import shutil
import zipfile
from dataclasses import replace
from functools import cache

import h5py
import numpy as np

from core.config.network import OtherNetwork
from core.export.keras_files import keras_model
from core.places import ROOT
from core.runs.folder import RunFolder
from core.runs.model_file import InputForm, ModelFile
from core.runs.store import SHIPPED_DIR
from tests.bundled import packed

RUN = "mlp-512"
LITERT = ROOT / "tests" / "kept" / "residual-uint8.tflite"
"""A network of two convolutions with a skip connection, trained by Keras on 8,000 digits of MNIST for two epochs and
quantized by TensorFlow's converter: uint8 in and out, logits, 91 % of MNIST's test digits right."""


@cache
def keras_file(name=RUN):
    """The best epoch's network of an included run as `.keras`."""
    folder = RunFolder(SHIPPED_DIR / name)
    return keras_model(folder, folder.status().best_epoch or folder.status().epoch)


@cache
def contents(name=RUN):
    """The files in it by name."""
    with zipfile.ZipFile(io.BytesIO(keras_file(name))) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


def with_config(change, name=RUN):
    """The `.keras` after `change` altered the description of its layers, a list of objects."""
    config = json.loads(contents(name)["config.json"])
    change(config["config"]["layers"])
    return packed({**contents(name), "config.json": json.dumps(config)})


def with_weights(change, name=RUN):
    """The `.keras` after `change` altered its HDF5 file."""
    written = io.BytesIO(contents(name)["model.weights.h5"])
    with h5py.File(written, "r+") as file:
        change(file)
    return packed({**contents(name), "model.weights.h5": written.getvalue()})


def layer(kind, **config):
    """A layer's description as Keras 3 writes it."""
    return {"module": "keras.layers", "class_name": kind, "config": config, "registered_name": None}


def sequential(*layers, shape=(28, 28, 1)):
    """A model's description as Keras 3 writes it."""
    first = layer("InputLayer", batch_shape=[None, *shape], name="input")
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [first, *layers]}}


def h5_file(description, weights):
    """An `.h5` as Keras writes it: the description as an attribute, the arrays by layer and name."""
    written = io.BytesIO()
    with h5py.File(written, "w") as file:
        file.attrs["model_config"] = json.dumps(description)
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = list(weights)
        for name, arrays in weights.items():
            group.create_group(name).attrs["weight_names"] = list(arrays)
            for place, values in arrays.items():
                group[name][place] = np.asarray(values, np.float32)
    return written.getvalue()


def lay_model(runs_dir, name):
    """The run of a model in a file of this name, as if evaluated: the answers and weights are an included run's."""
    shipped = RunFolder(SHIPPED_DIR / RUN)
    manifest, status = shipped.manifest(), shipped.status()
    best = status.best_epoch or status.epoch
    folder = RunFolder(runs_dir / "model-0123456789")
    for path, target in (
        (shipped.predictions(best), folder.predictions(1)),
        (shipped.weights(best), folder.weights(1)),
    ):
        target.parent.mkdir(parents=True)
        shutil.copyfile(path, target)
    for file in ("labels.npz", "network.tflite", "architecture.json"):
        shutil.copyfile(shipped.path / file, folder.path / file)
    form = InputForm((28, 28, 1), "bytes", True, -255.0, 255.0)
    model = ModelFile(name, "keras", "0" * 64, form, "probabilities")
    folder.write_manifest(replace(manifest, name=name.rpartition(".")[0], model=model))
    folder.write_status(replace(status, epoch=1, best_epoch=1))
    (folder.path / "opened.json").write_text('{"opened": 1}')
    return folder


def lay_litert(runs_dir):
    """The run of LITERT, as if evaluated on MNIST."""
    folder = lay_model(runs_dir, LITERT.name)
    shutil.rmtree(folder.weights(1).parent)
    (folder.path / "network.tflite").unlink()
    shutil.copyfile(LITERT, folder.path / "model.tflite")
    manifest = folder.manifest()
    model = ModelFile(LITERT.name, "tflite", "0" * 64, InputForm((28, 28, 1)), "logits")
    folder.write_manifest(replace(manifest, model=model, config=manifest.config.replace(network=OtherNetwork(16_356))))
    return folder
