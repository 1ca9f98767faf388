"""Invalid canvas messages, which a manipulated browser may send, give no drawing."""

import base64
import io

import pytest
from PIL import Image

from tests.hand_drawn import DIGITS, as_canvas_sends
from tests.pages.draw.conftest import Pen, answer, network  # noqa: F401 a fixture

resource = pytest.importorskip("resource", reason="only Unix measures memory this way")

WHOLE = as_canvas_sends([DIGITS[4][0]])


def sent(**changes):
    return {**WHOLE, **changes}


def picture(width, height, mode="RGBA", kind="PNG"):
    file = io.BytesIO()
    Image.new(mode, (width, height)).save(file, kind)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


MESSAGES = {
    "no picture": sent(data="data:image/png;base64,"),
    "no base64": sent(data="data:image/png;base64,!!!"),
    "no address": sent(data="picture"),
    "a picture cut short": sent(data=WHOLE["data"][:200]),
    "one point": sent(data=picture(1, 1)),
    "a bomb": sent(data=picture(12_000, 12_000, "1")),
    "a long one": sent(data=picture(16_000, 30, "L")),
    "another kind": sent(data=picture(280, 280, "L", "GIF")),
    "strokes that are none": sent(raw=[1, 2]),
    "no strokes": sent(raw=None),
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("kind", MESSAGES)
def test_an_invalid_message_gives_no_drawing(app, network, kind):  # noqa: F811
    network("reader")
    pen = Pen(app("draw"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pen.test.session_state[f"draw.canvas.{pen.test.session_state['drawing'].version}"] = {"drawing": MESSAGES[kind]}
    pen.test.run()
    assert not pen.test.exception
    assert answer(pen.test) is None
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000
    # the next stroke is read
    assert answer(Pen(app("draw")).draw(*DIGITS[4]).test) == 4


@pytest.mark.parametrize("mode", ["L", "P", "LA", "RGB", "I;16"])
def test_a_picture_in_another_color_mode_is_empty(app, network, mode):  # noqa: F811
    network("reader")
    pen = Pen(app("draw"))
    message = sent(data=picture(280, 280, mode))
    pen.test.session_state[f"draw.canvas.{pen.test.session_state['drawing'].version}"] = {"drawing": message}
    pen.test.run()
    assert not pen.test.exception
    assert answer(pen.test) is None
