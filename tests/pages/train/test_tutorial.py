"""Train, From a tutorial: what is pasted fills in the form, and starts a run beside what was printed."""

import pytest

from core.config.presets import PRESETS
from core.config.printed import PrintedHistory
from core.runs.folder import RunFolder
from core.runs.printed import FILE
from tests.pages.shown import texts

SCRIPT = """
So geht es:
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers import Dense
from keras.utils import np_utils
(x, y), (xt, yt) = mnist.load_data()
x = x.reshape(60000, 784) / 255
y = np_utils.to_categorical(y)
model = Sequential()
model.add(Dense(60, activation='tanh', input_shape=(784,)))
model.add(Dense(10, activation='softmax'))
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
model.fit(x, y, nb_epoch=2, batch_size=64, validation_split=0.1)
Epoch 1/2
844/844 [=====] - 2s 2ms/step - loss: 0.4 - accuracy: 0.88 - val_loss: 0.2 - val_accuracy: 0.94
Epoch 2/2
844/844 [=====] - 2s 2ms/step - loss: 0.2 - accuracy: 0.94 - val_loss: 0.15 - val_accuracy: 0.95
Test accuracy: 0.9512
"""


def pasted(test, text):
    test.button(key="tutorial.open").click().run()
    test.text_area(key="tutorial.text").set_value(text)
    return test.button(key="tutorial.read").click().run(timeout=30)


def test_a_pasted_script_fills_in_the_form_and_shows_its_code_and_differences(app):
    test = pasted(app(), SCRIPT)
    (sentence,) = [each.value for each in test.success]
    assert sentence == "The form has the settings of the training in line 14."
    assert test.number_input(key="form.batch_size").value == 64
    assert test.number_input(key="form.epochs").value == 2
    assert test.selectbox(key="form.optimizer").value == "adam"
    assert test.selectbox(key="form.activation").value == "tanh"
    assert "10\xa0%" in texts(test)
    assert any("+model.fit(x, y, epochs=2" in block.value for block in test.code)
    assert "95.12\xa0%" in texts(test)


def test_start_keeps_what_was_printed_with_the_run_and_shows_the_run_again(app, runs_dir):
    test = pasted(app(), SCRIPT)
    test.button(key="train.start").click().run(timeout=30)
    (folder,) = [RunFolder(path) for path in runs_dir.iterdir() if path.name[0] != "."]
    printed = PrintedHistory.from_json(folder.read_json(FILE))
    assert printed.val_accuracy == (0.94, 0.95)
    assert printed.test[1] == 0.9512
    assert "tutorial.close" not in {button.key for button in test.button}


def test_another_network_than_the_tutorials_starts_without_what_was_printed(app, runs_dir):
    test = pasted(app(), SCRIPT)
    test.pills(key="form.preset").set_value("cnn-16-36").run()
    test.button(key="train.start").click().run(timeout=30)
    (folder,) = [path for path in runs_dir.iterdir() if path.name[0] != "."]
    assert not (folder / FILE).exists()


def test_one_of_several_trainings_is_chosen(app):
    again = SCRIPT.split("Epoch 1/2")[0] + "model.fit(x, y, epochs=7, batch_size=32)\n"
    test = pasted(app(), again)
    assert test.number_input(key="form.epochs").value == 2
    test.selectbox(key="tutorial.chosen").set_value(1).run()
    assert test.number_input(key="form.epochs").value == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Only words.", "No network and no printed results were found"),
        pytest.param('{"cells": [', "This notebook is damaged", marks=pytest.mark.slow),
        (
            SCRIPT.replace("Dense(10, activation='softmax')", "Dense(10, activation='sigmoid')"),
            "cannot be trained here",
        ),
        ("x = 1\n" * 30_000, "more than 20,000 lines"),
    ],
)
def test_an_unusable_tutorial_is_reported_in_a_sentence_and_the_form_stays(app, text, said):
    test = pasted(app(preset="lenet-20-50"), text)
    assert said in texts(test)
    assert test.pills(key="form.preset").value == "lenet-20-50"


def test_a_finished_run_is_compared_with_the_printed_result(app, make_run):
    folder = make_run("finished", config=PRESETS["mlp"].replace(dataset="mnist-5k", epochs=3), test_accuracy=0.9512)
    history = PrintedHistory(loss=(0.5, 0.4, 0.3), test=(0.1, 0.955), test_images=10_000)
    folder._write_json(FILE, history.to_json())
    test = app(run=folder.id)
    assert "The tutorial printed 95.50\xa0%; the difference is within chance" in texts(test)
    folder._write_json(FILE, PrintedHistory(loss=(0.5, 0.4, 0.3), test=(0.1, 0.99), test_images=10_000).to_json())
    assert "The tutorial printed 99.00\xa0%; the difference is more than chance" in texts(app(run=folder.id))


def shows_tutorial(test):
    return "tutorial.close" in {button.key for button in test.button}


def test_the_tutorial_has_an_address_which_opens_and_closes_it(app):
    test = app(view="tutorial")
    assert shows_tutorial(test)
    test.text_area(key="tutorial.text").set_value(SCRIPT)
    test.button(key="tutorial.read").click().run(timeout=30)
    assert test.number_input(key="form.epochs").value == 2
    test.button(key="tutorial.close").click().run()
    assert not shows_tutorial(test)
    assert "view" not in test.query_params
    test.button(key="tutorial.open").click().run()
    assert test.query_params["view"] == "tutorial"
    # what was pasted is still there
    assert test.success
    assert not shows_tutorial(app(view="another"))
