"""The Runs page: selection, curves, settings, names, and invalid links."""

import pytest

from core.config.presets import PRESETS
from core.runs.folder import Label
from core.runs.store import SHIPPED_DIR, RunStore
from tests.pages.conftest import figure, link, sentences, sheet, texts, tick, turn, verdict, widget
from tests.pages.oracles import SHIPPED, expected_verdict, right

MLP = PRESETS["mlp-512"].replace(dataset="mnist-5k", validation="last-20")
CURVES = 0


def settings(test):
    """The table of differing settings, or None."""
    return test.dataframe[1].value if len(test.dataframe) > 1 else None


def test_the_first_visit_lists_the_included_runs_with_a_hint(app):
    test = app("runs")
    assert not sentences(test)
    table = test.dataframe[0].value.set_index("name")
    assert set(table.index) == {path.name for path in SHIPPED_DIR.iterdir() if path.is_dir()}
    assert table["test_accuracy"]["cnn-16-36"] == pytest.approx(99.34)
    assert "Select a run in the table" in texts(test)
    assert not test.get("plotly_chart")


@pytest.mark.parametrize(
    ("state", "tabs"),
    [
        ({"state": "finished"}, ["curves", "results", "mistakes", "inside", "settings"]),
        ({"state": "queued", "epochs": []}, ["curves", "settings"]),
    ],
)
def test_a_selected_run_has_links_to_its_page(app, make_run, state, tabs):
    run = make_run(**state)
    links = [element.proto for element in app("runs", runs=run.id).get("page_link")]
    assert {way.page for way in links} == {"run"}
    assert [way.query_string for way in links] == [f"tab={tab}&run={run.id}" for tab in tabs]
    other = make_run("finished")
    assert not app("runs", runs=link(run, other)).get("page_link")


def test_two_runs_can_be_selected_in_the_table_or_by_link(app, two):
    test = app("runs")
    ids = [run.id for run in RunStore(two[0].path.parent).runs()]
    tick(test, [ids.index(two[0].id)])
    tick(test, sorted([ids.index(two[0].id), ids.index(two[1].id)]))
    assert test.query_params == {"runs": link(*two)}
    other = app("runs", runs=link(*two))
    assert verdict(other) == verdict(test)
    assert texts(other) == texts(test)


def test_curves_of_several_runs_are_overlaid(app, make_run):
    slow = [(1, 0.9, 0.7, 0.8, 0.75, 0.001, 5), (2, 0.5, 0.8, 0.6, 0.85, 0.001, 4)]
    a = make_run("finished", errors={3: 10})
    b = make_run("finished", errors={2: 20}, epochs=slow, config=MLP.replace(batch_size=64))
    test = app("runs", runs=link(a, b))
    held_out = {"loss": ([0.30, 0.22, 0.2], [0.8, 0.6]), "accuracy": ([91, 94, 95], [75, 85])}
    # 3,200 digits are 25 batches of 128, or 50 of 64
    places = {"epoch": ([1, 2, 3], [1, 2]), "update": ([25, 50, 75], [50, 100]), "seconds": ([2, 4, 6], [5, 9])}
    for metric, values in held_out.items():
        widget(test, "button_group", "view.metric").set_value(metric).run()
        for against, along in places.items():
            widget(test, "button_group", "view.against").set_value(against).run()
            drawn = [(trace["x"], pytest.approx(trace["y"])) for trace in figure(test, CURVES) if "x" in trace]
            for line in zip(along, values, strict=True):
                assert line in drawn, (metric, against)


def test_only_settings_that_differ_are_listed(app, make_run):
    a = make_run("finished", errors={3: 10})
    b = make_run("finished", errors={3: 6}, config=MLP.replace(learning_rate=0.003, optimizer="adam"))
    c = make_run("finished", errors={3: 6})
    test = app("runs", runs=link(a, b))
    table = settings(test)
    assert sorted(table.to_numpy().tolist()) == [["0.001", "0.003"], ["rmsprop", "adam"]]
    assert list(table.columns) == ["A · mlp-512", "B · mlp-512"]
    same = app("runs", runs=link(a, c))
    assert settings(same) is None
    assert "These runs have the same settings." in texts(same)


def test_more_than_two_runs_show_curves_and_settings_only(app, make_run, two):
    third = make_run("stopped", errors={2: 20})
    test = app("runs", runs=link(*two, third))
    assert len(settings(test).columns) == 3
    assert "Select exactly two runs" in texts(test)
    assert len(test.get("plotly_chart")) == 1


def test_runs_on_different_data_are_never_compared_digit_by_digit(app, two):
    test = app("runs", runs=f"{two[0].id},cnn-16-36")
    assert "These runs answered different digits, so they cannot be compared digit by digit" in test.info[0].value
    assert len(test.get("plotly_chart")) == 1
    assert sheet(test, "difference.fixed") is None
    # but their curves and settings are compared
    assert ["mnist-5k", "mnist"] in settings(test).to_numpy().tolist()


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"epoch_a": "50"}, "This run has no epoch 50; epoch 3 is shown."),
        ({"epoch_b": "2"}, "This run has no epoch 2; epoch 1 is shown."),
        ({"epoch_a": "-1"}, "The link's epoch_a is -1; use the number of an epoch, best or last."),
        ({"diff_true": "10"}, "The link's diff_true is 10; use a whole number from 0 to 9."),
        ({"diff_predicted": "x"}, "The link's diff_predicted is x; use a whole number from 0 to 9."),
        ({"metric": "f1"}, "The link's metric is f1; use one of loss, accuracy."),
        ({"against": "days"}, "The link's against is days; use one of epoch, update, seconds."),
        ({"images": "train"}, "The link's images is train; use one of test, validation."),
    ],
)
def test_an_invalid_link_shows_the_nearest_state_and_one_warning(app, two, parameters, sentence):
    test = app("runs", runs=link(*two), **parameters)
    assert sentences(test) == [sentence]
    assert verdict(test) == expected_verdict(right(two[0]), right(two[1], 1 if "epoch_b" in parameters else 3))


def test_missing_runs_in_a_link_are_named_and_the_rest_shown(app, two):
    test = app("runs", runs=f"gone-1,{two[0].id},../../etc")
    assert sentences(test) == [
        "Not here any more: gone-1, ../../etc. The link names runs that were deleted or live elsewhere."
    ]
    assert "1 selected" in texts(test)
    assert "two epochs of this run" in texts(test)
    nothing = app("runs", runs="gone-1")
    assert len(sentences(nothing)) == 1
    assert "Select a run in the table" in texts(nothing)


def test_an_unreadable_run_can_be_selected_and_shows_its_problem(app, two):
    (two[0].path / "run.json").write_text("{", encoding="utf-8")
    test = app("runs", runs=link(*two))
    assert "two epochs of this run" in texts(test)
    alone = app("runs", runs=two[0].id)
    assert not alone.exception
    assert "run.json cannot be read" in sentences(alone)[0]


def test_a_run_can_be_renamed_and_annotated(app, two):
    test = app("runs", runs=two[0].id)
    test.text_input(key=f"run_edit.name.{two[0].id}").set_value("*mine*").run()
    test.text_area(key=f"run_edit.note.{two[0].id}").set_value("the first").run()
    assert two[0].label() == Label("*mine*", "the first")
    row = test.dataframe[0].value.query("name == '*mine*'")
    assert row["note"].tolist() == ["the first"]
    turn(test, "results")
    assert any(option.startswith("*mine*") for option in widget(test, "selectbox", "view.run").options)


def test_long_names_are_cut_in_the_middle(app, two, runs_dir):
    store, beginning = RunStore(runs_dir), "a name as long as this one, of a run with "
    for run, end in zip(two, ("seed 2", "seed 3"), strict=True):
        store.rename(run.id, beginning + end)
    cut = {name for name in app("runs").dataframe[0].value["name"] if "…" in name}
    assert cut == {f"a name as long as this one…n with seed {seed}" for seed in (2, 3)}


def test_a_deleted_run_is_deselected(app, two):
    test = app("runs", runs=two[0].id)
    test.button(key=f"run_edit.delete.{two[0].id}").click().run()
    assert two[0].path.exists()
    test.button(key="run_edit.delete_now").click().run()
    assert not two[0].path.exists()
    assert not test.exception
    names = test.dataframe[0].value["name"].tolist()
    assert names.count("mlp-512") == 1 + (SHIPPED_DIR / "mlp-512").is_dir()
    assert "two epochs of this run" not in texts(test)
    assert not sentences(test)
    assert not turn(test, "results").exception


def test_an_included_run_has_no_fields_and_its_epochs_are_compared(app):
    test = app("runs", runs="cnn-16-36", epoch_a=1)
    assert not test.text_area
    assert "comes with Digit Lab" in texts(test)
    assert "run_edit.delete.cnn-16-36" not in {button.key for button in test.button}
    assert verdict(test) == expected_verdict(right(SHIPPED, 1), right(SHIPPED, 15))


def test_the_selection_survives_a_visit_to_another_page(app, two):
    test = app("runs", runs=link(*two), epoch_b=1)
    said = verdict(test)
    turn(test, "results")
    turn(test, "runs")
    assert verdict(test) == said
    assert test.query_params == {"runs": link(*two), "epoch_b": "1"}
