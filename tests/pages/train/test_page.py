"""The Train page with a run in every state."""

import json

import pytest

from core.config.links import config_to_query
from core.config.presets import PRESETS
from core.runs.control import Request
from core.runs.store import RunStore
from pages.state.plain_text import plain_text
from tests.pages.shown import chart, keys, sentences, texts


@pytest.mark.usefixtures("without_mnist")
def test_the_first_visit_shows_the_included_run_of_the_preset_in_the_form(app):
    test = app()
    assert "Included example · 5 of 5 epochs in " in texts(test)
    assert "Test accuracy 98.00\xa0%" in texts(test)
    assert len(chart(test, "loss")["Training"]["x"]) == 5
    assert "47,178" in "".join(element.proto.body for element in test.get("html"))
    assert not test.button(key="train.start").disabled


def test_a_run_of_one_epoch_is_complete_without_a_verdict(app):
    test = app(run="cnn-quick")
    assert "Included example · 1 epoch in " in texts(test)
    assert "Test accuracy 99.12\xa0%" in texts(test)
    assert "A verdict needs" not in texts(test)


def test_the_example_follows_the_preset_until_something_was_trained(app, make_run):
    test = app(run="cnn-best", dataset="mnist")
    assert "Test accuracy 99.70\xa0%" in texts(test)
    test.pills(key="form.preset").set_value("lenet-20-50").run()
    assert "Test accuracy 99.04\xa0%" in texts(test)
    assert "run" not in test.query_params
    make_run("finished", test_accuracy=0.9512)
    test.pills(key="form.preset").set_value("cnn-16-36").run()
    assert "Test accuracy 95.12\xa0%" in texts(test)


def test_a_finished_run_shows_its_test_result_and_verdict(app, make_run):
    make_run("finished", test_accuracy=0.9512, test_loss=0.1987, seconds=6.2)
    test = app()
    assert "Finished · 3 of 5 epochs in 6.2 s · 407,050 parameters" in texts(test)
    assert "Test accuracy 95.12\xa0%" in texts(test)
    assert "Still improving" in texts(test)
    assert chart(test, "loss")["Validation"]["y"] == [0.3, 0.22, 0.2]
    assert keys(test).isdisjoint({"watch.stop", "watch.pause", "watch.resume", "watch.resume_run"})


def settings(test, metric):
    messages = [json.loads(element.proto.json) for element in test.get("bidi_component")]
    (message,) = [message for message in messages if message.get("key") == f"watch_{metric}"]
    return message["y_title"], message["log_y"], message["smoothing"], message["x_end"]


def test_the_charts_settings_are_in_the_link_and_survive_a_rerun(app, make_run):
    make_run("finished")
    test = app(log_loss="true", smoothing="10")
    for _ in range(2):
        assert settings(test, "loss") == ("Loss (log scale), average over 10 points", True, 10, 3)
        assert settings(test, "accuracy") == ("Accuracy, average over 10 points", False, 10, 3)
        test.run()
    test.toggle(key="log_loss").set_value(False).run()
    test.slider(key="smoothing").set_value(1).run()
    assert settings(test, "loss") == ("Loss", False, 1, 3)
    # nonsense in a link changes nothing
    assert settings(app(log_loss="perhaps", smoothing="999"), "loss") == ("Loss", False, 1, 3)


def test_the_learning_rate_is_drawn_when_asked_by_batches_or_by_epochs(app):
    assert "watch_rate" not in str(app().get("bidi_component"))
    rates = chart(app(run="cnn-quick", rate_chart="true"), "rate")["Learning rate"]["y"]
    assert max(rates) > 0.015
    assert rates[0] < rates[len(rates) // 4] > rates[-1]
    # recorded by an earlier version
    assert chart(app(run="mlp-512", rate_chart="true"), "rate")["Learning rate"]["y"] == 5 * [0.001]


@pytest.mark.parametrize(("epochs", "end"), [(20, 20), (100, 100), (1000, 50)])
def test_the_axis_of_a_training_run_ends_with_its_last_epoch_if_that_is_near(app, make_run, epochs, end):
    make_run("training", config=PRESETS["mlp"].replace(dataset="mnist-5k", epochs=epochs))
    assert settings(app(), "loss")[-1] == end


PROGRESS = "Training · epoch 4 of 5 · batch 12 of 25 · 8,400 images/s · 1:12 left"


@pytest.mark.parametrize(
    ("state", "shown", "request_"),
    [
        ("starting", "Starting", "stop"),
        ("training", PROGRESS, "pause"),
        ("training", PROGRESS, "stop"),
        ("paused", "Paused", "resume"),
    ],
)
def test_an_active_run_is_controlled_by_one_request_at_a_time(app, make_run, state, shown, request_):
    folder = make_run(state, batch=12, images_per_second=8400.4, seconds_left=72.3)
    test = app()
    assert shown in texts(test)
    test.button(key=f"watch.{request_}").click().run()
    assert not test.exception
    assert test.button(key=f"watch.{request_}").disabled
    assert folder.control.take() == [Request(request_)]


def test_a_change_while_the_page_is_drawn_does_not_draw_it_again(app, make_run, monkeypatch):
    make_run("training")
    drawn = []
    # as on a busy server, where runs change between two reads
    monkeypatch.setattr("pages.shared.live_run._around", lambda *_: (drawn.append(1), len(drawn)))
    app()
    assert drawn == [1]


def test_the_learning_rate_of_a_training_run_can_be_changed(app, make_run):
    folder = make_run("training", learning_rate=0.001)
    test = app()
    test.select_slider(key=f"watch.rate.{folder.id}").set_value(0.0003)
    test.button(key="watch.apply_rate").click().run()
    assert folder.control.take() == [Request("learning_rate", 0.0003)]


def test_during_the_first_epoch_the_charts_show_the_batches(app, make_run):
    folder = make_run("training", epochs=[], batch=12, best_epoch=None)
    folder.batches_csv.write_text(
        "epoch,batch,loss,accuracy,images_per_second\n1,12,1.25,0.61,9000\n", encoding="utf-8"
    )
    assert chart(app(), "loss")["Batches"]["y"] == [1.25]


def test_queued_runs_can_be_moved_and_canceled(app, make_run, runs_dir):
    make_run("training")
    waiting = [make_run("queued", epochs=[], rank=rank).id for rank in (1, 2, 3)]
    test = app()
    assert "Waiting: 3" in texts(test)
    test.button(key=f"queue.up.{waiting[2]}").click().run()
    ranks = {run.id: run.status.rank for run in RunStore(runs_dir).runs()}
    assert sorted(waiting, key=ranks.get) == [waiting[0], waiting[2], waiting[1]]
    test.button(key=f"queue.cancel.{waiting[0]}").click().run()
    assert "Waiting: 2" in texts(test)
    assert RunStore(runs_dir).find(waiting[0]).status.state == "stopped"


def test_start_queues_the_chosen_run_and_keeps_showing_the_active_one(app, make_run, runs_dir):
    make_run("training")
    test = app(preset="cnn-16-36", epochs="7", seed="5", dataset="mnist-5k")
    test.button(key="train.start").click().run()
    queued = next(run for run in RunStore(runs_dir).runs() if run.status.state == "queued")
    assert queued.manifest.config == PRESETS["cnn-16-36"].replace(epochs=7, seed=5, dataset="mnist-5k")
    assert "Training · epoch 4" in texts(test)
    assert "Waiting: 1" in texts(test)
    assert "Waiting in the queue" in texts(app(run=queued.id))


def test_the_form_folds_into_a_button_from_start_on(app, runs_dir):
    test = app(preset="cnn", dataset="mnist-5k", epochs="7")
    assert "train.fold" not in keys(test)
    test.button(key="train.start").click().run()
    assert "Waiting in the queue" in texts(test)
    assert "train.start" not in keys(test)
    (own,) = [run for run in RunStore(runs_dir).runs() if not run.shipped]
    own.folder.change_status(state="finished")
    test.run()
    # at the end of the run nothing moves
    assert "train.start" not in keys(test)
    test.button(key="train.unfold").click().run()
    assert test.number_input(key="form.epochs").value == 7


def test_the_form_is_folded_on_arrival_while_a_run_trains_unless_the_link_has_other_settings(app, make_run):
    trained = make_run("training").manifest().config
    assert "train.start" not in keys(app())
    # a reload
    assert "train.start" not in keys(app(**config_to_query(trained)))
    test = app(preset="cnn-16-36")
    assert test.button(key="train.start").label == "Add to the queue"
    test.button(key="train.fold").click().run()
    assert "train.start" not in keys(test)


def test_a_double_click_on_start_adds_one_run(app, make_run, runs_dir, monkeypatch):
    # longer than three reruns of a busy machine take
    monkeypatch.setattr("pages.train.start.DOUBLE_CLICK_SECONDS", 300)

    def own():
        return [run for run in RunStore(runs_dir).runs() if not run.shipped]

    make_run("training")
    test = app(preset="cnn", dataset="mnist-5k")
    test.button(key="train.start").click().run()
    test.button(key="train.unfold").click().run()
    test.button(key="train.start").click().run()
    assert len(own()) == 2
    test.number_input(key="form.epochs").set_value(9).run()
    test.button(key="train.start").click().run()
    assert len(own()) == 3


def test_start_is_disabled_while_a_field_is_invalid(app, make_run):
    make_run("training")
    test = app(preset="mlp", dataset="mnist-5k")
    test.number_input(key="form.hidden_units.0").set_value(99_999).run()
    assert test.button(key="train.start").disabled
    assert "Fix the highlighted setting to start." in texts(test)
    test.number_input(key="form.hidden_units.0").set_value(64).run()
    assert not test.button(key="train.start").disabled


def test_start_uses_what_was_typed_just_before(app, make_run, runs_dir):
    make_run("training")
    test = app(preset="mlp", dataset="mnist-5k")
    test.number_input(key="form.epochs").set_value(9)
    test.button(key="train.start").click().run()
    queued = [run for run in RunStore(runs_dir).runs() if run.status.state == "queued"]
    assert [run.manifest.config.epochs for run in queued] == [9]
    test.button(key="train.unfold").click().run()
    test.number_input(key="form.epochs").set_value(0)
    test.button(key="train.start").click().run()
    assert len([run for run in RunStore(runs_dir).runs() if run.status.state == "queued"]) == 1


def test_the_link_decides_which_run_is_shown_during_training(app, make_run):
    make_run("training")
    finished = make_run("finished", test_accuracy=0.9512, test_loss=0.2)
    test = app(run=finished.id)
    assert "Test accuracy 95.12\xa0%" in texts(test)
    assert test.query_params["run"] == finished.id
    test.button(key="watch.way_to_active").click().run()
    assert "Training · epoch 4" in texts(test)
    assert "watch.way_to_active" not in keys(test)
    assert "Training" in texts(app())


@pytest.mark.parametrize("text", ["**b**[click](https://example.org)", "![x](https://example.org/x.png)", "<b>x</b>"])
def test_markup_in_links_and_messages_is_shown_as_text(app, make_run, text):
    make_run("failed", message=text)
    (missing,) = (note.value for note in app(run=text).markdown if "There is no run" in note.value)
    shown = [missing, app(preset=text).warning[0].value, app().error[0].value]
    for value in shown:
        assert "](" not in value
        assert "**" not in value
        assert "<b" not in value.replace("\\<", "")


def test_an_unreadable_folder_is_reported(app, make_run, runs_dir):
    make_run("finished")
    broken = make_run("finished")
    (broken.path / "run.json").write_text('{"half', encoding="utf-8")
    (runs_dir / "foreign").mkdir()
    assert not app().exception
    test = app(run=broken.id)
    assert plain_text("run.json cannot be read") in texts(test)
    assert plain_text("run.json is missing") in texts(app(run="foreign"))


@pytest.mark.parametrize("run_id", ["nowhere", "../../etc", "<b>x</b>", "x" * 5000])
def test_a_link_to_a_missing_run_shows_the_newest_with_a_warning(app, make_run, run_id):
    make_run("finished", test_accuracy=0.9512, test_loss=0.2)
    test = app(run=run_id)
    (sentence,) = sentences(test)
    assert len(sentence) < 200
    assert "Test accuracy 95.12\xa0%" in texts(test)


def test_a_damaged_csv_shows_its_readable_rows(app, make_run):
    folder = make_run("finished")
    with folder.epochs_csv.open("a", encoding="utf-8") as file:
        file.write("4,nonsense\n5,0.1,")
    test = app()
    assert len(chart(test, "loss")["Training"]["x"]) == 3


def test_a_presets_chart_includes_the_tutorials_history(app, make_run):
    make_run("finished", config=PRESETS["cnn-16-36"].replace(epochs=3))
    assert chart(app(), "accuracy")["Tutorial, validation"]["y"] == [0.9694, 0.9813, 0.9838]
