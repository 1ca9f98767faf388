"""The form and the URL: links, Back and Forward, other pages."""

import pytest
from streamlit.testing.v1 import AppTest

from core.config.links import config_to_query
from core.config.network import MLP
from core.config.presets import PRESETS
from core.config.run import RunConfig
from pages.state import left_links
from pages.state.plain_text import plain_text
from tests.pages.train.form_page import app, chosen, go, link, opened, pick, run


def test_without_a_link_the_url_has_no_parameters() -> None:
    page = opened()
    assert chosen(page) == PRESETS["cnn-quick"]
    assert link(page) == {}
    run(page)
    assert link(page) == {}


LINKED = (
    PRESETS["cnn"].replace(
        blocks="8@7-valid-average,9@3-same-none,10@2-same-max",
        dense_units="",
        convolution_dropout=0.123,
        activation="silu",
        optimizer="adamw",
        weight_decay=0.00012,
        learning_rate=0.0042,
        schedule="cosine",
        augmentation="strong",
        weight_averaging=True,
        averaging_decay=0.987,
        early_stopping="val_accuracy",
        patience=9,
        precision="bfloat16",
        seed=77,
        dataset="mnist-5k",
    ),
    PRESETS["mlp"].replace(hidden_units="5,6,7", optimizer="sgd", momentum=0.123, learning_rate=7),
    PRESETS["mlp-512"].replace(hidden_units="8", batch_normalization=True, batch_size=60_000, epochs=1_000),
    PRESETS["cnn-16-36"].replace(network=MLP((3,))),
)


@pytest.mark.parametrize("config", LINKED, ids=lambda config: config.preset)
def test_a_link_fills_in_the_form_and_the_form_updates_the_link(config: RunConfig) -> None:
    given = config_to_query(config)
    page = opened({**given, "run": "20261122-mlp"})
    assert chosen(page) == config
    page.number_input(key="form.epochs").set_value(3)
    run(page)
    assert chosen(page) == config.replace(epochs=3)
    assert link(page) == {**config_to_query(config.replace(epochs=3)), "run": "20261122-mlp"}
    page.number_input(key="form.epochs").set_value(config.epochs)
    run(page)
    assert link(page) == {**given, "run": "20261122-mlp"}


def test_an_invalid_value_is_reported_and_the_form_works() -> None:
    page = opened({"preset": "mlp", "epochs": "0", "batch_size": "64", "utm": "x"})
    sentence = "Epochs (epochs) is 0; use a whole number from 1 to 1,000."
    assert [note.value for note in page.warning] == [plain_text(sentence)]
    assert chosen(page) == PRESETS["mlp"].replace(batch_size=64)
    page.number_input(key="form.epochs").set_value(4)
    run(page)
    assert not page.warning
    assert link(page) == {"preset": "mlp", "epochs": "4", "batch_size": "64", "utm": "x"}


def test_back_and_forward_restore_the_form() -> None:
    page = opened()
    pick(page, "cnn")
    page.number_input(key="form.epochs").set_value(4)
    run(page)
    go(page, {"preset": "cnn"})
    assert chosen(page) == PRESETS["cnn"]
    assert page.number_input(key="form.epochs").value == 10
    go(page, {})
    assert chosen(page) == PRESETS["cnn-quick"]
    assert link(page) == {}
    go(page, {"preset": "cnn", "epochs": "4"})
    assert chosen(page) == PRESETS["cnn"].replace(epochs=4)


def test_an_address_from_before_several_changes_may_be_late_and_undoes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_links, "LATE_SECONDS", 60)
    page = opened({"preset": "mlp"})
    for epochs in (4, 6):
        page.number_input(key="form.epochs").set_value(epochs)
        run(page)
    for late in ({"preset": "mlp"}, {"preset": "mlp", "epochs": "4"}):
        go(page, late)
        assert chosen(page) == PRESETS["mlp"].replace(epochs=6)
        # Back may have sent it, so the page does not write over it before the browser has answered
        assert link(page) == late
    page.number_input(key="form.batch_size").set_value(99)
    run(page)
    assert chosen(page) == PRESETS["mlp"].replace(epochs=6, batch_size=99)
    assert link(page) == {"preset": "mlp", "epochs": "6", "batch_size": "99"}


def test_back_soon_after_a_change_is_followed_when_the_browser_has_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_links, "LATE_SECONDS", 60)
    page = opened({"preset": "mlp"})
    page.number_input(key="form.epochs").set_value(4)
    run(page)
    go(page, {"preset": "mlp"})
    # what the page's question does with the browser's answer, which AppTest does not send
    page.session_state.form.left.clear()
    run(page)
    assert chosen(page) == PRESETS["mlp"]


def test_the_form_survives_another_page() -> None:
    page = opened()
    pick(page, "mlp")
    page.number_input(key="form.epochs").set_value(4)
    run(page)
    page.session_state.elsewhere = True
    go(page, {})
    page.session_state.elsewhere = False
    run(page)
    assert chosen(page) == PRESETS["mlp"].replace(epochs=4)
    assert link(page) == {"preset": "mlp", "epochs": "4"}


def test_the_data_set_follows_the_default_until_one_is_chosen() -> None:
    page = AppTest.from_function(app, default_timeout=20)
    page.session_state.default = "mnist-5k"
    run(page)
    assert chosen(page) == PRESETS["cnn-quick"].replace(dataset="mnist-5k", epochs=5)
    page.session_state.default = "mnist"
    run(page)
    assert chosen(page) == PRESETS["cnn-quick"]
    page.selectbox(key="form.dataset").set_value("mnist-5k")
    run(page)
    assert link(page) == {"preset": "cnn-quick", "dataset": "mnist-5k"}
    assert chosen(page).epochs == 5
    page.number_input(key="form.epochs").set_value(7)
    run(page)
    for dataset in ("mnist", "mnist-5k"):
        page.selectbox(key="form.dataset").set_value(dataset)
        run(page)
        # what the visitor chose stays
        assert chosen(page) == PRESETS["cnn-quick"].replace(epochs=7, dataset=dataset)
    page.session_state.default = "mnist-5k"
    run(page)
    page.session_state.default = "mnist"
    run(page)
    assert chosen(page) == PRESETS["cnn-quick"].replace(dataset="mnist-5k", epochs=7)
