"""The training command: its output, the files it writes, its errors."""

import keras
import numpy as np
import pytest

from core.config.presets import PRESETS
from core.data.datasets import load, split
from core.runs.command_options import changed
from core.runs.curves import CurveReader
from core.runs.folder import BATCH_COLUMNS, RunFolder
from core.runs.status import Status
from core.runs.store import RunStore
from core.training.__main__ import _parser, main
from tests.core.training.conftest import epochs


def test_a_finished_run_is_listed_like_any_other(finished_cnn):
    (run,) = RunStore(finished_cnn.path.parent, finished_cnn.path / "none").runs()
    assert (run.status.state, run.status.epoch, run.status.owner) == ("finished", 2, None)
    assert run.manifest.environment["dataset_digest"] == load("mnist-5k").digest
    assert [row["epoch"] for row in epochs(finished_cnn)] == [1, 2]


def test_a_finished_run_has_all_files_and_no_drafts(finished_cnn):
    files = {str(path.relative_to(finished_cnn.path)) for path in finished_cnn.path.rglob("*") if path.is_file()}
    assert files == {
        "run.json",
        "status.json",
        "epochs.csv",
        "batches.csv",
        "network.tflite",
        "model.keras",
        "model.tflite",
        "model.weights.h5",
        "architecture.json",
        "labels.npz",
        "steps.npz",
        *(f"checkpoints/state-{epoch:04d}.weights.h5" for epoch in (1, 2)),
        *(f"checkpoints/epoch-{epoch:04d}.weights.h5" for epoch in range(3)),
        *(f"predictions/epoch-{epoch:04d}.npz" for epoch in range(3)),
    }


def test_keras_loads_the_model_and_gets_the_recorded_test_results(finished_cnn):
    model = keras.models.load_model(finished_cnn.path / "model.keras")
    config = finished_cnn.manifest().config
    assert model.count_params() == config.parameters
    assert [layer.name for layer in model.layers] == [row.layer.name for row in config.layer_table]
    data = load("mnist-5k")
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    images = np.asarray(data.test_images)[..., None].astype("float32") / 255
    loss, accuracy = model.evaluate(images, np.asarray(data.test_labels), verbose=0)
    status = finished_cnn.status()
    assert status.test_accuracy == pytest.approx(accuracy, abs=1e-6)
    assert status.test_loss == pytest.approx(loss, rel=1e-3)
    # 50 updates on 3,200 digits, on any processor; a network that learned nothing gives 0.1
    assert accuracy > 0.5


def test_stored_predictions_give_the_recorded_validation_results(finished_cnn):
    parts = split(load("mnist-5k"), "last-20")
    for row in epochs(finished_cnn):
        with np.load(finished_cnn.predictions(int(row["epoch"]))) as stored:
            answers = stored["validation"].astype(np.float32)
        own = answers[np.arange(len(answers)), parts.validation_labels]
        assert row["val_accuracy"] == pytest.approx((answers.argmax(1) == parts.validation_labels).mean(), abs=1e-6)
        assert row["val_loss"] == pytest.approx(-own.mean(), rel=2e-3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--preset", "resnet"], "resnet"),
        (["--epochs", "0"], "Epochs (epochs) is 0"),
        (["--set", "learning_rate=nan"], "Learning rate (learning_rate) is nan"),
        (["--set", "learning_rate"], "--set learning_rate"),
        (["--set", "layers=3"], "layers is not a setting"),
        (["--preset", "cnn", "--set", "blocks=8@20-valid-max,8@9-valid-max"], "9×9 window is larger"),
        (["--preset", "mlp", "--set", "hidden_units=8192,8192"], "73,629,706"),
        (["--preset", "layers", "--set", "layers=conv(8,3x3) cnov"], "replace “cnov” by one of conv, "),
        (["--dataset", "cifar"], "cifar"),
        (["--resume", "nowhere"], "status.json is missing"),
        (["--from", "cnn-16-36", "--epoch", "7", "--epochs", "30"], "The weights of epoch 7 were not kept"),
        (["--from", "mlp-512", "--epoch", "first"], "--epoch is first; use best, last or a number"),
        (["--from", "mlp-512", "--preset", "cnn"], "leave out --preset or --from"),
        (["--epoch", "3"], "name that run with --from"),
        (["--seeds", "0"], "--seeds is 0; "),
    ],
)
def test_a_wrong_value_is_refused_with_one_line(trainer, arguments, said):
    code, line, err = trainer.run(*arguments)
    assert (code, line) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert trainer.folders() == []


def test_a_loss_that_becomes_nan_is_reported_after_every_batch_up_to_it(trainer):
    settings = ["learning_rate=10", "optimizer=sgd", "activation=elu", "hidden_units=512,512,512,512"]
    code, line, err = trainer.run(
        "--preset", "mlp", "--dataset", "mnist-5k", *(part for text in settings for part in ("--set", text))
    )
    assert code == 1
    folder = RunFolder(trainer.runs_dir / line.rpartition("/")[2])
    status = folder.status()
    assert status.state == "failed"
    assert "The loss became NaN in epoch 1, batch " in str(status.message)
    assert err.count(str(status.message)) == 1
    assert "Traceback" not in err
    rows = CurveReader(folder.batches_csv, BATCH_COLUMNS).read()
    # the epoch's 25 batches run in a few executions, and yet each is there
    assert [row[1] for row in rows] == list(range(1, len(rows) + 1))
    assert status.exploded == pytest.approx((len(rows) + 1) / 25)
    assert rows[0][2] == pytest.approx(2.4, abs=0.3)
    assert rows[-1][2] > 100
    assert (status.batch, status.learning_rate) == (len(rows) + 1, 10)


def test_a_missing_data_set_is_reported_with_one_line_and_leaves_no_run(trainer, tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DIGIT_LAB_MNIST", str(tmp_path / "nowhere.npz"))
    stopped = RunFolder.create(tmp_path / "old", PRESETS["mlp"], Status(state="stopped"))
    for arguments in (["--dataset", "mnist"], ["--dataset", "handwriting"], ["--resume", str(stopped.path)]):
        code, line, err = trainer.run(*arguments)
        assert (code, line) == (1, "")
        assert ("DIGIT_LAB_HANDWRITING" if "handwriting" in arguments else "nowhere.npz") in err
        assert len(err.strip().splitlines()) == 1
    assert trainer.folders() == []
    assert stopped.status().state == "stopped"


def test_several_seeds_are_trained_one_after_another_until_one_fails(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr("subprocess.call", lambda command, **_: started.append(command[3:]) or len(started) // 3)
    arguments = ["--dataset=mnist-5k", "--seed=7", "--seeds=5", f"--runs-dir={tmp_path}"]
    assert main(arguments) == 1
    options = [_parser().parse_args(command) for command in started]
    assert [changed(PRESETS["mlp-512"], each).seed for each in options] == [7, 8, 9]
    assert not any(each.seeds for each in options)


def test_a_finished_run_cannot_be_resumed(finished_cnn, trainer):
    code, _, err = trainer.run("--resume", str(finished_cnn.path))
    assert code == 2
    assert "finished" in err
