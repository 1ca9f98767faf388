"""Which sweeps can be made, what they will take, and that they are read as written."""

import pytest

from core.config.presets import PRESETS
from core.errors import DigitLabError, UnreadableRun
from core.sweeps.sweep import Sweep
from tests.core.sweeps.conftest import RATES, a_sweep

BASE = PRESETS["mlp"].replace(dataset="mnist-5k", validation="last-20", epochs=9)


@pytest.mark.parametrize(
    ("varied", "changes", "given", "said"),
    [
        ((RATES,), {"validation": "none"}, {}, "validation is none; set it to last-20"),
        ((RATES,), {"validation": "test"}, {}, "must not choose by the test set"),
        ((RATES, "learning_rate=0.1,0.2"), {}, {}, "Learning rate is varied twice"),
        (("hidden_units=8;16", "hidden_units.1=8,16"), {}, {}, "varied twice"),
        (("momentum=0.5..0.9",), {}, {}, "Momentum has no effect with this optimizer"),
        (("patience=1..5", "optimizer=adam,sgd"), {}, {}, "Patience has no effect without early stopping"),
        (("loss=mean_squared_error,sparse_categorical_crossentropy",), {}, {}, "changes what the loss means"),
        ((RATES, "batch_size=32,64"), {}, {"sampler": "cmaes"}, "give every varied setting a range"),
        ((RATES,), {}, {"sampler": "cmaes"}, "choose TPE for one"),
        ((RATES,), {}, {"sampler": "nsga2"}, "NSGA-II searches for two objectives"),
        ((RATES,), {}, {"second": "parameters", "sampler": "tpe"}, "For two objectives choose NSGA-II"),
        ((RATES,), {}, {"second": "bytes", "pruner": "median"}, "With two objectives no trial can be pruned"),
        ((RATES,), {"epochs": 1}, {"pruner": "median"}, "With one epoch there is nothing to prune"),
        ((RATES,), {}, {"trials": 0}, "Trials (sweep_trials) is 0"),
        ((RATES,), {}, {"sampler": "best"}, "Sampler (sweep_sampler) is best"),
        ((RATES,), {}, {"seeds": 99}, "Runs per trial (sweep_seeds) is 99"),
        (("hidden_units=8192,8192;8000,8000",), {}, {}, "None of these combinations can be trained"),
        (
            ("dropout=0..0.9:20", f"{RATES}:20", "batch_size=1..999:20", "epochs=2..99:20"),
            {},
            {"sampler": "grid"},
            "The grid has 160000 combinations",
        ),
    ],
)  # fmt: skip
def test_a_sweep_that_cannot_be_made_is_refused_with_one_sentence(varied, changes, given, said):
    with pytest.raises(DigitLabError) as caught:
        a_sweep(*varied, config=BASE.replace(**changes), **given)
    assert said in str(caught.value)


def test_nothing_varied_is_refused():
    with pytest.raises(DigitLabError, match="Nothing is varied"):
        Sweep(config=BASE, varied=())


def test_a_setting_that_has_an_effect_in_some_trials_may_be_varied():
    assert a_sweep("momentum=0.5..0.9", "optimizer=adam,sgd", config=BASE).trainable.share == 1


def test_a_sampler_can_handle_a_trillion_combinations():
    wide = a_sweep(RATES, *(f"hidden_units.{n}=1..8192" for n in (1, 2, 3)), config=BASE.replace(hidden_units="8,8,8"))
    assert wide.combinations is None
    assert a_sweep("batch_size=1..60000", "epochs=1..1000", config=BASE).combinations == 60_000_000


def test_combinations_that_cannot_be_trained_are_counted_with_one_example():
    found = a_sweep("hidden_units=8192,8192;8", "batch_size=32,64", config=BASE).trainable
    assert (found.tried, found.failed) == (4, 2)
    assert "hidden_units=8192,8192" in str(found.reason)


def test_a_sweep_is_read_as_written_and_nothing_else_is_one():
    sweep = a_sweep(RATES, "hidden_units.1=8..16", seeds=2, pruner="median", origin=("a-run", 3))
    values = sweep.to_json()
    assert Sweep.from_json(values) == sweep
    for broken in (
        None,
        [],
        {},
        {**values, "varied": ["seed=1,2"]},
        {**values, "trials": "x"},
        {**values, "origin": 5},
    ):
        with pytest.raises(UnreadableRun):
            Sweep.from_json(broken)
    with pytest.raises(UnreadableRun, match="another version"):
        Sweep.from_json({**values, "format": 2})


def test_pruning_saves_nothing_without_a_pruner_and_never_the_first_epochs():
    assert a_sweep().saving == 0
    # after five trials, half of the others may end after 1 of 9 epochs
    assert a_sweep(config=BASE, pruner="median", trials=10).saving == pytest.approx(5 / 10 / 2 * 8 / 9)
    assert a_sweep(config=BASE, pruner="median", trials=5).saving == 0
    # brackets of Optuna's Hyperband for 9 epochs: 9 of 17 trials start with 1 epoch, 5 with 3, 3 with 9
    first, second, third = 1 + 2 / 3 + 6 / 9, 3 + 6 / 3, 9
    expected = 1 - (9 * first + 5 * second + 3 * third) / 17 / 9
    assert a_sweep(config=BASE, pruner="hyperband").saving == pytest.approx(expected)


def test_the_runs_of_a_trial_differ_in_their_seed_alone():
    sweep = a_sweep(seeds=3)
    first, second = (sweep.config_of({"learning_rate": 0.01}, place) for place in (0, 1))
    assert second.seed == first.seed + 1
    assert first.recipe == second.recipe
