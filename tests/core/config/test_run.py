"""What a run's settings say about it."""

from core.config.presets import PRESETS


def test_runs_that_differ_in_their_seed_only_have_the_same_recipe():
    run = PRESETS["cnn-16-36"]
    assert {run.recipe: "found"}[run.replace(seed=99).recipe] == "found"
    assert run.recipe == run.replace(preset="cnn").recipe == run.replace(momentum=0.5).recipe
    for change in ({"learning_rate": 0.0003}, {"dense_units": (64,)}, {"dataset": "mnist-5k"}, {"epochs": 3}):
        assert run.recipe != run.replace(**change).recipe
