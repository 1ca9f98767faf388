"""Invalid canvas messages, which a manipulated browser may send, give no drawing."""

import base64
import io

import pytest
from PIL import Image

from tests.hand_drawn import DIGITS, as_canvas_sends
from tests.pages.draw.conftest import Pen, answer

resource = pytest.importorskip("resource", reason="only Unix measures memory this way")

WHOLE = as_canvas_sends([DIGITS[4][0]])


def picture(width, height, mode="RGBA", kind="PNG"):
    file = io.BytesIO()
    Image.new(mode, (width, height)).save(file, kind)
    return {"data": f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"}


CHANGES = {
    "no picture": {"data": "data:image/png;base64,"},
    "no base64": {"data": "data:image/png;base64,!!!"},
    "no address": {"data": "picture"},
    "truncated": {"data": WHOLE["data"][:200]},
    "one pixel": picture(1, 1),
    "a bomb": picture(12_000, 12_000, "1"),
    "a long one": picture(16_000, 30, "L"),
    "another format": picture(280, 280, "L", "GIF"),
    "invalid strokes": {"raw": [1, 2]},
    "no strokes": {"raw": None},
    **{f"empty {mode}": picture(280, 280, mode) for mode in ("L", "P", "LA", "RGB", "I;16")},
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_an_invalid_message_gives_no_drawing(app, network):
    network("reader")
    test = app("draw")
    for kind, change in CHANGES.items():
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        test.session_state[f"draw.canvas.{test.session_state['drawing'].version}"] = {"drawing": WHOLE | change}
        assert answer(test.run()) is None, kind
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000, kind
        if not test.button(key="draw.undo").disabled:  # an empty picture is a step
            test.button(key="draw.undo").click().run()
    # the next stroke is read
    assert answer(Pen(test).draw(*DIGITS[4]).test) == 4
