"""A script that is recorded runs as it does alone, and its trainings become runs."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial

import numpy as np
import pytest

from core.config.layer_text import layers_text
from core.places import ROOT
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS
from core.runs.predictions import read_answers
from core.runs.store import RunStore
from core.runs.weight_arrays import read_weights

# a package of the script's own with the name of one of ours
SCRIPT = """
import os, sys
import core
import numpy as np
import keras

random = np.random.default_rng(5)
images = random.random((400, 784), np.float32)
labels = random.integers(0, 4, 400)
images[np.arange(400), labels] = 0.0

keras.utils.set_random_seed(3)
model = keras.Sequential([
    keras.Input((784,)), keras.layers.Dense(8, "relu"), keras.layers.Dropout(0.3), keras.layers.Dense(4, "softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.optimizer.build(model.trainable_variables)
variables = [*model.variables, *model.optimizer.variables]
start = [np.array(each) for each in variables]

def trained(fit):
    # the same network again, since tracing another takes longer than training it
    for each, value in zip(variables, start): each.assign(value)
    keras.utils.set_random_seed(3)
    fit(model, images, labels, epochs=2, batch_size=32, validation_split=0.25, verbose=0)
    return model.get_weights()

recorded = trained(keras.Model.fit)
plain = trained(keras.Model.fit.__wrapped__)
np.savez("weights.npz", *recorded)
print("the same", all(np.array_equal(a, b) for a, b in zip(recorded, plain)), model.optimizer.iterations.numpy())
print("mine", core.MINE, sys.argv[1:], os.getcwd() == os.path.dirname(__file__), "PYTHONPATH" in os.environ)
raise ValueError("of the script")
"""


def recording(script, runs, *arguments, **options):
    """The process of a script that is recorded into a folder of runs."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    places = {"DIGIT_LAB_RUNS": str(runs), "DIGIT_LAB_DATA": str(runs.parent / "data")}
    inherited |= {**places, "TF_CPP_MIN_LOG_LEVEL": "2"}
    command = [sys.executable, "-m", "digit_lab.record", str(script), *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env=inherited, **pipes, **options)


def wait_for(found, seconds=120):
    """What `found` returns once it is true."""
    until = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < until
        time.sleep(0.1)
    return value


def ended_runs(runs):
    """The runs, once the recorder, which gives way to everything else, has written all and removed its own files."""
    wait_for(lambda: runs.is_dir() and not list(runs.glob(".recording-*")), seconds=300)
    return RunStore(runs, runs / "none").runs()


def test_a_recorded_script_keeps_its_weights_prints_errors_and_exit_code(tmp_path):
    (tmp_path / "core.py").write_text("MINE = 'own'", encoding="utf-8")
    script, runs = tmp_path / "own.py", tmp_path / "runs"
    script.write_text(SCRIPT, encoding="utf-8")
    process = recording(script, runs, "--rate", "7")
    out, err = process.communicate(timeout=300)
    assert out.splitlines() == ["the same True 20", "mine own ['--rate', '7'] True False"], err
    assert process.returncode == 1
    assert err.rstrip().endswith("ValueError: of the script")
    assert "digit_lab" not in err

    (run,) = ended_runs(runs)
    config, status = run.manifest.config, run.status
    assert (run.name, status.state, status.epoch) == ("own.py", "finished", 2)
    assert run.manifest.recorded.optimizer.startswith("Adam")
    assert layers_text(config.network.layers) == "flatten dense(8,relu) dropout(0.3)"
    assert (config.training_images, config.data.test, config.batch_size) == (300, 100, 32)
    assert config.learning_rate == 0.001
    rows = CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()
    answers = read_answers(run.folder, config, 2, "test")
    right = (answers.log_probabilities.argmax(axis=1) == answers.labels).mean()
    assert right == pytest.approx(rows[-1][EPOCH_COLUMNS.index("val_accuracy")], abs=1e-6)
    with np.load(tmp_path / "weights.npz") as file:
        own = [file[name] for name in file.files]
    kept = read_weights(run.folder.weights(2), config.layer_table)
    assert all(np.array_equal(one, other) for one, other in zip(own, kept, strict=True))


STUB = '''
"""Stands for Keras: calls callbacks as its `fit` does."""
import time, types, sys
__version__ = "3"
ops = types.SimpleNamespace(convert_to_numpy=lambda value: value)
backend = types.SimpleNamespace(backend=lambda: "stub")
class Layer:
    name = "only"
    weights = [types.SimpleNamespace(shape=(5,))]
    def get_weights(self): return []
class Model:
    layers = [Layer()]
    optimizer = types.SimpleNamespace(learning_rate=0.1, get_config=dict)
    loss = "mse"
    stop_training = False
    def __call__(self, inputs, training):
        import numpy
        return numpy.full((len(inputs), 2), (0.25, 0.75), numpy.float32)
    def fit(self, x=None, y=None, batch_size=None, epochs=1, callbacks=None, initial_epoch=0, pause=0.0,
            validation_data=None):
        for each in callbacks or ():
            each.set_params({"epochs": epochs, "steps": 4})
            each.set_model(self)
            each.on_train_begin()
        for epoch in range(initial_epoch, epochs):
            for each in callbacks or (): each.on_epoch_begin(epoch)
            for batch in range(4):
                for each in callbacks or (): each.on_train_batch_begin(batch)
                time.sleep(pause)
                for each in callbacks or (): each.on_train_batch_end(batch, {"loss": 2.0})
                if self.stop_training: break
            for each in callbacks or (): each.on_epoch_end(epoch, {"loss": 1.5, "val_loss": 1.25})
            if self.stop_training: break
        return "history"
'''


def stubbed(tmp_path, code):
    """A script that imports a stub of Keras, and the folder of its runs."""
    (tmp_path / "keras.py").write_text(STUB, encoding="utf-8")
    script = tmp_path / "own.py"
    script.write_text(code, encoding="utf-8")
    return script, tmp_path / "runs"


def test_every_fit_is_a_run_also_in_threads_forks_and_other_folders(tmp_path):
    code = """
import os, threading, tempfile
import keras
threads = [threading.Thread(target=keras.Model().fit, kwargs={"epochs": 2, "pause": 0.02}) for _ in range(2)]
for each in threads: each.start()
for each in threads: each.join()
os.chdir(tempfile.mkdtemp())
assert keras.Model().fit(epochs=3, initial_epoch=1) == "history"
if os.fork() == 0:
    keras.Model().fit(epochs=1)
    os._exit(0)
os.wait()
"""
    script, runs = stubbed(tmp_path, code)
    process = recording(script, runs)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")
    found = ended_runs(runs)
    assert sorted((run.status.state, run.status.epoch) for run in found) == [
        ("finished", 1), ("finished", 2), ("finished", 2), ("finished", 2),
    ]  # fmt: skip
    assert len({run.name for run in found}) == 4
    (row, *_) = CurveReader(found[0].folder.epochs_csv, EPOCH_COLUMNS).read()
    assert row[EPOCH_COLUMNS.index("val_loss")] == 1.25


@pytest.mark.parametrize(
    ("ending", "state", "code"),
    [(signal.SIGINT, "interrupted", -signal.SIGINT), (signal.SIGKILL, "failed", -signal.SIGKILL)],
)
def test_a_script_that_is_stopped_or_killed_leaves_a_run_that_says_so(ending, state, code, tmp_path):
    script, runs = stubbed(tmp_path, "import keras\nkeras.Model().fit(epochs=1000, pause=0.05)")
    # the processes of pytest-xdist ignore Ctrl-C, and so would theirs
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = recording(script, runs, start_new_session=True, preexec_fn=heed)
    store = RunStore(runs, runs / "none")
    wait_for(lambda: [run for run in store.runs() if run.status.epoch])
    # as Ctrl-C does, to all of the group
    os.killpg(process.pid, ending)
    process.communicate(timeout=30)
    assert process.returncode == code
    (run,) = ended_runs(runs)
    assert (run.status.state, run.status.owner) == (state, None)
    assert run.status.message.key in ("recording.keyboard", "recording.died")
    assert run.status.epoch == len(CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()) > 0


def test_stop_pause_and_rate_from_a_page_reach_the_script(tmp_path):
    code = (
        "import keras\nmodel = keras.Model()\nmodel.fit(epochs=1000, pause=0.02)\nprint(model.optimizer.learning_rate)"
    )
    script, runs = stubbed(tmp_path, code)
    process = recording(script, runs)
    store = RunStore(runs, runs / "none")
    (run,) = wait_for(lambda: [run for run in store.runs() if run.status.epoch])
    run.folder.control.ask("learning_rate", 0.25)
    run.folder.control.ask("pause")
    wait_for(lambda: run.folder.status().state == "paused")
    run.folder.control.ask("stop")
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "0.25\n")
    (run,) = ended_runs(runs)
    assert (run.status.state, run.status.message.key) == ("stopped", "recording.stopped")


def test_a_training_that_is_over_before_the_recorder_has_begun_has_answers_of_its_last_epoch(tmp_path):
    code = """
import keras, numpy
images, labels = numpy.random.default_rng(1).random((20, 12, 12), numpy.float32), numpy.arange(20) % 2
keras.Model().fit(images, labels, epochs=2, validation_data=(images, labels))
"""
    script, runs = stubbed(tmp_path, code)
    out, err = recording(script, runs).communicate(timeout=60)
    assert (out, err) == ("", "")
    (run,) = ended_runs(runs)
    answers = read_answers(run.folder, run.manifest.config, 2, "test")
    np.testing.assert_allclose(answers.probabilities, [[0.25, 0.75]] * 20, atol=1e-3)


def test_a_callback_records_without_the_command_and_nothing_else(tmp_path):
    code = "from digit_lab.record import DigitLab\nimport keras\nkeras.Model().fit(epochs=2, callbacks=[DigitLab()])\n"
    script, runs = stubbed(tmp_path, code + "keras.Model().fit(epochs=1)")
    installed = {**os.environ, "DIGIT_LAB_RUNS": str(runs), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, str(script)], cwd=tmp_path, env=installed, check=True)
    (run,) = ended_runs(runs)
    assert (run.status.state, run.status.epoch, run.manifest.recorded.script) == ("finished", 2, "own.py")


def test_a_script_is_recorded_that_looks_for_keras_before_it_imports_it(tmp_path):
    code = "import importlib.util\nimportlib.util.find_spec('keras')\nimport keras\nkeras.Model().fit(epochs=1)"
    script, runs = stubbed(tmp_path, code)
    process = recording(script, runs)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    (run,) = ended_runs(runs)
    assert (run.status.state, run.status.epoch) == ("finished", 1)


def test_a_notebook_is_recorded_without_its_magics(tmp_path):
    cells = ["%matplotlib inline\nimport keras", "!pip install keras\nkeras.Model().fit(epochs=1)", "%%bash\nexit 3"]
    (tmp_path / "keras.py").write_text(STUB, encoding="utf-8")
    made = [
        {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [], "execution_count": 1} for cell in cells
    ]
    notebook = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "own.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    runs = tmp_path / "runs"
    process = recording(tmp_path / "own.ipynb", runs)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    (run,) = ended_runs(runs)
    assert (run.name, run.status.state) == ("own.ipynb", "finished")


def test_a_file_that_is_missing_or_no_notebook_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    for name in ("none.py", "broken.ipynb"):
        process = recording(tmp_path / name, tmp_path / "runs")
        _, err = process.communicate(timeout=60)
        assert process.returncode == 2
        assert len(err.splitlines()) == 1


def test_the_script_runs_where_its_runs_cannot_be_written(tmp_path):
    script, _ = stubbed(tmp_path, "import keras\nprint(keras.Model().fit(epochs=1))")
    (tmp_path / "file").write_text("", encoding="utf-8")
    process = recording(script, tmp_path / "file" / "runs")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "history\n")
    assert err.startswith("Digit Lab cannot record this training") and len(err.splitlines()) == 1
