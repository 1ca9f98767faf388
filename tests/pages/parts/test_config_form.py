import re
import time
from collections.abc import Mapping

import pytest
from streamlit.testing.v1 import AppTest

from core.config import RunConfig
from core.links import config_to_query
from core.network import MLP
from core.presets import PRESETS
from pages.parts import form_state
from pages.parts.config_form import amount_sentence

TOTALS = {
    "mlp-512": "407,050",
    "mlp-512-overfit": "407,050",
    "lenet-20-50": "931,080",
    "cnn-16-36": "242,062",
    "mlp": "235,146",
    "cnn": "207,626",
}
UPDATES = {
    "mlp-512": "60,000 images in batches of 128: 469 updates an epoch, 2,345 in 5 epochs.",
    "mlp-512-overfit": "60,000 images in batches of 128: 469 updates an epoch, 9,380 in 20 epochs.",
    "lenet-20-50": "60,000 images in batches of 32: 1,875 updates an epoch, 3,750 in 2 epochs.",
    "cnn-16-36": "48,000 images in batches of 300: 160 updates an epoch, 3,200 in 20 epochs.",
    "mlp": "48,000 images in batches of 128: 375 updates an epoch, 3,750 in 10 epochs.",
    "cnn": "48,000 images in batches of 128: 375 updates an epoch, 3,750 in 10 epochs.",
}


def app() -> None:
    import streamlit as st

    from pages.parts.config_form import config_form

    def train() -> None:
        st.session_state.chosen = config_form(
            datasets={"mnist": "60,000 images", "mnist-5k": "4,000 images"},
            default_dataset=st.session_state.get("default", "mnist"),
        )

    if st.session_state.get("elsewhere"):
        st.write("another page")
    else:
        train()


@pytest.fixture(autouse=True)
def an_address_that_settles_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_state, "SETTLING_SECONDS", 0)


def opened(link: Mapping[str, str] | None = None) -> AppTest:
    page = AppTest.from_function(app, default_timeout=20)
    for name, text in (link or {}).items():
        page.query_params[name] = text
    return run(page)


def run(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def go(page: AppTest, link: Mapping[str, str]) -> AppTest:
    """As the browser's back and forward do."""
    page.query_params.clear()
    for name, text in link.items():
        page.query_params[name] = text
    return run(page)


def chosen(page: AppTest) -> RunConfig | None:
    return page.session_state.chosen


def link(page: AppTest) -> dict[str, str]:
    return {name: text if isinstance(text, str) else text[-1] for name, text in page.query_params.items() if text != []}


def total(page: AppTest) -> str:
    (table,) = (block.proto.body for block in page.get("html"))
    return re.sub(r"<[^>]+>", " ", table[table.index("<tfoot>") :]).split()[-1]


def click(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click()
    return run(page)


def pick(page: AppTest, preset: str) -> AppTest:
    page.button_group(key="form.preset").set_value(preset)
    return run(page)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_shows_its_size_and_updates(preset: str) -> None:
    page = opened({"preset": preset})
    assert chosen(page) == PRESETS[preset]
    assert total(page) == TOTALS[preset]
    assert amount_sentence(chosen(page)) == UPDATES[preset]
    assert not page.error and not page.warning


def test_without_a_link_the_address_stays_bare() -> None:
    page = opened()
    assert chosen(page) == PRESETS["mlp-512"]
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
def test_a_link_gives_the_form_and_the_form_the_run(config: RunConfig) -> None:
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


def test_a_bad_value_is_one_sentence_and_the_form_works() -> None:
    page = opened({"preset": "mlp", "epochs": "0", "batch_size": "64", "utm": "x"})
    assert [note.value for note in page.warning] == ["Epochs (epochs) is 0; use a whole number from 1 to 1,000."]
    assert chosen(page) == PRESETS["mlp"].replace(batch_size=64)
    page.number_input(key="form.epochs").set_value(4)
    run(page)
    assert not page.warning
    assert link(page) == {"preset": "mlp", "epochs": "4", "batch_size": "64", "utm": "x"}


def test_too_many_parameters_are_one_sentence_and_no_run() -> None:
    page = opened({"preset": "mlp", "hidden_units": "4096,1024"})
    page.number_input(key="form.hidden_units.0").set_value(8192)
    page.number_input(key="form.hidden_units.1").set_value(8192)
    run(page)
    assert chosen(page) is None
    assert ["73,629,706 parameters" in error.value for error in page.error] == [True]
    assert page.number_input(key="form.hidden_units.0").value == 8192
    run(page)
    assert page.number_input(key="form.hidden_units.1").value == 8192
    page.number_input(key="form.hidden_units.1").set_value(512)
    run(page)
    assert chosen(page) == PRESETS["mlp"].replace(hidden_units="8192,512")
    assert not page.error


def test_early_stopping_without_validation_is_said() -> None:
    page = opened({"preset": "mlp", "early_stopping": "val_loss", "patience": "5"})
    page.button_group(key="form.validation").set_value("none")
    run(page)
    assert chosen(page) is None
    assert ["early_stopping" in error.value for error in page.error] == [True]
    page.selectbox(key="form.early_stopping").set_value("loss")
    run(page)
    assert chosen(page) == PRESETS["mlp"].replace(validation="none", early_stopping="loss", patience=5)


def test_another_preset_resets_everything_but_the_data() -> None:
    page = opened({"preset": "mlp", "hidden_units": "9", "epochs": "3", "seed": "5", "dataset": "mnist-5k"})
    pick(page, "cnn-16-36")
    assert chosen(page) == PRESETS["cnn-16-36"].replace(dataset="mnist-5k")
    assert link(page) == {"preset": "cnn-16-36", "dataset": "mnist-5k"}
    assert page.number_input(key="form.batch_size").value == 300
    pick(page, "mlp")
    assert page.number_input(key="form.hidden_units.0").value == 256


def test_blocks_are_added_and_removed() -> None:
    page = opened({"preset": "cnn", "blocks": "4@3-same-max,6@5-same-average"})
    click(page, "form.blocks.add")
    assert link(page)["blocks"] == "4@3-same-max,6@5-same-average,6@5-same-average"
    page.number_input(key="form.blocks.2.filters").set_value(11)
    run(page)
    click(page, "form.blocks.0.remove")
    assert link(page)["blocks"] == "6@5-same-average,11@5-same-average"
    assert page.number_input(key="form.blocks.1.filters").value == 11
    click(page, "form.blocks.0.remove")
    assert [b.key for b in page.button if b.key and b.key.endswith("remove") and "blocks" in b.key] == []


def test_a_block_that_would_not_fit_comes_without_pooling() -> None:
    page = opened({"preset": "cnn", "blocks": ",".join(["4@5-valid-max"] * 2)})
    for _ in range(5):
        click(page, "form.blocks.add")
    config = chosen(page)
    assert config is not None
    assert len(config.network.blocks) == 7
    assert not page.error


def test_layers_are_added_and_removed() -> None:
    page = opened({"preset": "mlp"})
    click(page, "form.hidden_units.add")
    assert link(page)["hidden_units"] == "256,128,64"
    for _ in range(3):
        click(page, "form.hidden_units.remove")
    assert link(page)["hidden_units"] == ""
    assert total(page) == "7,850"


def test_a_tutorial_s_network_can_be_changed() -> None:
    page = opened({"preset": "cnn-16-36", "epochs": "7"})
    click(page, "form.shape")
    page.number_input(key="form.blocks.0.filters").set_value(8)
    run(page)
    network = PRESETS["cnn-16-36"].network.replace(blocks="8@5-same-max,36@5-same-max")
    assert chosen(page) == PRESETS["cnn-16-36"].replace(preset="cnn", epochs=7, network=network)


def test_what_is_changed_behind_more_is_counted() -> None:
    page = opened({"preset": "mlp"})
    assert next(box.label for box in page.expander) == "More"
    page.button_group(key="form.augmentation").set_value("strong")
    run(page)
    assert next(box.label for box in page.expander) == "More (1 changed)"


def test_only_what_the_optimizer_has_is_asked_for() -> None:
    def asked(optimizer: str) -> set[str]:
        page = opened({"optimizer": optimizer})
        return {box.key for box in page.number_input} & {"form.momentum", "form.weight_decay"}

    assert [asked(name) for name in ("sgd", "adamw", "adam")] == [{"form.momentum"}, {"form.weight_decay"}, set()]


def test_back_and_forward_move_the_form() -> None:
    page = opened()
    pick(page, "cnn")
    page.number_input(key="form.epochs").set_value(4)
    run(page)
    go(page, {"preset": "cnn"})
    assert chosen(page) == PRESETS["cnn"]
    assert page.number_input(key="form.epochs").value == 10
    go(page, {})
    assert chosen(page) == PRESETS["mlp-512"]
    assert link(page) == {}
    go(page, {"preset": "cnn", "epochs": "4"})
    assert chosen(page) == PRESETS["cnn"].replace(epochs=4)


def test_a_quick_second_click_does_not_undo_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_state, "SETTLING_SECONDS", 60)
    page = opened({"preset": "mlp"})
    page.number_input(key="form.epochs").set_value(4)
    run(page)
    go(page, {"preset": "mlp"})  # the address as the browser had it before our answer came
    assert chosen(page) == PRESETS["mlp"].replace(epochs=4)
    page.query_params.clear()
    page.query_params["preset"] = "mlp"
    page.number_input(key="form.batch_size").set_value(99)
    run(page)
    assert chosen(page) == PRESETS["mlp"].replace(epochs=4, batch_size=99)


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


def test_the_data_follow_what_can_be_had_until_chosen() -> None:
    page = AppTest.from_function(app, default_timeout=20)
    page.session_state.default = "mnist-5k"
    run(page)
    assert chosen(page) == PRESETS["mlp-512"].replace(dataset="mnist-5k")
    page.session_state.default = "mnist"
    run(page)
    assert chosen(page) == PRESETS["mlp-512"]
    page.selectbox(key="form.dataset").set_value("mnist-5k")
    run(page)
    assert link(page)["dataset"] == "mnist-5k"
    page.session_state.default = "mnist-5k"
    run(page)
    page.session_state.default = "mnist"
    run(page)
    assert chosen(page) == PRESETS["mlp-512"].replace(dataset="mnist-5k")


def test_a_change_redraws_quickly() -> None:
    page = opened({"preset": "cnn"})
    seconds = []
    for epochs in range(1, 8):
        page.number_input(key="form.epochs").set_value(epochs)
        began = time.perf_counter()
        run(page)
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.15
