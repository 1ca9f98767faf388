"""Which model, epoch and logs of the files that a person drops belong together."""

import io

import pytest

from core.bundle.beside import epochs_of, model_among
from core.errors import DigitLabError
from core.models import reading
from tests.finished_models import LITERT, contents, h5_file, keras_file, layer, sequential
from tests.kept_logs import TABLE, content


@pytest.mark.parametrize(
    ("names", "epochs"),
    [
        (["weights.05-0.12.keras", "weights.06-0.10.keras"], [5, 6]),
        (["mnist_28x28_ep3.h5"], [3]),
        (["epoch-0007.weights.h5", "final.keras"], [7, None]),
        (["cnn2_01.keras", "cnn2_02.keras"], [1, 2]),
        (["model_epoch_07_val0.98.keras"], [7]),
        (["weights-improvement-12-0.98.hdf5"], [12]),
        (["cp-0001.weights.h5", "cp-0010.weights.h5", "best.keras"], [1, 10, None]),
        (["model.keras", "cnn-16-36.keras"], [None, None]),
        (["cnn-16-36.keras"], [None]),
    ],
)
def test_the_epoch_of_a_checkpoint_is_in_its_name(names, epochs):
    assert epochs_of(names) == epochs


WEIGHTS = contents()["model.weights.h5"]
LOG = (TABLE, content(TABLE))


def among(folder, *files):
    named = [(name, io.BytesIO(given)) for name, given in files]
    return named, model_among(named, folder)


def test_logs_alone_have_no_model(tmp_path):
    assert among(tmp_path, LOG)[1] is None


@pytest.mark.parametrize(("name", "epoch"), [("final.keras", 4), ("model-02.keras", 2), ("mlp-512.keras", 4)])
def test_a_model_is_of_the_epoch_in_its_name_if_the_training_had_it_else_of_the_last(tmp_path, name, epoch):
    _, (_, beside) = among(tmp_path, LOG, (name, keras_file()))
    assert (beside.epoch, beside.epochs, len(beside.training.rows)) == (epoch, 4, 4)


def test_of_one_epoch_the_whole_model_counts_rather_than_its_weights(tmp_path):
    files = [("cp-04.weights.h5", WEIGHTS), ("final.keras", keras_file()), ("cp-01.weights.h5", WEIGHTS), LOG]
    _, ((name, _), beside) = among(tmp_path, *files)
    assert (name, beside.epoch, [epoch for epoch, _ in beside.others]) == ("final.keras", 4, [1])


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([("cp-01.weights.h5", WEIGHTS)], "cp-01.weights.h5 has weights without a network; drop a model of the same"),
        ([("cp-01.weights.h5", WEIGHTS), ("cp-02.weights.h5", WEIGHTS), LOG], "cp-02.weights.h5 has weights without"),
        ([("final.keras", keras_file()), ("cp-01.weights.h5", WEIGHTS)], "final.keras has no epoch in its name"),
        ([("m-1.tflite", LITERT.read_bytes()), ("m-2.keras", keras_file())], "checkpoints of several epochs need"),
        ([("m.keras", keras_file()), LOG, ("other.csv", b"epoch,loss\n0,9\n")], "the logs are of 2 trainings"),
        ([("m.keras", keras_file()), ("history.pkl", b"\x80\x04.")], "history.pkl: it is a pickle"),
    ],
)
def test_files_that_do_not_belong_together_are_refused_in_one_sentence(tmp_path, files, reason):
    with pytest.raises(DigitLabError, match=f"^The file was not opened: {reason}"):
        among(tmp_path, *files)
    assert list(tmp_path.iterdir()) == []


def test_weights_of_another_network_are_refused_by_their_epoch(tmp_path):
    lay(tmp_path / "source", contents())
    lay(tmp_path / "0002", {"model.weights.h5": WEIGHTS})
    assert reading.read(tmp_path / "source", [tmp_path / "0002"]).classes == 10
    other = h5_file(sequential(layer("Dense", name="o", units=7)), {"o": {"kernel": [[1.0]]}})
    lay(tmp_path / "0003", {"model.h5": other})
    with pytest.raises(DigitLabError, match=r"^the checkpoint of epoch 3: its weights do not fit"):
        reading.read(tmp_path / "source", [tmp_path / "0002", tmp_path / "0003"])


def lay(folder, files):
    folder.mkdir()
    for name, given in files.items():
        (folder / name).write_bytes(given)
