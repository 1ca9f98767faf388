"""Where Keras 3 keeps what earlier versions kept elsewhere."""

import re

_ROOT = re.compile(
    r"(?P<root>tensorflow\.python\.keras|tensorflow\.contrib\.keras(?:\.python\.keras)?|tensorflow\.compat\.v[12]\.keras|"
    r"tensorflow\.keras|tf\.python\.keras|tf\.contrib\.keras(?:\.python\.keras)?|tf\.compat\.v1\.keras|tf\.keras|tf_keras|keras)"
    r"(?P<api>\.api(?:\._v[12]\.keras)?|\._v[12]\.keras)?(?P<rest>\..+)?$"
)
_MOVED = (
    (re.compile(r"^layers\.experimental\.preprocessing"), "layers"),
    (re.compile(r"^layers\.preprocessing"), "layers"),
    (
        re.compile(
            r"^layers\.(core|convolutional|pooling|normalization|advanced_activations|embeddings|recurrent|merge|"
            r"wrappers|noise|local|convolutional_recurrent|regularization|reshaping|rnn|activation|attention)"
            r"(\.[a-z_0-9]+)*"
        ),
        "layers",
    ),
    (
        re.compile(r"^utils\.(np_utils|vis_utils|generic_utils|data_utils|layer_utils|visualize_util|all_utils)"),
        "utils",
    ),
    (re.compile(r"^engine\.(topology|base_layer|input_layer|input_spec)"), "layers"),
    (re.compile(r"^engine(\.(training|sequential|network|functional))?"), "models"),
    (re.compile(r"^callbacks\.callbacks"), "callbacks"),
    (re.compile(r"^initializations"), "initializers"),
    (re.compile(r"^objectives"), "losses"),
    (re.compile(r"^backend\.(tensorflow_backend|common)"), "backend"),
    (re.compile(r"^optimizers\.(legacy|optimizer_v2|optimizer_experimental)(\.[a-z_0-9]+)*"), "optimizers"),
    (re.compile(r"^optimizers\.(adam|sgd|rmsprop|adagrad|adadelta|adamax|nadam)(?=\.)"), "optimizers"),
    (re.compile(r"^models\.(core|sequential|functional)(?=\.|$)"), "models"),
)


def moved(path: str) -> str | None:
    """The path under which Keras 3 has a module or name of an earlier version; None if it has not moved."""
    found = _ROOT.match(path)
    if found is None:
        return None
    root = found["root"]
    new_root = {"tensorflow": "tensorflow.keras", "tf": "tf.keras"}.get(root.partition(".")[0], "keras")
    rest = (found["rest"] or "").lstrip(".")
    for pattern, target in _MOVED:
        if at := pattern.match(rest):
            rest = target + rest[at.end() :]
            break
    if rest.startswith("preprocessing.image") and new_root == "keras":
        new_root = "tensorflow.keras"
    if rest.startswith("wrappers.scikit_learn"):
        return "scikeras.wrappers" + rest.removeprefix("wrappers.scikit_learn")
    new = f"{new_root}.{rest}" if rest else new_root
    return new if new != path else None


_TENSORFLOW_1 = {
    *("ConfigProto", "GPUOptions", "Session", "InteractiveSession", "get_default_session", "get_default_graph"),
    *("reset_default_graph", "global_variables_initializer", "placeholder", "logging", "disable_eager_execution"),
}
"""Names that TensorFlow 2 keeps under `tf.compat.v1`."""
GONE = {
    *("print_summary", "multi_gpu_model", "HDF5Matrix", "MaxoutDense", "Highway", "TimeDistributedDense", "Merge"),
    *("merge", "LocallyConnected1D", "LocallyConnected2D", "set_session"),
}
"""Names that Keras 3 has nowhere."""


def tensorflow_2(rest: str) -> str | None:
    """Where TensorFlow 2 has a name of TensorFlow 1, without the module's own name; None if it has not moved."""
    first = rest.partition(".")[0]
    if first in _TENSORFLOW_1:
        return f"compat.v1.{rest}"
    return "random.set_seed" if rest in ("set_random_seed", "random.set_random_seed") else None


def is_keras(module: str) -> bool:
    """Whether a module is Keras or a part of it, of any version."""
    return _ROOT.match(module) is not None


RENAMED = {
    "adam": "Adam",
    "sgd": "SGD",
    "rmsprop": "RMSprop",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "adamax": "Adamax",
    "nadam": "Nadam",
    "Deconvolution2D": "Conv2DTranspose",
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
    "maxnorm": "MaxNorm",
    "nonneg": "NonNeg",
    "unitnorm": "UnitNorm",
    "l1l2": "l1_l2",
    "activity_l1": "l1",
    "activity_l2": "l2",
    "activity_l1l2": "l1_l2",
    "normal": "RandomNormal",
    "uniform": "RandomUniform",
    "zero": "Zeros",
    "one": "Ones",
    "plot": "plot_model",
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "msle": "mean_squared_logarithmic_error",
    "kullback_leibler_divergence": "kl_divergence",
    "cosine_proximity": "cosine_similarity",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
}
"""Names that Keras 3 no longer has, to those that it has."""
