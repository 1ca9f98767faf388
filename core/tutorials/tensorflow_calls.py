"""What TensorFlow outside Keras returns, and packages that hold a script's options: absl and Weights & Biases."""

from collections.abc import Mapping
from typing import Any

from core.text import Message
from core.tutorials.data_calls import DataCalls
from core.tutorials.library_call import NOT_FOLLOWED, Handler, LibraryCall
from core.tutorials.names import tables
from core.tutorials.values import Function, Made, Namespace, Symbol


class TensorFlowCalls(DataCalls):
    """Optimizers, initializers and activations of TensorFlow, flags and tracked settings."""

    def _tensorflow(self, call: LibraryCall) -> Any:
        """What is known by the form of its name."""
        path, name = call.path, call.name
        made = tuple(call.given), call.named, call.node.lineno
        if path.startswith("tensorflow.layers."):
            return self.unknown(call.node, Message("tutorials.tensorflow_1"))
        if name.endswith("Optimizer") and ".train." in path:
            return Made(f"keras.optimizers.{name}", *made)
        if name.startswith("DEFINE_") and "flags" in path.split(".") and isinstance(call.first, str):
            self.flags[call.first] = call.argument("default", 1)
            return Namespace({"value": self.flags[call.first]})
        if path.startswith("tensorflow.") and name.endswith("_initializer"):
            return Made(f"keras.initializers.{name.removesuffix('_initializer')}", *made)
        if path.startswith("tensorflow.") and isinstance(call.first, Symbol) and name in tables()["activations"]:
            return self._function_layer(name, path, call.first, call.node)
        return NOT_FOLLOWED

    def _wandb_init(self, call: LibraryCall) -> Any:
        if call.path != "wandb.init":
            return NOT_FOLLOWED
        config = call.named.get("config")
        self.tracked.values.update(config if isinstance(config, dict) else {})
        return Namespace({"config": self.tracked})

    def _app_run(self, call: LibraryCall) -> Any:
        if not call.path.endswith("app.run"):
            return NOT_FOLLOWED
        main = call.first if isinstance(call.first, Function) else self.scope.values.get("main")
        return self.call(main, [["script.py"]], {}, call.node) if isinstance(main, Function) else None


TENSORFLOW_CALLS: Mapping[str, Handler] = {
    "init": TensorFlowCalls._wandb_init,
    "run": TensorFlowCalls._app_run,
}
