"""The message of one large digit."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data.sprite import sprite_uri
from tests.pages.shown import component, sentences


def page():
    import streamlit as st

    from pages.widgets.digit_picture import one_digit

    one_digit("digit", st.session_state["image"], alt="A seven", **st.session_state["options"])


def shown(image, **options):
    app = AppTest.from_function(page, default_timeout=20)
    app.session_state["image"] = image
    app.session_state["options"] = options
    return app.run()


def sent(image, **options):
    return component(shown(image, **options), "digit")


IMAGE = np.arange(28 * 28, dtype=np.uint32).astype(np.uint8).reshape(28, 28)


def test_a_digit_is_sent_as_pixels_with_numbers_wide_enough_to_read():
    as_ink = {"size": 280, "alt": "A seven", "sprite": sprite_uri(IMAGE[None]), "values": None, "as_is": False}
    assert sent(IMAGE) == as_ink
    message = sent(IMAGE, size=280, values=True)
    assert message["values"] == IMAGE.tolist()
    assert message["size"] == 560
    assert sent(IMAGE, size=840, values=True)["size"] == 840


def test_a_colored_image_is_drawn_as_it_is_in_a_square():
    image = np.random.default_rng(1).integers(0, 255, (12, 10, 3), np.uint8)
    assert sent(image) == {
        "size": 280,
        "alt": "A seven",
        "sprite": sprite_uri(image[None], ink=False),
        "values": None,
        "as_is": True,
    }
    assert sent(IMAGE, ink=False)["as_is"]


@pytest.mark.parametrize("image", [np.zeros((28, 28)), np.zeros((28, 28, 2), np.uint8), np.zeros(28, np.uint8)])
def test_an_invalid_image_shows_an_error(image):
    app = shown(image)
    assert component(app, "digit") is None
    assert "cannot be shown" in "".join(sentences(app))
