"""What several networks read in the same drawing."""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.words import say
from pages.parts.models import Model


def model_table(digit: NDArray[np.float32], models: list[Model]) -> None:
    """A row a network, float32 (28, 28) in; those that disagree with the first are marked."""
    rows: list[dict[str, Any]] = []
    for model in models:
        probabilities = model.classifier.probabilities(digit[None])[0]
        answer = int(probabilities.argmax())
        first = rows[0]["digit"] if rows else answer
        rows.append(
            {
                "name": model.run.name,
                "epoch": model.epoch,
                "digit": answer,
                "reads": say("models.agrees" if answer == first else "models.differs", digit=answer),
                "confidence": 100 * float(probabilities[answer]),
            }
        )
    columns = st.column_config
    st.dataframe(
        rows,
        column_config={
            "name": columns.TextColumn(say("models.name"), width="medium"),
            "epoch": columns.NumberColumn(say("models.epoch"), width=60),
            "reads": columns.TextColumn(say("models.reads"), width=70),
            "confidence": columns.ProgressColumn(
                say("models.confidence"), format="%.2f %%", min_value=0, max_value=100, width="small"
            ),
        },
        column_order=["name", "reads", "confidence", "epoch"],
        hide_index=True,
        key="draw.models",
        alt=say("models.alt"),
    )
