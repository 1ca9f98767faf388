"""What scikit-learn's classes and functions around a Keras network return."""

from collections.abc import Mapping
from typing import Any

from core.text import Message
from core.tutorials.data_calls import DataCalls
from core.tutorials.library_call import NOT_FOLLOWED, Handler, LibraryCall
from core.tutorials.values import Made, Network


class ScikitLearnCalls(DataCalls):
    """Wrappers, encoders, folds and searches."""

    def _wrapper(self, call: LibraryCall) -> Any:
        return self._wrapped(call.given, call.named, call.node)

    def _transformer(self, call: LibraryCall) -> Any:
        return Made(call.path, tuple(call.given), call.named, call.node.lineno)

    def _folder(self, call: LibraryCall) -> Any:
        return self._transformer(call) if call.path.startswith("sklearn") else NOT_FOLLOWED

    def _search(self, call: LibraryCall) -> Any:
        return self._grid(call.given, call.named, call.node) if call.path.startswith("sklearn") else NOT_FOLLOWED

    def _cross_validation(self, call: LibraryCall) -> Any:
        if not isinstance(call.first, Network):
            return NOT_FOLLOWED
        self.notes.guess(Message("tutorials.folds"), call.node.lineno)
        self.call_method(call.first, "fit", call.given[1:3], {}, call.node)
        return self.unknown(call.node, Message("tutorials.result"))


SCIKIT_LEARN_CALLS: Mapping[str, Handler] = {
    **dict.fromkeys(("KerasClassifier", "KerasRegressor"), ScikitLearnCalls._wrapper),
    **dict.fromkeys(("LabelBinarizer", "OneHotEncoder", "LabelEncoder", "MinMaxScaler", "StandardScaler"),
                    ScikitLearnCalls._transformer),
    **dict.fromkeys(("KFold", "StratifiedKFold", "ShuffleSplit", "StratifiedShuffleSplit"), ScikitLearnCalls._folder),
    **dict.fromkeys(("GridSearchCV", "RandomizedSearchCV"), ScikitLearnCalls._search),
    **dict.fromkeys(("cross_val_score", "cross_validate"), ScikitLearnCalls._cross_validation),
}  # fmt: skip
