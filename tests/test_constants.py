"""What holds for one data set only, its 28 pixels or ten classes, is written only where a reason is given."""

import ast

from core.places import ROOT

_OF_DIGITS = {28, 784, 10}

REASONS = {
    "core/config/datasets.py": "describes MNIST, of which the others are made",
    "core/data/sources.py": "reads MNIST's own files",
    "core/drawing": "brings drawings into MNIST's format",
    "core/explain/lessons": "teaches on MNIST",
    "core/data/known.py": "names the shapes of other known data sets",
    "core/models/keras_file.py": "stands in for the sides that a model leaves open",
    "core/tutorials": "knows the arrays that tutorials load",
    "core/watching/pictures.py": "recognizes MNIST's digits by their classes",
}
"""Files and folders that are about MNIST's digits."""

OTHER_MEANINGS = {
    "core/analysis/calibration.py": "bins of confidence",
    "core/charts/calibration.py": "pixels of a margin, and least images on an axis",
    "core/charts/cells.py": "classes for which a grid is drawn larger, and sizes in pixels",
    "core/charts/data_split.py": "pixels of a margin",
    "core/charts/descent.py": "losses with a line",
    "core/charts/epochs.py": "lines that can be told apart",
    "core/charts/ladder.py": "losses with a tick",
    "core/charts/range_test.py": "rates with a tick, and pixels of a margin",
    "core/charts/runs.py": "epochs",
    "core/charts/silent_units.py": "percent",
    "core/charts/sweep.py": "pixels of a bar and of margins",
    "core/data/checks/balance.py": "images that are few for a class",
    "core/explain/projection.py": "directions of a subspace",
    "core/export/report/line_chart.py": "steps between ticks",
    "core/logs/events.py": "the number of a field in a message",
    "core/logs/reading.py": "how much of a name is looked at",
    "core/runs/cross_validation.py": "the highest learning rate",
    "core/runs/log_files.py": "how much of a name is looked at",
    "core/runs/recorded.py": "how much of a name is looked at",
    "core/watching/facts.py": "the highest learning rate",
    "core/runs/model_file.py": "how much of a name is looked at",
    "core/child_process.py": "a priority of processes",
    "core/models/keras_graph.py": "a multiple of the most layers",
    "core/sweeps/samplers.py": "trials at random before a sampler learns",
    "core/training/callbacks/steering.py": "the highest learning rate",
    "core/analysis/verdict.py": "epochs, and the classes that losses were tuned on",
}
"""Files in which these numbers are neither the size of an image nor the number of classes."""


def numbers(path):
    """The lines with one of the numbers, other than as a power's base or in a rule of a setting."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for child in ast.iter_child_nodes(node):
            in_power = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
            in_rule = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Whole", "Number")
            number = isinstance(child, ast.Constant) and type(child.value) is int and child.value in _OF_DIGITS
            if number and not in_power and not in_rule:
                yield child.lineno


def test_sizes_and_classes_of_digits_are_written_only_where_a_reason_is_given():
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "core").rglob("*.py"))
        for line in numbers(path)
        if not any(path.is_relative_to(ROOT / known) for known in (*REASONS, *OTHER_MEANINGS))
    }
    assert sorted(found) == []


def test_every_reason_is_still_needed():
    for known in (*REASONS, *OTHER_MEANINGS):
        place = ROOT / known
        paths = [place] if place.is_file() else list(place.rglob("*.py"))
        assert any(True for path in paths for _ in numbers(path)), known
