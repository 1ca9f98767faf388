"""The form: presets, layers, blocks, errors."""

import pytest

from core.config.presets import PRESETS
from pages.state.plain_text import plain_text
from pages.train.form import amount_sentence
from tests.pages.train.form_page import chosen, click, link, opened, pick, run, total

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


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_shows_its_size_and_updates(preset: str) -> None:
    page = opened({"preset": preset})
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
    page.button_group(key="form.validation").set_value("none")
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


def test_an_added_block_has_no_pooling_if_it_would_not_fit() -> None:
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


def test_a_tutorials_network_can_be_edited() -> None:
    page = opened({"preset": "cnn-16-36", "epochs": "7"})
    click(page, "form.shape")
    page.number_input(key="form.blocks.0.filters").set_value(8)
    run(page)
    network = PRESETS["cnn-16-36"].network.replace(blocks="8@5-same-max,36@5-same-max")
    assert chosen(page) == PRESETS["cnn-16-36"].replace(preset="cnn", epochs=7, network=network)


def test_the_expander_counts_changed_settings() -> None:
    page = opened({"preset": "mlp"})
    assert next(box.label for box in page.expander) == "More"
    page.button_group(key="form.augmentation").set_value("strong")
    run(page)
    assert next(box.label for box in page.expander) == "More (1 changed)"


def test_the_optimizer_decides_which_fields_are_shown() -> None:
    def shown(optimizer: str) -> set[str]:
        page = opened({"optimizer": optimizer})
        return {box.key for box in page.number_input} & {"form.momentum", "form.weight_decay"}

    assert [shown(name) for name in ("sgd", "adamw", "adam")] == [{"form.momentum"}, {"form.weight_decay"}, set()]


SGD = {"preset": "cnn", "optimizer": "sgd", "weight_averaging": "true", "early_stopping": "loss"}
OUTSIDE = [
    (
        "hidden_units.0",
        99_999,
        {"preset": "mlp"},
        "Layer 1 (hidden_units) is 99999; use a whole number from 1 to 8,192.",
    ),
    ("dense_units.0", 0, SGD, "Layer 1 (dense_units) is 0; use a whole number from 1 to 8,192."),
    ("blocks.1.filters", -3, SGD, "use a whole number from 1 to 512."),
    ("blocks.0.kernel_size", 2.5, SGD, "is 2.5; use a whole number from 1 to 28."),
    ("dense_dropout", 0.95, SGD, "use a number from 0 to 0.9"),
    ("dropout", -0.1, {"preset": "mlp"}, "use a number from 0 to 0.9"),
    ("epochs", 1e20, SGD, "is 1e+20; use a whole number from 1 to 1,000."),
    ("batch_size", 60_001, SGD, "Batch size (batch_size) is 60001; use a whole number from 1 to 60,000."),
    ("momentum", 1, SGD, "use a number from 0 to 0.999"),
    ("weight_decay", 2, {"optimizer": "adamw"}, "use a number from 0 to 1"),
    ("averaging_decay", 0.2, SGD, "use a number from 0.5 to 0.9999"),
    ("patience", 0, SGD, "use a whole number from 1 to 1,000."),
    ("seed", -1, SGD, "use a whole number from 0 to 2,147,483,647."),
]


@pytest.mark.parametrize(("field", "value", "link", "sentence"), OUTSIDE, ids=[case[0] for case in OUTSIDE])
def test_a_number_outside_its_limits_gives_no_run_until_it_is_fixed(
    field: str, value: float, link: dict[str, str], sentence: str
) -> None:
    page = opened(link)
    before = chosen(page)
    box = page.number_input(key=f"form.{field}")
    fixed = box.value
    box.set_value(value)
    run(page)
    assert chosen(page) is None
    (error,) = page.error
    assert plain_text(sentence) in error.value
    # with limits, the browser would not send the value
    assert not (box.proto.has_min or box.proto.has_max)
    page.number_input(key=f"form.{field}").set_value(fixed)
    run(page)
    assert chosen(page) == before
    assert not page.error


def test_every_invalid_field_has_an_error() -> None:
    page = opened({"preset": "mlp"})
    page.number_input(key="form.hidden_units.0").set_value(99_999)
    page.number_input(key="form.epochs").set_value(0)
    run(page)
    assert len(page.error) == 2
    page.number_input(key="form.hidden_units.0").set_value(64)
    run(page)
    assert chosen(page) is None
    (error,) = page.error
    assert "Epochs" in error.value
