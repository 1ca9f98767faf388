"""The fields of Runs' link."""

from typing import Literal

from pages.state.view import AnyClass, Epoch, Images, RunIds, View


class RunsView(View, address="runs"):
    runs: RunIds = ""
    against: Literal["epoch", "update", "seconds"] = "epoch"
    metric: Literal["loss", "accuracy"] = "loss"
    epoch_a: Epoch = "best"
    epoch_b: Epoch = "best"
    images: Images = "test"
    diff_true: AnyClass = None
    diff_predicted: AnyClass = None
