"""Lets us see each call of Keras's `fit` with its arguments, from the moment the program imports Keras."""

import functools
import importlib.machinery
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import pairwise
from types import ModuleType, TracebackType
from typing import Any

from digit_lab.record.callback import DigitLab
from digit_lab.record.given import Given

_MARK = "_digit_lab_watches"


def watch_fits(*, every: bool = False) -> None:
    """Watch the trainings that have our callback, or `every` training; Keras is not imported for it."""
    if every:
        _Fits.every = True
    keras = sys.modules.get("keras")
    if keras is not None and hasattr(keras, "Model"):
        _wrap(keras)
    elif not any(isinstance(finder, _AfterKeras) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AfterKeras())


def hiding(show: Callable[..., object]) -> Callable[..., object]:
    """`sys.excepthook` without our own line in a traceback."""

    def show_plain(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> object:
        kept = [each for each in _chain(trace) if each.tb_frame.f_code.co_filename != __file__]
        for each, after in pairwise([*kept, None]):
            if each is not None:
                each.tb_next = after
        first = kept[0] if kept else None
        return show(kind, error.with_traceback(first), first)

    return show_plain


def _chain(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


class _Fits:
    every = False
    """Whether all trainings are watched, without being asked by a callback."""


class _AfterKeras(MetaPathFinder):
    """Finds Keras as the next finder does, and wraps `fit` once it is imported."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != "keras":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def load_and_wrap(module: ModuleType) -> None:
            load(module)
            # not before: TensorFlow looks for Keras without importing it, and an import may fail and be tried again
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            _wrap(module)

        spec.loader.exec_module = load_and_wrap  # type: ignore[method-assign] # of this one loader
        return spec


def _wrap(keras: ModuleType) -> None:
    fit = keras.Model.fit
    if not getattr(fit, _MARK, False):
        keras.Model.fit = _watched(fit)


def _watched(original: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(original)

    @functools.wraps(original)
    def fit(model: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            bound = signature.bind(model, *args, **kwargs)
            callback = _callback(bound.arguments)
        except Exception:  # whatever is wrong with the call, Keras says it
            callback = None
        if callback is None:
            return original(model, *args, **kwargs)
        try:
            found = original(*bound.args, **bound.kwargs)
        except BaseException as error:
            callback.failed(error)
            raise
        callback.ended()
        return found

    setattr(fit, _MARK, True)
    return fit


def _callback(arguments: dict[str, Any]) -> DigitLab | None:
    """Our callback for this call of `fit`, with its arguments; None if the call is not watched."""
    given: Any = arguments.get("callbacks")
    several = given is None or isinstance(given, list | tuple)
    # Keras's own list of callbacks has them as an attribute
    listed = list(given or ()) if several else list(getattr(given, "callbacks", [given]))
    callback = next((each for each in listed if isinstance(each, DigitLab)), None)
    if callback is None:
        if not _Fits.every:
            return None
        callback = DigitLab()
        if several:
            arguments["callbacks"] = [*(given or ()), callback]
        elif hasattr(given, "append"):
            given.append(callback)
        else:
            arguments["callbacks"] = [given, callback]
    callback.expect(Given.of(arguments))
    return callback
