"""Inside: one digit through one network, layer by layer, after any epoch."""

from core.runs.entries import Run
from core.text import say
from pages.run.inside.convolution import convolution
from pages.run.inside.head import inside_head
from pages.run.inside.layers import layers
from pages.run.inside.occlusion import occlusion
from pages.run.inside.output import output
from pages.run.inside.pooling import pooling
from pages.run.inside.projection import projection
from pages.run.inside.view import InsideView
from pages.run.inside.weights import weights
from pages.shared.run_header import Head
from pages.widgets.switch import switch

PARTS = {
    "layers": layers,
    "convolution": convolution,
    "pooling": pooling,
    "output": output,
    "occlusion": occlusion,
    "weights": weights,
    "map": projection,
}


def inside(run: Run, view: InsideView, head: Head) -> None:
    chosen, room = inside_head(run, view, head)
    if chosen is None:
        return
    with room:
        switch("part", view.part, list(PARTS), say("inside.part"), lambda name: say(f"inside.parts.{name}"))
        PARTS[view.part](chosen, view)
