"""Settings and code of a run: its table, what can begin with it, its code, and its size on disk."""

from urllib.parse import parse_qsl

import h5py
import pytest

from core.config.links import config_from_query
from core.config.presets import PRESETS
from core.runs.store import RunStore
from tests.pages.shown import sentences, texts

CONFIG = PRESETS["mlp-512"].replace(dataset="mnist-5k", learning_rate=0.003, epochs=3)


@pytest.fixture
def run(make_run):
    """A finished run of three epochs, with weights of epochs 1 and 3, and the optimizer's state of epoch 3."""
    folder = make_run("finished", config=CONFIG)
    for path in (folder.weights(1), folder.weights(3), folder.state(3)):
        path.parent.mkdir(exist_ok=True)
        with h5py.File(path, "w") as file:
            file["weights"] = [0.0] * 1000
    return folder


def tab(app, folder):
    return app("run", run=folder.id, tab="settings")


def opened(test, name):
    """The page with a popover open, as after a click on it."""
    test.session_state[f"new_runs.{name}.0"] = True
    return test.run()


def pressed(test, name):
    """The page after a press of the only button whose key begins so."""
    (button,) = (button for button in test.button if button.key.startswith(f"new_runs.{name}"))
    button.click().run()
    assert not test.exception


def rows(test):
    """The cells of the tables, row by row."""
    html = "".join(element.proto.body for element in test.get("html"))
    return [
        [cell.partition(">")[2].partition("</t")[0] for cell in row.split("<t")[1:]]
        for row in html.replace("<thead>", "").replace("<tbody>", "").split("<tr>")[1:]
    ]


def links(test):
    """The links to pages: label and parameters."""
    return {link.proto.label: dict(parse_qsl(link.proto.query_string)) for link in test.get("page_link")}


def begun(folder):
    """The other runs in the folder of the runs, by name."""
    store = RunStore(folder.path.parent)
    return {run.name: run for run in store.runs() if not run.shipped and run.id != folder.id}


def test_settings_that_differ_are_shown_beside_the_presets(app, run):
    test = tab(app, run)
    assert ["Learning rate", "≠ 0.003", "0.001"] in rows(test)
    assert ["Batch size", "128", ""] in rows(test)
    assert "3 settings differ from the preset MLP 512." in texts(test)
    included = app("run", run="mlp-512", tab="settings")
    assert "All settings are those of the preset MLP 512." in texts(included)
    assert ["Keras", "3.15.1"] in rows(included)
    command, script = (code.value for code in included.code)
    assert command == "python -m core.training --preset=mlp-512"
    assert "layers.Dense(512" in script
    compile(script, "script", "exec")
    assert "06b0d1f124c4e5fa" in [row[-1] for row in rows(included)]


def test_a_run_is_trained_again_and_with_more_seeds_and_the_new_ones_can_be_opened(app, run):
    test = tab(app, run)
    test.button(key="new_runs.again").click().run()
    (again,) = begun(run).values()
    assert again.manifest.config == CONFIG
    test.button(key="new_runs.seeds").click().run()
    seeds = {run.id: run.manifest.config.seed for run in begun(run).values() if run.id != again.id}
    assert sorted(seeds.values()) == [2, 3, 4]
    assert {f"new_runs.open.{new}" for new in seeds} <= {button.key for button in test.button}
    test.button(key=f"new_runs.open.{min(seeds)}").click().run()
    assert test.query_params == {"tab": "curves", "run": min(seeds)}


def test_a_fork_says_what_becomes_of_the_optimizer_and_starts_at_its_epoch(app, run):
    test = opened(tab(app, run), "fork")
    (epochs,) = (box for box in test.selectbox if box.key.startswith("new_runs.epoch"))
    assert epochs.options == ["1 · new optimizer", "3 · best · optimizer's state kept"]
    epochs.set_value(1).run()
    assert "the weights of epoch 1 with a new optimizer" in texts(test)
    pressed(test, "begin_fork")
    (fork,) = begun(run).values()
    assert (fork.manifest.origin.run, fork.manifest.origin.epoch, fork.manifest.config) == (run.id, 1, CONFIG)


def test_a_run_goes_on_for_more_epochs(app, run):
    test = opened(tab(app, run), "longer")
    test.number_input(key="new_runs.more_epochs").set_value(2).run()
    pressed(test, "begin_longer")
    (longer,) = begun(run).values()
    assert longer.manifest.config == CONFIG.replace(epochs=5)
    assert longer.manifest.origin.optimizer_kept
    again = tab(app, longer.folder)
    assert "Started from the weights of" in texts(again)
    assert f"--from={longer.id} --epoch=3" in again.code[0].value


def test_where_a_run_cannot_go_on_one_sentence_says_why(app, make_run):
    waiting = make_run("queued", epochs=[])
    test = opened(tab(app, waiting), "longer")
    assert "it can be continued after it ends" in texts(test)
    assert next(button for button in test.button if button.key.startswith("new_runs.begin_longer")).disabled
    assert "This run has no stored weights" in texts(opened(tab(app, waiting), "fork"))


def test_a_visitor_beyond_the_limits_is_informed_before_pressing(app, make_run, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_PUBLIC", "on")
    test = tab(app, make_run("finished", config=CONFIG.replace(epochs=999)))
    assert "more than the" in texts(test)
    assert test.button(key="new_runs.again").disabled
    assert not [button.key for button in test.button if button.key.startswith("disk_space")]


def test_the_form_is_linked_with_exactly_these_settings(app, run):
    query = links(tab(app, run))["Load into the form"]
    assert config_from_query(query, default_dataset="mnist") == (CONFIG, [])


def test_code_and_notebook_of_digits_that_keras_lacks_say_what_is_missing(app):
    test = app("run", run="handwriting", tab="settings")
    (warning,) = sentences(test)
    assert "handwriting.npz" in warning
    assert [button.proto.label for button in test.get("download_button")] == ["Script (.py)", "Notebook (.ipynb)"]
