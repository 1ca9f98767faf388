"""The callback that reports what happens in a training, without ever disturbing it."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

from digit_lab.record.facts import facts, number, parameters
from digit_lab.record.given import Examples, Given
from digit_lab.record.requests import POLL_SECONDS, Requests
from digit_lab.record.spool import Spool, Training

WINDOW_SECONDS = 0.2
_MOST_PARAMETERS = 20_000_000
_BATCH = 500
_SHARE = 0.015
"""Of the time of a training that answers computed in the program itself may take."""
_LONGEST_TEXT = 500


class _Hooks:
    """All calls that Keras makes of a callback; it asks for no common class, so Keras need not be imported."""

    def set_params(self, params: Any) -> None: ...
    def set_model(self, model: Any) -> None: ...
    def on_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None: ...
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None: ...
    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_test_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_predict_batch_begin(self, batch: int, logs: Any = None) -> None: ...
    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None: ...
    def on_train_begin(self, logs: Any = None) -> None: ...
    def on_train_end(self, logs: Any = None) -> None: ...
    def on_test_begin(self, logs: Any = None) -> None: ...
    def on_test_end(self, logs: Any = None) -> None: ...
    def on_predict_begin(self, logs: Any = None) -> None: ...
    def on_predict_end(self, logs: Any = None) -> None: ...


class DigitLab(_Hooks):
    """Shows a training in Digit Lab as it goes: `model.fit(…, callbacks=[DigitLab()])`."""

    async_safe = True
    """Tells Keras that it may call us beside the training, as it does without callbacks that look at batches."""

    def __init__(self) -> None:
        self.model: Any = None
        self.params: dict[str, Any] = {}
        self._given = Given({})
        self._forget()

    def _forget(self) -> None:
        self._training: Training | None = None
        self._requests: Requests | None = None
        self._lock = threading.Lock()
        self._held_out: Examples | None = None
        self._epoch = 0
        self._latest: tuple[int, dict[str, Any]] | None = None
        self._told = self._polled = 0.0
        self._answering = 0.0
        self._needed: float | None = None
        self._rate_unknown = False

    def expect(self, given: Given) -> None:
        """Prepare for the training that a call of `fit` with these arguments begins."""
        self._forget()
        self._given = given

    def set_params(self, params: Any) -> None:
        self.params = dict(params or {})

    def set_model(self, model: Any) -> None:
        self.model = model

    def on_train_begin(self, logs: Any = None) -> None:  # noqa: ARG002 Keras's signature
        self._began = time.perf_counter()
        try:
            training = Spool.of_this_process().training()
            self._held_out = self._given.held_out()
            for name, examples in (("held_out", self._held_out), ("trained_on", self._given.trained_on())):
                if examples is not None:
                    training.keep(name, {"inputs": examples.inputs, "targets": examples.targets})
            self._training, self._requests = training, Requests(self.model, training)
            self._keep_weights(0)
            training.begin(facts(self.model, self._given, self.params.get("steps"), self._rate()))
        except Exception as error:  # whatever it is, the program goes on
            self._give_up(error)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002 Keras's signature
        self._epoch = epoch + 1 - int(self._given.arguments.get("initial_epoch", 0))
        self._latest = None
        self._epoch_began = self._told = time.perf_counter()

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:  # noqa: ARG002 Keras's signature
        now = time.perf_counter()
        if self._training is None or self._requests is None or now - self._polled < POLL_SECONDS:
            return
        self._polled = now
        try:
            waited = self._requests.obey()
            if waited:
                times = (self._epoch_began, self._told, self._began)
                self._epoch_began, self._told, self._began = (each + waited for each in times)
        except Exception as error:  # whatever it is, the program goes on
            self._give_up(error)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if self._training is None:
            return
        with self._lock:
            # Keras may call for several batches at once, in any order
            if self._latest is None or batch > self._latest[0]:
                self._latest = batch, logs or {}
            if time.perf_counter() - self._told >= WINDOW_SECONDS:
                self._tell_batches()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002 Keras's signature
        training = self._training
        if training is None:
            return
        seconds = time.perf_counter() - self._epoch_began
        with self._lock:
            self._tell_batches()
        try:
            self._keep_weights(self._epoch)
            self._keep_answers(training)
            figures = {str(name): found for name, value in (logs or {}).items() if (found := number(value)) is not None}
            training.tell("epoch", self._epoch, figures, self._rate(), seconds, parameters(self.model))
        except Exception as error:  # whatever it is, the program goes on
            self._give_up(error)

    def ended(self) -> None:
        """Tell that `fit` has returned."""
        self._end("ended", self._requests is not None and self._requests.stopped)

    def failed(self, error: BaseException) -> None:
        """Tell what `fit` has raised."""
        if isinstance(error, KeyboardInterrupt):
            self._end("keyboard")
        else:
            self._end("failed", type(error).__name__, str(error)[:_LONGEST_TEXT])

    def _end(self, kind: str, *values: Any) -> None:
        training, self._training = self._training, None
        self._held_out, self._given = None, Given({})
        if training is not None:
            try:
                training.tell(kind, *values)
            except Exception as error:  # whatever it is, the program goes on
                _complain(error)

    def _give_up(self, error: Exception) -> None:
        training, self._training = self._training, None
        _complain(error)
        if training is not None:
            try:
                training.tell("lost", type(error).__name__)
            except OSError:
                # the disk is full, and the recorder will see that the program has ended
                return

    def _tell_batches(self) -> None:
        if self._training is None or self._latest is None:
            return
        batch, logs = self._latest
        self._told, self._latest = time.perf_counter(), (batch, {})
        if logs:
            try:
                figures = number(logs.get("loss")), number(_accuracy(logs))
                self._training.tell("batches", self._epoch, batch + 1, *figures, self._rate())
            except Exception as error:  # whatever it is, the program goes on
                self._give_up(error)

    def _keep_weights(self, epoch: int) -> None:
        training, model = self._training, self.model
        if training is None or not 0 < parameters(model) <= _MOST_PARAMETERS or training.wants("no_weights"):
            return
        arrays = {
            f"{at}/{place}": values
            for at, layer in enumerate(model.layers)
            for place, values in enumerate(layer.get_weights())
        }
        training.keep(f"weights-{epoch:04d}", arrays)

    def _keep_answers(self, training: Training) -> None:
        """Compute the answers here, where the recorder cannot; only as often as the time allows, and at the end."""
        last = self._epoch >= self._given.epochs or bool(getattr(self.model, "stop_training", False))
        # a short training may be over before the recorder knows whether it can answer
        wanted = training.wants("answers") or (last and not training.wants("begun"))
        if self._held_out is None or not wanted:
            return
        import numpy as np

        inputs, began = self._held_out.inputs, time.perf_counter()
        allowed = _SHARE * (began - self._began) - self._answering
        if self._needed is None and not last:
            self._answers(inputs[:_BATCH])
            self._needed = (time.perf_counter() - began) * len(inputs) / _BATCH
        if last or (self._needed is not None and self._needed < allowed):
            found = [self._answers(inputs[at : at + _BATCH]) for at in range(0, len(inputs), _BATCH)]
            training.keep(f"answers-{self._epoch:04d}", {"outputs": np.concatenate(found)})
            self._needed = time.perf_counter() - began
        self._answering += time.perf_counter() - began

    def _answers(self, inputs: np.ndarray) -> np.ndarray:
        import numpy as np

        keras = sys.modules["keras"]
        if keras.backend.backend() == "torch":
            with sys.modules["torch"].no_grad():
                outputs = self.model(inputs, training=False)
        else:
            outputs = self.model(inputs, training=False)
        return np.asarray(keras.ops.convert_to_numpy(outputs), np.float32)

    def _rate(self) -> float | None:
        if self._rate_unknown:
            return None
        try:
            rate = sys.modules["keras"].ops.convert_to_numpy(self.model.optimizer.learning_rate)
            return number(float(rate))
        except Exception:  # an optimizer of the program's own may have none
            self._rate_unknown = True
            return None


def _complain(error: Exception) -> None:
    print(f"Digit Lab cannot record this training: {type(error).__name__}: {error}", file=sys.stderr)


def _accuracy(logs: dict[str, Any]) -> Any:
    return next((value for name, value in logs.items() if "acc" in name and not name.startswith("val_")), None)
