"""A finished sweep without a training: as many trials as wanted, their runs, Optuna's study and its figures."""

import math
import random
from pathlib import Path

import optuna

from core.config.presets import preset_for
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.status import Status
from core.runs.store import RunStore
from core.sweeps.figures import draw_figures
from core.sweeps.folder import TRIAL_FILE, SweepFolder
from core.sweeps.samplers import distributions
from core.sweeps.study import Study
from core.sweeps.sweep import Sweep
from core.sweeps.variation import read_variation

_EPOCHS = 5
_VARIED = ("learning_rate=0.0001..0.1:log", "batch_size=32,64,128,256", "hidden_units.1=16..512")
_BEST_RATE = 0.003


def finished_sweep(runs_dir: Path, dataset: str, trials: int) -> SweepFolder:
    """A sweep of three settings whose losses follow from the learning rate, with chance."""
    store = RunStore(runs_dir, runs_dir / "none")
    config = preset_for("mlp-512", dataset).replace(dataset=dataset, validation="last-20", epochs=_EPOCHS)
    varied = tuple(read_variation(text, config) for text in _VARIED)
    sweep = Sweep(config=config, varied=varied, sampler="random", pruner="median", trials=trials, confirm=0)
    folder = SweepFolder.create(store, sweep)
    study, chance = Study(folder, sweep), random.Random(1)
    made = []
    for number in range(trials):
        values = {"learning_rate": 10 ** chance.uniform(-4, -1), "batch_size": chance.choice((32, 64, 128, 256))}
        values["hidden_units.1"] = chance.randint(16, 512)
        last = 0.1 + 0.2 * math.log10(values["learning_rate"] / _BEST_RATE) ** 2 + chance.uniform(0, 0.05)
        losses = {epoch: last * (1 + (_EPOCHS - epoch) / 2) for epoch in range(1, _EPOCHS + 1)}
        run = _run(store, folder, sweep, number, values, losses)
        made.append(
            optuna.trial.create_trial(
                params=values,
                distributions=distributions(sweep),
                value=last,
                intermediate_values=losses,
                user_attrs={"runs": [run.id], "outcome": "complete"},
            )
        )
    study.optuna.add_trials(made)
    folder.write_trials(study.records())
    draw_figures(study, folder)
    folder.files.change_status(state="finished", epoch=trials, seconds=60.0 * trials)
    return folder


def _run(
    store: RunStore,
    folder: SweepFolder,
    sweep: Sweep,
    number: int,
    values: dict[str, float],
    losses: dict[int, float],
) -> RunFolder:
    status = Status(state="finished", epoch=_EPOCHS, best_epoch=_EPOCHS, seconds=30.0, test_accuracy=0.9, test_loss=0.3)
    run = RunFolder.create(
        store.runs_dir,
        sweep.config_of(values),
        status,
        group=folder.group,
        number=number + 1,
        files={TRIAL_FILE: {"trial": number, "place": 0, "again": False}},
    )
    rows = [(epoch, loss, 0.9, loss, 0.9, values["learning_rate"], 6) for epoch, loss in losses.items()]
    lines = [",".join(map(str, row)) for row in (EPOCH_COLUMNS, *rows)]
    run.epochs_csv.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return run
