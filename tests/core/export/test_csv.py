"""pandas reads the CSV files back unchanged."""

import io

import numpy as np
import pandas as pd
import pytest

from core.analysis.answers import Answers
from core.errors import UnreadableRun
from core.export.csv import matrix_csv, metrics_csv, predictions_csv
from core.runs.folder import EPOCH_COLUMNS


def test_metrics_contain_only_complete_rows(make_run):
    folder = make_run()
    with pytest.raises(UnreadableRun, match="No epoch has finished yet"):
        metrics_csv(folder)
    lines = [",".join(EPOCH_COLUMNS), "1,0.5,0.9,,,0.001,2.5", "2,0.25,0.95,,,0.001,2.5", "3,0.1,0.9"]
    folder.epochs_csv.write_text("\n".join(lines), encoding="utf-8")
    table = pd.read_csv(io.BytesIO(metrics_csv(folder)))
    assert table.columns.tolist() == list(EPOCH_COLUMNS)
    assert table["epoch"].tolist() == [1, 2]
    assert table["loss"].tolist() == [0.5, 0.25]
    assert table["val_loss"].isna().all()


def test_predictions_are_read_back_unchanged():
    logs = np.log(np.random.default_rng(0).dirichlet(np.ones(10), 30)).astype(np.float16).astype(np.float32)
    answers = Answers(logs, (np.arange(30) % 10).astype(np.uint8))
    table = pd.read_csv(io.BytesIO(predictions_csv(answers)))
    digits = [f"p{digit}" for digit in range(10)]
    assert table.columns.tolist() == ["index", "label", "predict", "confidence", "loss", "margin", *digits]
    assert table["index"].tolist() == list(range(30))
    assert table["label"].tolist() == answers.labels.tolist()
    assert table["predict"].tolist() == answers.predicted.tolist()
    np.testing.assert_allclose(table[digits], answers.probabilities, rtol=1e-5)
    np.testing.assert_allclose(table["loss"], answers.loss, rtol=1e-5)
    assert (table["margin"] < 0).tolist() == (answers.margin < 0).tolist()


def test_a_matrix_has_labels_as_rows_and_answers_as_columns():
    matrix = pd.DataFrame(np.arange(100).reshape(10, 10))
    matrix.index.name, matrix.columns.name = "label", "predicted"
    lines = matrix_csv(matrix).decode().splitlines()
    assert lines[0] == "label,0,1,2,3,4,5,6,7,8,9"
    assert lines[3] == "2,20,21,22,23,24,25,26,27,28,29"
    assert len(lines) == 11
