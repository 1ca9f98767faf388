"""The form: presets, layers, blocks, errors."""

import re

import pytest

from core.config.presets import PRESETS
from pages.state.plain_text import plain_text
from pages.train.form import amount_sentence
from tests.pages.train.form_page import chosen, click, link, opened, pick, run, total

TOTALS = {
    "cnn-quick": "47,178",
    "mlp-512": "407,050",
    "mlp-512-overfit": "407,050",
    "lenet-20-50": "931,080",
    "cnn-16-36": "242,062",
    "mlp": "235,146",
    "cnn": "207,626",
    "layers": "34,826",
}
UPDATES = {
    "cnn-quick": "600 updates in 1 epoch",
    "mlp-512": "469 updates per epoch, 2,345 in 5 epochs",
    "mlp-512-overfit": "469 updates per epoch, 9,380 in 20 epochs",
    "lenet-20-50": "1,875 updates per epoch, 3,750 in 2 epochs",
    "cnn-16-36": "160 updates per epoch, 3,200 in 20 epochs",
    "mlp": "375 updates per epoch, 3,750 in 10 epochs",
    "cnn": "375 updates per epoch, 3,750 in 10 epochs",
    "layers": "375 updates per epoch, 3,750 in 10 epochs",
}


def test_each_preset_shows_its_size_and_updates() -> None:
    page = opened()
    for preset in PRESETS:
        pick(page, preset)
        assert chosen(page) == PRESETS[preset]
        assert total(page) == TOTALS[preset]
        assert amount_sentence(chosen(page)) == UPDATES[preset]
        assert not page.error and not page.warning


def test_too_many_parameters_are_reported_and_give_no_run() -> None:
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


def test_early_stopping_without_validation_is_reported() -> None:
    page = opened({"preset": "mlp", "early_stopping": "val_loss", "patience": "5"})
    page.selectbox(key="form.validation").set_value("none")
    run(page)
    assert chosen(page) is None
    assert [plain_text("early_stopping") in error.value for error in page.error] == [True]
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


def test_the_keras_code_is_drawn_while_its_section_is_open() -> None:
    page = opened({"preset": "mlp-512"})
    assert not page.code
    page.session_state["form.open.code"] = True
    run(page)
    assert "Dense(512" in page.code[0].value
    pick(page, "lenet-20-50")
    assert "Conv2D(20" in page.code[0].value


def test_another_preset_sends_only_the_fields_that_it_changes() -> None:
    page = opened({"preset": "mlp-512"})
    run(page)
    pick(page, "mlp-512-overfit")
    assert page.number_input(key="form.epochs").proto.set_value
    assert not page.number_input(key="form.batch_size").proto.set_value
    page.number_input(key="form.batch_size").set_value(0)
    run(page)
    assert chosen(page) is None
    pick(page, "mlp-512")
    assert chosen(page) == PRESETS["mlp-512"]
    assert page.number_input(key="form.batch_size").value == 128


def test_blocks_and_layers_are_added_and_removed_by_buttons_that_say_which() -> None:
    page = opened({"preset": "cnn", "blocks": "4@3-same-max,6@5-same-average", "dense_units": "9"})
    labels = [button.label for button in page.button]
    added = ["Add block", "Add dense layer"]
    assert labels == ["Remove block 1", "Remove block 2", added[0], added[1], "Remove dense layer 1", "Edit as layers"]
    names = [box.label for kind in ("number_input", "selectbox") for box in getattr(page, kind)]
    assert len(set(names)) == len(names)
    click(page, "form.blocks.add")
    assert link(page)["blocks"] == "4@3-same-max,6@5-same-average,6@5-same-average"
    page.number_input(key="form.blocks.2.filters").set_value(11)
    run(page)
    click(page, "form.blocks.0.remove")
    assert link(page)["blocks"] == "6@5-same-average,11@5-same-average"
    assert page.number_input(key="form.blocks.1.filters").value == 11
    click(page, "form.blocks.0.remove")
    click(page, "form.dense_units.remove")
    assert [button.label for button in page.button] == [*added, "Edit as layers"]
    pick(page, "mlp")
    click(page, "form.hidden_units.add")
    assert link(page)["hidden_units"] == "256,128,64"
    for layer in (3, 2, 1):
        assert page.button(key="form.hidden_units.remove").label == f"Remove hidden layer {layer}"
        click(page, "form.hidden_units.remove")
    assert link(page)["hidden_units"] == ""
    assert total(page) == "7,850"


def test_a_choice_that_comes_with_a_click_which_takes_its_widget_away_is_no_error() -> None:
    page = opened()
    pick(page, "layers")
    page.selectbox(key="form.dataset").set_value("mnist-5k")
    click(page, "form.layers.delete")
    assert total(page) != TOTALS["layers"]


def test_an_added_block_has_no_pooling_if_it_would_not_fit() -> None:
    page = opened({"preset": "cnn", "blocks": ",".join(["4@5-valid-max"] * 2)})
    for _ in range(5):
        click(page, "form.blocks.add")
    config = chosen(page)
    assert config is not None
    assert len(config.network.blocks) == 7
    assert not page.error


def test_a_tutorials_network_can_be_edited() -> None:
    page = opened({"preset": "cnn-16-36", "epochs": "7"})
    click(page, "form.shape")
    page.number_input(key="form.blocks.0.filters").set_value(8)
    run(page)
    network = PRESETS["cnn-16-36"].network.replace(blocks="8@5-same-max,36@5-same-max")
    assert chosen(page) == PRESETS["cnn-16-36"].replace(preset="cnn", epochs=7, network=network)


def test_the_expander_counts_changed_settings() -> None:
    page = opened({"preset": "mlp"})
    assert "More settings" in [box.label for box in page.expander]
    page.selectbox(key="form.augmentation").set_value("strong")
    run(page)
    assert "More settings (1 changed)" in [box.label for box in page.expander]


def test_a_sections_help_explains_each_of_its_fields_and_no_other() -> None:
    page = opened({"preset": "mlp", "optimizer": "adamw"})
    assert not any(box.help for kind in ("number_input", "selectbox", "toggle") for box in getattr(page, kind))
    shown = {box.label for kind in ("selectbox", "select_slider", "toggle") for box in getattr(page, kind)}
    shown |= {box.label for box in page.number_input if "Hidden layer" not in box.label}
    explained = re.findall(r"\*\*(.+?)\*\*:", "\n\n".join(heading.proto.help for heading in page.subheader))
    assert set(explained) == shown | {"Network", "Hidden layers"}
    assert "Momentum" not in explained


SGD = {"preset": "cnn", "optimizer": "sgd", "weight_averaging": "true", "early_stopping": "loss"}
WHOLE = "use a whole number from"
OUTSIDE = [
    (
        {"preset": "mlp", "optimizer": "adamw"},
        {
            "hidden_units.0": (99_999, f"Hidden layer 1 (hidden_units) is 99999; {WHOLE} 1 to 8,192."),
            "dropout": (-0.1, "Dropout (dropout) is -0.1; use a number from 0 to 0.9"),
            "weight_decay": (2, "Weight decay (weight_decay) is 2; use a number from 0 to 1"),
        },
    ),
    (
        SGD,
        {
            "dense_units.0": (0, f"Dense layer 1 (dense_units) is 0; {WHOLE} 1 to 8,192."),
            "blocks.1.filters": (-3, f"Block 2 filters (blocks) is -3; {WHOLE} 1 to 512."),
            "blocks.0.kernel_size": (2.5, f"Block 1 kernel (blocks) is 2.5; {WHOLE} 1 to 128."),
            "dense_dropout": (0.95, "(dense_dropout) is 0.95; use a number from 0 to 0.9"),
            "epochs": (1e20, f"Epochs (epochs) is 1e+20; {WHOLE} 1 to 1,000."),
            "batch_size": (60_001, f"Batch size (batch_size) is 60001; {WHOLE} 1 to 60,000."),
            "momentum": (1, "Momentum (momentum) is 1; use a number from 0 to 0.999"),
            "averaging_decay": (0.2, "(averaging_decay) is 0.2; use a number from 0.5 to 0.9999"),
            "patience": (0, f"Patience (patience) is 0; {WHOLE} 1 to 1,000."),
            "seed": (-1, f"Seed (seed) is -1; {WHOLE} 0 to 2,147,483,647."),
        },
    ),
]


@pytest.mark.parametrize(("link", "typed"), OUTSIDE, ids=["mlp", "cnn"])
def test_each_number_outside_its_limits_has_an_error_until_it_is_fixed(
    link: dict[str, str], typed: dict[str, tuple[float, str]]
) -> None:
    page = opened(link)
    before = chosen(page)
    fixed = {field: page.number_input(key=f"form.{field}").value for field in typed}
    for field, (value, _) in typed.items():
        page.number_input(key=f"form.{field}").set_value(value)
    run(page)
    assert chosen(page) is None
    shown = "\n".join(error.value for error in page.error)
    assert [sentence for _, sentence in typed.values() if plain_text(sentence) not in shown] == []
    # with limits, the browser would not send the value
    assert not any(box.proto.has_min or box.proto.has_max for box in page.number_input)
    *most, last = typed
    for field in most:
        page.number_input(key=f"form.{field}").set_value(fixed[field])
    run(page)
    assert chosen(page) is None
    assert [plain_text(typed[last][1]) in error.value for error in page.error] == [True]
    page.number_input(key=f"form.{last}").set_value(fixed[last])
    run(page)
    assert chosen(page) == before
    assert not page.error
