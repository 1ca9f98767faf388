"""The Runs page: selection, curves, settings, names, and invalid links."""

import re

import pytest

from core.config.presets import PRESETS
from core.runs.store import SHIPPED_DIR, RunStore
from tests.pages.actions import turn
from tests.pages.conftest import link
from tests.pages.oracles import SHIPPED, expected_verdict, right
from tests.pages.shown import figure, sentences, sheet, texts, verdict, widget

MLP = PRESETS["mlp-512"].replace(dataset="mnist-5k", validation="last-20")
CURVES = 0


def side_by_side(test):
    """The table side by side: its heads, and the texts of each row by its first one; None if there is none."""
    pages = [element.proto.body for element in test.get("html") if "<table" in element.proto.body]
    if not pages:
        return None
    rows = [re.findall(r"<t[hd][^>]*>(?:<span[^>]*></span>)?(.*?)</t[hd]>", row) for row in pages[0].split("<tr>")[1:]]
    return rows[0][1:], {first: rest for first, *rest in rows[1:]}


def test_the_first_visit_lists_the_included_runs_with_a_hint(app, table):
    test = app("runs")
    assert not sentences(test)
    rows = table(test)
    assert set(rows.names) == {path.name for path in SHIPPED_DIR.iterdir() if path.is_dir()}
    assert rows.text("cnn-16-36", "test_accuracy") == "99.34\xa0%"
    assert "Select some to compare" in texts(test)
    assert not test.get("plotly_chart")


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


def test_runs_are_side_by_side_with_their_best_values_marked(app, make_run):
    epochs = [(1, 0.6, 0.82, 0.31, 0.90, 0.001, 2)]
    adam = MLP.replace(learning_rate=0.003, optimizer="adam")
    a = make_run("finished", errors={3: 10}, test_accuracy=0.9, seconds=6)
    b = make_run("finished", errors={1: 6}, test_accuracy=0.95, seconds=72, epochs=epochs, config=adam)
    heads, rows = side_by_side(app("runs", runs=link(a, b)))
    assert heads == ["A · mlp-512", "B · mlp-512"]
    # Wilson's interval for 900 and 950 of 1,000 digits
    assert rows["Test accuracy"] == ["90.00\xa0% (87.98–91.71)", "★ 95.00\xa0% (93.47–96.19)"]
    assert rows["Validation accuracy"] == ["★ 95.00\xa0%", "90.00\xa0%"]
    assert rows["Validation loss"] == ["★ 0.2", "0.31"]
    assert rows["Parameters"] == ["407,050", "407,050"]
    assert rows["Training time"] == ["★ 6.0 s", "1:12"]
    assert rows["Epochs"] == ["3 (best: 3)", "1 (best: 1)"]
    assert (rows["Learning rate"], rows["Optimizer"]) == (["0.001", "0.003"], ["RMSprop", "Adam"])
    assert rows["Batch size"] == ["128", "128"]
    assert "Seed" not in rows


def test_more_than_two_runs_have_a_column_each(app, make_run, two):
    third = make_run("stopped", errors={2: 20})
    test = app("runs", runs=link(*two, third))
    heads, rows = side_by_side(test)
    assert [head[0] for head in heads] == ["A", "B", "C"]
    assert rows["Test accuracy"][2] == "–"
    assert rows["Seed"] == ["1", "2", "1"]
    assert len(test.get("plotly_chart")) == 2


def test_a_run_has_one_color_in_the_list_and_in_its_curves(app, two, table):
    test = app("runs", runs=link(*two))
    drawn = [trace["line"]["color"] for trace in figure(test, CURVES) if len(trace.get("x", [])) > 1]
    rows = table(test).rows
    assert {rows[run.id]["color"] for run in two} == set(drawn)
    assert len(set(drawn)) == 2


def test_runs_on_different_data_are_never_compared_digit_by_digit(app, two):
    test = app("runs", runs=f"{two[0].id},cnn-16-36")
    assert "These two runs were tested on different images" in texts(test)
    assert len(test.get("plotly_chart")) == 1
    assert sheet(test, "difference.fixed") is None
    # but their curves and settings are compared
    _, rows = side_by_side(test)
    assert rows["Data"] == ["MNIST sample (5,000)", "MNIST"]
    assert not [cell for cell in rows["Test accuracy"] if "★" in cell]
    assert "cannot be compared" in texts(test)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"epoch_a": "50"}, "This run has no epoch 50; epoch 3 is shown."),
        ({"epoch_b": "2"}, "This run has no epoch 2; epoch 1 is shown."),
        ({"epoch_a": "-1"}, "The link's epoch_a is -1; use the number of an epoch, best or last."),
        ({"diff_true": "10"}, "The link's diff_true is 10; use a whole number from 0 to 9."),
        ({"diff_predicted": "x"}, "The link's diff_predicted is x; use a whole number from 0 to 99."),
        ({"metric": "f1"}, "The link's metric is f1; use one of loss, accuracy."),
        ({"against": "days"}, "The link's against is days; use one of epoch, update, seconds."),
        ({"images": "train"}, "The link's images is train; use one of test, validation."),
    ],
)
def test_an_invalid_link_shows_the_nearest_state_and_one_warning(app, two, parameters, sentence):
    test = app("runs", runs=link(*two), **parameters)
    assert sentences(test) == [sentence]
    assert verdict(test) == expected_verdict(right(two[0]), right(two[1], 1 if "epoch_b" in parameters else 3))


def test_unknown_columns_in_a_link_show_the_default_ones_and_one_warning(app, table):
    test = app("runs", columns="state,x", sorted_by="x")
    (sentence,) = sentences(test)
    assert sentence.startswith("The link's columns is state,x; ")
    assert "The link's sorted_by is x; " in sentence
    assert table(test).columns == table(app("runs")).columns


def test_missing_runs_in_a_link_are_named_and_the_rest_shown(app, two):
    test = app("runs", runs=f"gone-1,{two[0].id},../../etc")
    assert sentences(test) == ["Not found: gone-1, ../../etc. These runs were deleted or are on another server."]
    assert "1 of " in texts(test)
    assert "between two epochs" in texts(test)
    nothing = app("runs", runs="gone-1")
    assert len(sentences(nothing)) == 1
    assert "Select some to compare" in texts(nothing)


def test_an_unreadable_run_among_the_selected_is_left_out_of_the_comparison(app, two):
    (two[0].path / "run.json").write_text("{", encoding="utf-8")
    test = app("runs", runs=link(*two))
    assert "between two epochs" in texts(test)
    assert "run.json cannot be read" in texts(test).replace("\\", "")


def test_a_new_name_is_shown_on_other_pages(app, two):
    test = app("runs", runs=two[0].id)
    test.text_input(key=f"runs.name.{two[0].id}").set_value("*mine*").run()
    turn(test, "results")
    assert any("*mine*" in option for option in widget(test, "selectbox", "view.run").options)


def test_long_names_are_cut_in_the_middle(app, two, runs_dir, table):
    store, beginning = RunStore(runs_dir), "a name longer than two lines of its column, given to a run with "
    for run, end in zip(two, ("seed 2", "seed 3"), strict=True):
        store.rename(run.id, beginning + end)
    cut = {name for name in table(app("runs")).names if "…" in name}
    assert cut == {f"a name longer than two lines of its colu…o a run with seed {seed}" for seed in (2, 3)}


def test_the_epochs_of_an_included_run_are_compared(app):
    test = app("runs", runs="cnn-16-36", epoch_a=1)
    assert verdict(test) == expected_verdict(right(SHIPPED, 1), right(SHIPPED, 15))


def test_the_selection_survives_a_visit_to_another_page(app, two):
    test = app("runs", runs=link(*two), epoch_b=1)
    said = verdict(test)
    turn(test, "results")
    turn(test, "runs")
    assert verdict(test) == said
    assert test.query_params == {"runs": link(*two), "epoch_b": "1"}
