"""A table of a network's layers: their output shapes and parameter counts."""

from collections.abc import Sequence

from core.config.layer import Shape
from core.config.layers import LayerRow
from core.text import say
from pages.widgets.compact_table import Row, compact_table


def show_layers(rows: Sequence[LayerRow]) -> None:
    """Show each layer with its output shape and parameters, and the total."""
    compact_table(
        [say(f"layer_table.{name}") for name in ("layer", "output", "parameters")],
        [Row((row.layer.name, _shape_text(row.output_shape), _count(row.parameters))) for row in rows],
        foot=(say("layer_table.total"), "", _count(sum(row.parameters for row in rows))),
        right={2},
    )


def _shape_text(shape: Shape) -> str:
    return "×".join(f"{size:,}" for size in shape)


def _count(parameters: int) -> str:
    return f"{parameters:,}" if parameters else "–"
