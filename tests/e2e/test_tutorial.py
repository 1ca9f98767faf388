"""A tutorial is pasted in a browser, and its run appears before what it printed."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, serving

pytestmark = pytest.mark.browser

SCRIPT = """
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers import Dense, Flatten
(x, y), _ = mnist.load_data()
model = Sequential([Flatten(), Dense(20, activation='relu'), Dense(10, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(x / 255, y, nb_epoch=2, batch_size=500)
Epoch 1/2
120/120 [======] - 1s - loss: 1.2 - accuracy: 0.66
Epoch 2/2
120/120 [======] - 1s - loss: 0.5 - accuracy: 0.87
Test accuracy: 0.8800
"""


def test_a_pasted_tutorial_fills_in_the_form_and_its_curves_stand_behind_the_run(page: Page, tmp_path):
    with serving(ROOT, DIGIT_LAB_RUNS=str(tmp_path / "runs")) as (address, _):
        page.goto(f"{address}?dataset=mnist-5k")
        page.locator(".st-key-tutorial-open button").click()
        page.locator(".st-key-tutorial-text textarea").fill(SCRIPT)
        page.locator(".st-key-tutorial-read button").click()
        expect(page.get_by_text("The form has the settings of the training in line 8.")).to_be_visible()
        expect(page.locator(".st-key-form-epochs input")).to_have_value("2")
        expect(page.get_by_text("+model.fit(x / 255, y, epochs=2, batch_size=500)")).to_be_visible()
        page.get_by_role("tab", name="Printed results").click()
        expect(page.locator(".st-key-tutorial-panel .live-chart-drawn").first).to_be_visible(timeout=60_000)
        page.locator(".st-key-train-start button").click()
        expect(page.locator(".st-key-tutorial-panel")).to_be_hidden(timeout=60_000)
        expect(page.locator(".live-chart").get_by_text("Tutorial").first).to_be_visible(timeout=60_000)
