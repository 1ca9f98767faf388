"""The fields of Data's link."""

from typing import Literal

from pages.state.view import AnyClass, AnyDigit, DatasetName, View


class DataView(View, address="data"):
    dataset: DatasetName = ""
    aspect: Literal["sets", "digits", "one", "typical", "split", "augmentation", "environment"] = "digits"
    digit: AnyDigit = None
    true: AnyClass = None
