"""Try many settings: from the fields to a sweep that waits to be driven."""

import pytest

from core.runs.store import RunStore
from core.sweeps.folder import SweepStore
from tests.pages.shown import texts


@pytest.fixture
def started(runs_dir):
    """The sweeps that were started."""
    return lambda: SweepStore(RunStore(runs_dir)).all()


def vary(page, **texts):
    """Choose settings and their values."""
    page.multiselect(key="sweep.names").set_value(list(texts)).run()
    for name, text in texts.items():
        if text:
            page.text_input(key=f"sweep.values.{name}").set_value(text)
    return page.run()


def test_two_varied_settings_become_a_sweep_with_its_page(app, started):
    page = vary(app("train", preset="mlp-512", dataset="mnist-5k"), learning_rate="", batch_size="64,128")
    text = texts(page)
    # the preset validates with nothing
    assert "Trials are compared on the last 20\xa0% of the training images" in text
    assert "23 runs" in text
    assert "of disk space" in text
    page.number_input(key="sweep.trials").set_value(12).run()
    page.button(key="sweep.start").click().run()
    (listed,) = started()
    sweep = listed.sweep
    assert [each.write() for each in sweep.varied] == ["learning_rate=0.0001..0.01:log", "batch_size=64,128"]
    assert (sweep.trials, sweep.sampler, sweep.config.validation) == (12, "tpe", "last-20")
    assert page.query_params["sweep"] == listed.id
    assert [title.value for title in page.title] == ["mlp\\-512\\: Learning rate, Batch size"]


def test_where_the_test_set_validates_trials_are_compared_on_the_last_20_percent(app, started):
    page = vary(app("train", preset="mlp-512", dataset="mnist-5k", validation="test"), learning_rate="")
    assert "Trials are compared on the last 20\xa0% of the training images" in texts(page)
    page.button(key="sweep.start").click().run()
    assert started()[0].sweep.config.validation == "last-20"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("batch_size", "64", "has only the value 64"),
        ("learning_rate", "0..1:log", "cannot start from zero"),
        ("momentum", "0.5..0.9", "Momentum has no effect with this optimizer"),
        ("batch_size", "*bold*", "bold"),
    ],
)
def test_invalid_values_are_reported_beside_the_fields_and_cannot_be_started(app, started, name, text, said):
    page = vary(app("train", preset="mlp-512", dataset="mnist-5k"), **{name: text})
    assert any(said in error.value for error in page.error)
    assert not [button for button in page.button if button.key == "sweep.start"]
    assert started() == []


def test_every_setting_has_values_to_begin_with(app):
    page = app("train", preset="cnn-16-36", dataset="mnist-5k")
    names = page.multiselect(key="sweep.names").options
    assert "Filters of convolution 2" in names
    page = vary(page, **{"filters.2": "", "dense_units.1": "", "optimizer": "", "weight_averaging": ""})
    assert [field.value for field in page.text_input if (field.key or "").startswith("sweep.values.")] == [
        *("18,36,72", "64,128,256", "rmsprop,adam,adamw,nadam,adagrad,adadelta,sgd", "true,false")
    ]
    assert not page.error
