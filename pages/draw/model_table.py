"""What several networks read in the same drawing."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core import formatting as figures
from core.text import say
from pages.draw.readers import Model
from pages.state.plain_text import plain_text


def model_table(digit: NDArray[np.float32], models: Sequence[Model]) -> None:
    """A row a network, float32 (28, 28) in; those that disagree with the first are marked."""
    read = [model.classifier.probabilities(digit[None])[0] for model in models]
    first = int(read[0].argmax())
    rows = []
    for model, probabilities in zip(models, read, strict=True):
        answer = int(probabilities.argmax())
        rows.append(
            {
                say("models.name"): say(
                    "models.after", name=plain_text(model.run.name, longest=40), epoch=model.classifier.epoch
                ),
                say("models.reads"): say("models.agrees" if answer == first else "models.differs", digit=answer),
                say("models.confidence"): figures.percent(float(probabilities[answer])),
            }
        )
    # no data frame: its code is slower to come than a first answer
    st.table(rows, border="horizontal", hide_index=True, alt=say("models.alt"))
