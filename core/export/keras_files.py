"""Export a run's network after any epoch as Keras files, without Keras."""

import io
import json
import time
import zipfile

from core.runs.folder import RunFolder
from core.runs.weights import read_weights, weights_of
from core.text import say

_EPOCH = (1980, 1, 1, 0, 0, 0)


def keras_model(folder: RunFolder, epoch: int) -> bytes:
    """The network after an epoch as `.keras`, for `keras.models.load_model`.

    The archive of Keras 3: metadata.json, config.json and model.weights.h5. Raises UnreadableRun.
    """
    weights = read_weights(folder, epoch)
    saved = time.localtime(weights_of(folder, epoch).stat().st_mtime)
    metadata = {
        "keras_version": str(folder.manifest().environment.get("keras", "3")),
        "date_saved": time.strftime("%Y-%m-%d@%H:%M:%S", saved),
    }
    config = json.dumps(folder.read_json("architecture.json")).encode()
    return _archive(
        {"metadata.json": json.dumps(metadata).encode(), "config.json": config, "model.weights.h5": weights}
    )


def architecture_and_weights(folder: RunFolder, epoch: int) -> bytes:
    """A zip of the architecture as JSON, an epoch's weights, and code that loads them; raises UnreadableRun."""
    weights = weights_of(folder, epoch).name
    data = folder.manifest().config.data
    shape = ", ".join(str(size) for size in data.shape)
    about = say("downloads.readme", epoch=epoch, shape=shape, classes=len(data.classes))
    code = (
        "import keras",
        'model = keras.models.model_from_json(open("architecture.json", encoding="utf-8").read())',
        f'model.load_weights("{weights}")',
    )
    return _archive(
        {
            "README.txt": ("\n".join([f"# {about}", *code]) + "\n").encode(),
            "architecture.json": json.dumps(folder.read_json("architecture.json"), indent=1).encode(),
            weights: read_weights(folder, epoch),
        }
    )


def _archive(files: dict[str, bytes]) -> bytes:
    """A zip that depends only on its files; uncompressed, because weights hardly shrink."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return buffer.getvalue()
