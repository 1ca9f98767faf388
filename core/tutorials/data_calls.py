"""What functions that load data sets, split them or make batches of them return."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.text import Message
from core.tutorials import arrays, data_sets
from core.tutorials.library_call import NOT_FOLLOWED, LibraryCall
from core.tutorials.searches import Searches
from core.tutorials.values import Batches, Made, Namespace, Unknown


class DataCalls(Searches):
    """Data sets of scikit-learn, TensorFlow, CSV files, NumPy's and MNIST's own."""

    def _data(self, call: LibraryCall) -> Any:
        """What a function returns, if it is one for data."""
        path, name, given, named, first = call.path, call.name, call.given, call.named, call.first
        match name:
            case "open" if (found := data_sets.idx_file(first)) is not None:
                return found
            case "fromfile" | "frombuffer" if isinstance(first, Made) and first.path == data_sets.IDX:
                return data_sets.of_idx_file(first)
            case "unpack" if path == "struct.unpack" and len(given) > 1 and isinstance(given[1], Made):
                return data_sets.idx_head(given[0], given[1])
            case "read_csv" | "loadtxt" | "genfromtxt" | "read_table":
                return data_sets.table(first if first is not None else named.get("filepath_or_buffer", ""))
            case "train_test_split":
                return self._split(given, named)
            case "shuffle" if path.startswith("sklearn"):
                return given[0] if len(given) == 1 else tuple(given)
            case "fetch_openml" | "fetch_mldata":
                word = str(first or named.get("name", "mnist")).lower()
                whole = data_sets.all_at_once("fashion_mnist" if "fashion" in word else "mnist")
                return (whole.values["data"], whole.values["target"]) if named.get("return_X_y") else whole
            case "train_images" | "train_labels" | "test_images" | "test_labels" if path == f"mnist.{name}":
                return data_sets.of_package(name)
            case "read_data_sets":
                return data_sets.tensorflow_1(call.argument("one_hot", 2), named.get("reshape"))
            case "from_tensor_slices":
                pair = first if isinstance(first, tuple | list) and len(first) == 2 else (first, None)
                return Batches(*pair)
            case "zip" if path.endswith("Dataset.zip"):
                return _zipped(first if isinstance(first, tuple | list) else given)
            case "load" if path.startswith("tensorflow_datasets"):
                return self._tensorflow_datasets(call)
            case "load" if path.startswith("numpy"):
                return self._saved_arrays(first)
        return NOT_FOLLOWED

    def _split(self, given: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        share = named.get("test_size", 0.25)
        if "train_size" in named and "test_size" not in named and isinstance(named["train_size"], float):
            share = 1 - named["train_size"]
        return [part for each in given for part in arrays.split(each, share)]

    def _tensorflow_datasets(self, call: LibraryCall) -> Any:
        name = call.first
        found = data_sets.loaded(str(name)) if isinstance(name, str) else None
        if found is None:
            return Unknown(Message("tutorials.other_data", name=str(name)[:40]), 0)
        parts = {}
        for key, (images, labels) in zip(("train", "test"), found, strict=True):
            shape = images.shape if len(images.shape) == 4 else (*images.shape, 1)
            parts[key] = Batches(replace(images, shape=shape), labels)
        wanted = call.argument("split", 1)
        value: Any
        if isinstance(wanted, list | tuple):
            value = [parts.get(str(each).partition("[")[0], parts["train"]) for each in wanted]
        else:
            value = parts.get(wanted, parts) if isinstance(wanted, str) else parts
        return (value, Namespace({})) if call.named.get("with_info") else value

    def _saved_arrays(self, path: Any) -> Any:
        found = data_sets.loaded("mnist") if "mnist" in str(path).lower() else None
        if found is None:
            return Unknown(Message("tutorials.other_data", name=str(path)[:40]), 0)
        (x, y), (x_test, y_test) = found
        return {"x_train": x, "y_train": y, "x_test": x_test, "y_test": y_test}


def _zipped(parts: Sequence[Any]) -> Any:
    """Two data sets side by side: the images of one, and those of the other as labels."""
    if len(parts) != 2 or not all(isinstance(each, Batches) for each in parts):
        return Unknown(Message("tutorials.not_constant"), 0)
    images, labels = parts
    return replace(images, labels=labels.images)
