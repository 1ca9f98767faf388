"""A run's metrics computed by scikit-learn, SciPy and pandas from its files."""

import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, log_loss

from core import formatting as figures
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from tests.made_runs import stored

SHIPPED = RunFolder(SHIPPED_DIR / "cnn-16-36")


def expected_cards(true, probabilities):
    """The metric cards as computed by scikit-learn and SciPy."""
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = int((predicted == true).sum())
    interval = binomtest(right, len(true)).proportion_ci(0.95, method="wilson")
    accuracy, sure = calibration_curve(predicted == true, confidence, n_bins=10)
    share = np.histogram(confidence, bins=10, range=(0, 1))[0] / len(true)
    return {
        "Accuracy": (
            figures.percent(accuracy_score(true, predicted)),
            f"95\xa0% interval {100 * interval.low:.2f} to {100 * interval.high:.2f}",
        ),
        "Loss": (figures.loss(log_loss(true, probabilities)), "cross-entropy"),
        "Macro F1": (figures.percent(f1_score(true, predicted, average="macro")), "mean of 10 classes"),
        "Mistakes": (f"{len(true) - right:,}", f"of {len(true):,}"),
        "Calibration error": (figures.percent(abs(accuracy - sure) @ share[share > 0]), "confidence − accuracy"),
    }


def digits(folder, epoch=3, part="test"):
    """A run's predictions in a data frame: label, predict, confidence, loss and margin by index."""
    true, probabilities = stored(folder, epoch, part)
    rows = np.arange(len(true))
    own, others = probabilities[rows, true], probabilities.copy()
    others[rows, true] = 0
    return pd.DataFrame(
        {
            "label": true,
            "predict": probabilities.argmax(axis=1),
            "confidence": probabilities.max(axis=1),
            "loss": -np.log(own),
            "margin": own - others.max(axis=1),
        }
    )


def mistakes(folder, epoch=3):
    return digits(folder, epoch).query("label != predict")


def right(folder, epoch=3, part="test"):
    true, probabilities = stored(folder, epoch, part)
    return probabilities.argmax(axis=1) == true


def counts(folder, epoch=3):
    true, probabilities = stored(folder, epoch)
    return confusion_matrix(true, probabilities.argmax(axis=1))


def expected_verdict(before, after):
    gained, lost = int((~before & after).sum()), int((before & ~after).sum())
    p = binomtest(gained, gained + lost).pvalue
    value = "p < 0.001" if p < 0.001 else f"p = {p:.2g}"
    words = "they differ" if p < 0.05 else "no evidence that they differ"
    return f"B gains {gained} images and loses {lost} against A: {words} ({value})."
