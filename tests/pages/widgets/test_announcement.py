"""What screen readers are told to speak."""

from dataclasses import replace

from tests.pages.shown import component, texts


def spoken(test, place):
    return component(test, f"announcement.{place}")["text"]


def test_a_finished_epoch_is_spoken_rarely_and_the_end_of_a_run_on_every_page(app, make_run):
    folder = make_run("training", batch=12)
    train, data = app("train"), app("data")
    assert spoken(train, "epoch") == "Epoch 3 of 5: accuracy 94.00\xa0%, validation accuracy 95.00\xa0%."
    assert component(train, "announcement.epoch")["pause"] == 10
    assert spoken(data, "job").endswith(": Training.")
    folder.write_status(replace(folder.status(), state="finished", owner=None, test_accuracy=0.9512))
    assert spoken(train.run(), "epoch") == ""
    assert spoken(data.run(), "job").endswith(": Finished, 95.12\xa0% on the test set.")


def test_nothing_is_spoken_where_nothing_trains(app, make_run):
    make_run("finished")
    test = app("train")
    assert (spoken(test, "epoch"), spoken(test, "job")) == ("", "")


def test_the_number_of_mistakes_is_spoken_after_a_filter(app, make_run):
    make_run("finished", errors={3: 10})
    test = app("mistakes")
    assert spoken(test, "mistakes") == "All mistakes: 100 images"
    filtered = app("mistakes", true=3)
    assert spoken(filtered, "mistakes") != spoken(test, "mistakes")
    assert spoken(filtered, "mistakes") in texts(filtered)
