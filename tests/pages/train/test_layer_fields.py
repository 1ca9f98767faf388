"""The form of a list of layers: the list, one layer's arguments, and the text are the same network."""

import pytest
from streamlit.testing.v1 import AppTest

from core.config.network import LayerList
from core.config.presets import PRESETS
from pages.state.plain_text import plain_text
from tests.pages.train.form_page import chosen, click, link, opened, pick, run, total


def rows(page: AppTest) -> list[str]:
    """The labels of the list, without the marks that keep Markdown from changing them."""
    return [option.replace("\\", "").replace(", ", ",") for option in page.radio(key="form.layers.at").options]


def written(page: AppTest) -> str:
    return page.text_area(key="form.layers.text").value or ""


def choose(page: AppTest, number: int) -> AppTest:
    page.radio(key="form.layers.at").set_value(number - 1)
    return run(page)


def type_text(page: AppTest, text: str) -> AppTest:
    page.text_area(key="form.layers.text").set_value(text)
    return run(page)


def test_each_layer_is_shown_with_its_output_and_parameters() -> None:
    page = opened({"preset": "layers", "layers": "conv(8,3x3,relu,strides=2) pool(2) flatten dense(9)"})
    assert [row.split("\u2002")[1] for row in rows(page)] == [
        "conv(8,3x3,relu,strides=2) :gray[→ 13×13×8 · 80]",
        "pool(2) :gray[→ 6×6×8]",
        "flatten :gray[→ 288]",
        "dense(9) :gray[→ 9 · 2,601]",
    ]
    assert total(page) == "2,781"


def test_layers_are_moved_repeated_deleted_and_added() -> None:
    page = opened({"preset": "layers", "layers": "conv(8,3x3) pool(2) flatten"})
    assert [button.label for button in page.button] == ["Up", "Down", "Duplicate", "Delete"]
    assert page.button(key="form.layers.up").disabled
    click(page, "form.layers.down")
    assert written(page) == "pool(2) conv(8,3x3) flatten"
    # the moved layer stays chosen
    click(page, "form.layers.repeat")
    assert written(page) == "pool(2) conv(8,3x3) conv(8,3x3) flatten"
    page.number_input(key="form.layers.2.filters").set_value(11)
    run(page)
    click(page, "form.layers.up")
    assert written(page) == "pool(2) conv(11,3x3) conv(8,3x3) flatten"
    page.selectbox(key="form.layers.add").set_value("batchnorm")
    run(page)
    assert written(page) == "pool(2) conv(11,3x3) batchnorm conv(8,3x3) flatten"
    click(page, "form.layers.delete")
    assert link(page)["layers"] == "pool(2) conv(11,3x3) conv(8,3x3) flatten"
    config = chosen(page)
    assert config == PRESETS["layers"].replace(layers=link(page)["layers"])


def test_a_list_can_be_emptied_and_built_again() -> None:
    page = opened({"preset": "layers", "layers": "flatten"})
    click(page, "form.layers.delete")
    assert chosen(page) is None
    assert ["add flatten or globalavgpool" in error.value for error in page.error] == [True]
    page.selectbox(key="form.layers.add").set_value("flatten")
    run(page)
    assert chosen(page) == PRESETS["layers"].replace(layers="flatten")
    page.selectbox(key="form.layers.add").set_value("reshape")
    run(page)
    assert written(page) == "flatten reshape(784)"


def test_every_kind_of_argument_has_a_field_that_changes_list_link_and_text() -> None:
    page = opened({"preset": "layers", "layers": "conv(8,3x3) pool(2) reshape(13x13x8) flatten"})
    page.text_input(key="form.layers.0.kernel_size").set_value("3x5")
    page.selectbox(key="form.layers.0.activation").set_value("gelu")
    page.selectbox(key="form.layers.0.padding").set_value("same")
    page.toggle(key="form.layers.0.use_bias").set_value(False)
    page.number_input(key="form.layers.0.l2").set_value(0.001)
    run(page)
    first = "conv(8,3x5,gelu,same,use_bias=false,l2=0.001)"
    assert [first, rows(page)[0].split()[1]] == [written(page).split()[0], first]
    choose(page, 2)
    page.text_input(key="form.layers.1.strides").set_value("2x1")
    run(page)
    assert written(page).split()[1] == "pool(2,strides=2x1)"
    page.text_input(key="form.layers.1.strides").set_value("")
    run(page)
    choose(page, 3)
    page.text_input(key="form.layers.2.target_shape").set_value("14x14x8")
    run(page)
    assert link(page)["layers"] == f"{first} pool(2) reshape(14x14x8) flatten"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("text_input", "3x", "Kernel (layers) is 3x; use height×width, each from 1 to 128"),
        ("number_input", 0, "Filters (layers) is 0; use a whole number from 1 to 512"),
    ],
)
def test_an_argument_that_cannot_be_has_an_error_until_it_is_fixed(field: str, typed: object, said: str) -> None:
    page = opened({"preset": "layers"})
    box = getattr(page, field)(key=f"form.layers.0.{'filters' if field == 'number_input' else 'kernel_size'}")
    before = box.value
    box.set_value(typed)
    run(page)
    assert chosen(page) is None
    assert [plain_text(said) in error.value for error in page.error] == [True]
    getattr(page, field)(key=box.key).set_value(before)
    run(page)
    assert chosen(page) == PRESETS["layers"]


def test_a_typed_text_becomes_the_list_and_a_wrong_word_is_named() -> None:
    page = opened({"preset": "layers"})
    type_text(page, "CONV( 4, 5 )\nflatten dense(10, softmax)")
    assert written(page) == "conv(4,5x5) flatten"
    assert chosen(page) == PRESETS["layers"].replace(layers="conv(4,5x5) flatten")
    type_text(page, "conv(4,5x5) fatten")
    assert chosen(page) is None
    assert ["replace “fatten” by one of conv," in error.value for error in page.error] == [True]
    assert written(page) == "conv(4,5x5) fatten"
    assert len(rows(page)) == 2
    type_text(page, "globalavgpool")
    assert chosen(page) == PRESETS["layers"].replace(layers="globalavgpool")
    assert not page.error


def test_a_layer_that_does_not_fit_is_marked_and_named() -> None:
    page = opened({"preset": "layers"})
    type_text(page, "conv(4,3x3) pool(30) flatten")
    assert chosen(page) is None
    assert [("does not fit" in row, "→" in row) for row in rows(page)] == [(False, True), (True, False), (False, False)]
    assert ["30×30 window is larger than its 26×26 input" in error.value for error in page.error] == [True]


@pytest.mark.parametrize("preset", ["mlp-512", "cnn-16-36", "mlp", "cnn"])
def test_any_network_can_be_edited_as_layers(preset: str) -> None:
    page = opened({"preset": preset, "epochs": "3"})
    click(page, "form.as_layers")
    network = LayerList.of(PRESETS[preset].network)
    assert chosen(page) == PRESETS[preset].replace(preset="layers", epochs=3, network=network)
    assert not page.error
    pick(page, "mlp")
    assert chosen(page) == PRESETS["mlp"]


def test_losses_and_clipping_have_fields_where_they_have_an_effect() -> None:
    page = opened({"preset": "mlp"})
    names = {box.key for box in page.number_input}
    assert not names & {"form.label_smoothing", "form.clip_at"}
    page.selectbox(key="form.loss").set_value("categorical_crossentropy")
    page.selectbox(key="form.clipping").set_value("norm")
    page.selectbox(key="form.optimizer").set_value("nadam")
    run(page)
    page.number_input(key="form.label_smoothing").set_value(0.1)
    page.number_input(key="form.clip_at").set_value(0.5)
    run(page)
    changes = {"loss": "categorical_crossentropy", "clipping": "norm", "optimizer": "nadam"}
    assert chosen(page) == PRESETS["mlp"].replace(**changes, label_smoothing=0.1, clip_at=0.5)
    assert {name: link(page)[name] for name in changes} == changes
