"""New runs that begin with an earlier one."""

import json
from dataclasses import replace

import pytest

from core.config.run import RunConfig
from core.errors import DigitLabError, InvalidSetting, UnreadableRun
from core.runs.beginning import again, began, fork, forkable_epochs, longer, more_seeds
from core.runs.curves import CurveReader
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.manifest import Manifest, Origin
from core.runs.model_file import InputForm, ModelFile
from core.runs.states import stored_states
from core.runs.status import Status
from core.runs.store import SHIPPED_DIR, RunStore

CONFIG = RunConfig(dataset="mnist-5k", epochs=4, validation="last-20")
QUEUED = Status(state="queued")


@pytest.fixture
def run(make_run, store):
    """A finished run of four epochs, the second its best, with states of all but the third."""
    folder = make_run(epoch=4, best_epoch=2, name="first")
    folder.write_manifest(replace(folder.manifest(), config=CONFIG))
    for directory in ("checkpoints", "predictions"):
        (folder.path / directory).mkdir()
    for epoch in range(5):
        folder.weights(epoch).write_bytes(b"weights %d" % epoch)
        folder.predictions(epoch).write_bytes(b"predictions %d" % epoch)
    for epoch in (1, 2, 4):
        folder.state(epoch).write_bytes(b"state %d" % epoch)
    losses = enumerate((0.5, 0.3, 0.4, 0.45), start=1)
    rows = [f"{epoch},0.2,0.9,{loss},0.9,0.001,2" for epoch, loss in losses]
    folder.epochs_csv.write_text("\n".join([",".join(EPOCH_COLUMNS), *rows, ""]))
    batches = [f"{epoch},{batch},0.5,0.9,100" for epoch in (1, 2, 3, 4) for batch in (4, 8)]
    folder.batches_csv.write_text("\n".join([",".join(BATCH_COLUMNS), *batches, ""]))
    return store.find(folder.id)


def test_a_fork_has_the_history_and_the_state_up_to_its_epoch(run, store):
    made = fork(run, 2, CONFIG.replace(learning_rate=0.01)).create(store, QUEUED)
    assert made.manifest().origin == Origin(run.id, "first", 2, optimizer_kept=True)
    assert [row[0] for row in CurveReader(made.epochs_csv, EPOCH_COLUMNS).read()] == [1, 2]
    assert [row[:2] for row in CurveReader(made.batches_csv, BATCH_COLUMNS).read()] == [(1, 4), (1, 8), (2, 4), (2, 8)]
    assert (made.status().epoch, made.status().best_epoch, made.status().seconds) == (2, 2, 4)
    assert forkable_epochs(store.find(made.id)) == (0, 1, 2)
    assert stored_states(made) == (1, 2)
    # it stands alone once its origin is gone
    store.delete(run.id)
    assert made.weights(2).read_bytes() == b"weights 2"
    assert made.predictions(1).read_bytes() == b"predictions 1"
    repeated = again(store.find(made.id))
    assert repeated.origin == made.manifest().origin
    assert stored_states(repeated.create(store, QUEUED)) == (1, 2)


@pytest.mark.parametrize(("epoch", "changes"), [(3, {}), (2, {"optimizer": "sgd"})])
def test_a_fork_without_a_fitting_state_says_that_its_optimizer_is_new(run, store, epoch, changes):
    made = fork(run, epoch, CONFIG.replace(**changes)).create(store, QUEUED)
    origin = made.manifest().origin
    assert not origin.optimizer_kept
    assert f"“first” after epoch {epoch}, with a new optimizer" in str(began(origin))
    # the worker would go on from an earlier state
    assert stored_states(made) == ()


def test_a_run_goes_on_for_more_epochs_once_it_has_ended(run, store):
    more = longer(run, 3)
    assert (more.config, more.origin.epoch, more.origin.optimizer_kept) == (CONFIG.replace(epochs=7), 4, True)
    run.folder.write_status(Status(state="queued", epoch=4))
    with pytest.raises(DigitLabError, match="“first” is queued"):
        longer(store.find(run.id), 3)


@pytest.mark.parametrize(
    ("epoch", "changes", "error", "said"),
    [
        (9, {}, UnreadableRun, "choose one of these epochs: 0–2, 4"),
        (3, {}, UnreadableRun, "The weights of epoch 3 were not kept"),
        (4, {}, InvalidSetting, "4 epochs leave nothing to train"),
        (2, {"hidden_units": "64"}, InvalidSetting, "do not fit another network"),
        (2, {"validation": "test"}, InvalidSetting, "evaluated on images"),
    ],
)
def test_a_fork_that_is_impossible_is_refused_with_one_sentence(run, epoch, changes, error, said):
    run.folder.weights(3).unlink()
    with pytest.raises(error, match=said):
        fork(run, epoch, CONFIG.replace(**changes))


def test_the_best_epoch_of_a_fork_has_weights(run, store):
    run.folder.weights(2).unlink()
    assert fork(run, 3).create(store, QUEUED).status().best_epoch == 3


def test_more_seeds_are_the_next_unused_ones(run, store):
    RunFolder.create(store.runs_dir, CONFIG.replace(seed=3), Status(state="failed"))
    RunFolder.create(store.runs_dir, CONFIG.replace(seed=2, batch_size=64), Status(state="finished"))
    assert [each.config.seed for each in more_seeds(run, store.runs())] == [2, 4, 5]
    assert {each.config.replace(seed=1) for each in more_seeds(run, store.runs())} == {CONFIG}
    # a fork is another recipe, and its seeds begin with the same weights
    made = store.find(fork(run, 2).create(store, QUEUED).id)
    begun = more_seeds(made, store.runs(), 2)
    assert [(each.config.seed, each.origin) for each in begun] == [(seed, made.manifest.origin) for seed in (2, 3)]


def test_runs_are_numbered_as_they_are_started(run, store):
    made = [beginning.create(store, QUEUED) for beginning in (again(run), *more_seeds(run, store.runs(), 2))]
    assert [folder.manifest().number for folder in made] == [1, 2, 3]
    made[2].write_status(Status(state="stopped"))
    store.delete(made[2].id)
    assert fork(run, 2).create(store, QUEUED).manifest().number == 3


def test_a_fork_of_a_run_without_curves_counts_its_epochs_from_its_origins(run, store):
    run.folder.epochs_csv.unlink()
    made = fork(run, 3).create(store, QUEUED)
    assert [row[0] for row in CurveReader(made.epochs_csv, EPOCH_COLUMNS).read()] == [3]
    assert made.status().epoch == 3


def test_an_included_run_can_be_forked_with_a_new_optimizer(store):
    shipped = RunStore(store.runs_dir, SHIPPED_DIR).find("mlp-512")
    made = fork(shipped, 3).create(store, QUEUED)
    assert made.manifest().origin == Origin("mlp-512", shipped.name, 3, optimizer_kept=False)
    assert made.weights(3).read_bytes() == shipped.folder.weights(3).read_bytes()


ORIGIN = {"run": "mlp", "name": "x" * 300 + "\n", "epoch": 3, "optimizer_kept": True}
WRONG = [
    {"epoch": 4},
    {"epoch": -1},
    {"epoch": True},
    {"run": "../x"},
    {"run": 5},
    {"name": None},
    {"optimizer_kept": 1},
]


@pytest.mark.parametrize("wrong", [3, {"run": "mlp"}, *({**ORIGIN, **values} for values in WRONG)])
def test_a_manifest_with_a_wrong_origin_is_damaged(run, store, wrong):
    path = run.folder.path / "run.json"
    values = json.loads(path.read_text())
    path.write_text(json.dumps(values | {"origin": ORIGIN}))
    assert store.find(run.id).manifest.origin.name == "x" * 80
    path.write_text(json.dumps(values | {"origin": wrong}))
    with pytest.raises(UnreadableRun):
        store.find(run.id)


def test_a_manifest_without_an_origin_has_none(run):
    assert "origin" not in json.loads((run.folder.path / "run.json").read_text())
    assert run.manifest == Manifest("first", run.created, CONFIG)


def test_a_network_from_a_file_cannot_be_trained_again_or_forked(run, store):
    model = ModelFile("net.keras", "keras", "0" * 64, InputForm((28, 28, 1)), "logits")
    run.folder.write_manifest(replace(run.manifest, model=model))
    read = store.find(run.id)
    for begin in (again, lambda run: more_seeds(run, []), lambda run: longer(run, 2), lambda run: fork(run, 2)):
        with pytest.raises(DigitLabError, match="does not say how it was trained"):
            begin(read)
