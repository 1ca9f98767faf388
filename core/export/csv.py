"""A run's numbers as CSV files, for spreadsheets and pandas."""

import io

import pandas as pd

from core.analysis.answers import Answers
from core.analysis.mistakes import digit_table
from core.errors import UnreadableRun
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder


def metrics_csv(folder: RunFolder) -> bytes:
    """One row per epoch: loss, accuracy, val_loss, val_accuracy, learning_rate, seconds; missing values are empty.

    Complete rows only, even while the run trains. Raises UnreadableRun if there are none yet.
    """
    rows = CurveReader(folder.epochs_csv, EPOCH_COLUMNS).read()
    if not rows:
        raise UnreadableRun("downloads.no_epochs")
    return _csv(pd.DataFrame(rows, columns=pd.Index(EPOCH_COLUMNS)).astype({"epoch": int}), index=False)


def predictions_csv(answers: Answers) -> bytes:
    """One row per image, in the data set's order: index, label, predict, confidence, loss, margin, p0, p1, …."""
    each = pd.DataFrame(answers.probabilities, columns=pd.Index([f"p{label}" for label in range(answers.classes)]))
    table = digit_table(answers).join(each)
    # the stored float16 logarithms have no more significant digits
    return _csv(table, float_format="%.6g")


def matrix_csv(matrix: pd.DataFrame) -> bytes:
    """A confusion matrix: one row per label, one column per predicted class."""
    return _csv(matrix.rename_axis(index="label", columns=None))


def _csv(table: pd.DataFrame, *, index: bool = True, float_format: str | None = None) -> bytes:
    buffer = io.StringIO()
    table.to_csv(buffer, index=index, float_format=float_format, lineterminator="\n")
    return buffer.getvalue().encode()
