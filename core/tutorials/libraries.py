"""What calls of the libraries around Keras mean, as far as it matters to a training."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from core.text import Message
from core.tutorials.array_calls import ARRAY_CALLS, ArrayCalls
from core.tutorials.library_call import NOT_FOLLOWED, Handler, LibraryCall
from core.tutorials.names import keras_path
from core.tutorials.scikit_learn_calls import SCIKIT_LEARN_CALLS, ScikitLearnCalls
from core.tutorials.searches import SEARCHES
from core.tutorials.standard_calls import STANDARD_CALLS, StandardCalls
from core.tutorials.tensorflow_calls import TENSORFLOW_CALLS, TensorFlowCalls
from core.tutorials.values import Unknown

_BY_NAME: Mapping[str, Handler] = {**ARRAY_CALLS, **SCIKIT_LEARN_CALLS, **TENSORFLOW_CALLS, **STANDARD_CALLS}
"""Who knows a function, by the last part of its name: scripts import the same one in many ways."""
_LIBRARIES = {"numpy", "tensorflow", "keras", "pandas", "scipy", "sklearn"}
"""Libraries that are known, but whose results depend on inputs that are not."""


class Libraries(ArrayCalls, ScikitLearnCalls, TensorFlowCalls, StandardCalls):
    """NumPy, pandas, TensorFlow, scikit-learn and the standard library."""

    def call_library(self, path: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Any:
        call = LibraryCall(path, given, named, node)
        if keras_path(path) is not None:
            return self._keras(call)
        if path.partition(".")[0] in SEARCHES:
            return self._searched(path, given, named, node)
        for follow in (Libraries._same, Libraries._data, Libraries._tensorflow, _BY_NAME.get(call.name)):
            found = follow(self, call) if follow else NOT_FOLLOWED
            if found is not NOT_FOLLOWED:
                return found
        return self._outside(call)

    def _outside(self, call: LibraryCall) -> Any:
        """What a function returns of which nothing is known."""
        outside = self.unknown(call.node, Message("tutorials.outside", name=call.path[:80]))
        if call.name in ("fit", "fit_generator"):
            # a network of another module
            self.fit_unknown(outside, call.given, call.named, call.node)
        known = call.path.partition(".")[0] in _LIBRARIES
        unread = next((each for each in call.given if known and isinstance(each, Unknown)), None)
        return unread or outside
