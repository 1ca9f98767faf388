"""The fields of Runs' link."""

from typing import Annotated, Literal

from core.config.rules import Choice, Listing
from pages.runs.columns import NAME, NAMES
from pages.state.view import AnyClass, Epoch, Images, RunId, RunIds, View


class RunsView(View, address="runs"):
    runs: RunIds = ""
    columns: Annotated[tuple[str, ...], Listing(Choice(NAMES), 0, len(NAMES), "test_accuracy,epochs")] = ()
    """Those shown beside the name; empty for the default ones."""
    sorted_by: Annotated[str | None, Choice((NAME, *NAMES))] = None
    """None for pinned runs first, then the newest."""
    descending: bool = False
    against: Literal["epoch", "update", "seconds"] = "epoch"
    metric: Literal["loss", "accuracy"] = "loss"
    run_a: RunId = ""
    run_b: RunId = ""
    """Of more than two runs, those whose digits gained and lost are shown."""
    epoch_a: Epoch = "best"
    epoch_b: Epoch = "best"
    images: Images = "test"
    diff_true: AnyClass = None
    diff_predicted: AnyClass = None
