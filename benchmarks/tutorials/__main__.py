"""How often a tutorial is read as Keras has it: `python -m benchmarks.tutorials` prints the share and the differences.

Every script in `scripts/` is read, rewritten for Keras 3 and run by Keras with `fit` recorded. Compared are layers with
all arguments, parameters, optimizer, learning rate, loss, batch size and epochs.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core import child_process
from core.tutorials.reading import read_tutorial
from core.tutorials.rewriting.code import for_keras_3

SCRIPTS = Path(__file__).with_name("scripts")
TIMEOUT = 600.0


def main() -> int:
    """Print the figures; returns 0 if at least 95 % are exact and none is wrong without a mark."""
    found = compare(SCRIPTS)
    for name, differences in found.items():
        for difference in differences:
            print(f"{name}: {difference}")
    exact = sum(not differences for differences in found.values())
    unmarked = [each for differences in found.values() for each in differences if not each.startswith("marked")]
    print(f"{exact} of {len(found)} scripts exact ({exact / len(found):.1%}), {len(unmarked)} values wrong unmarked")
    return 0 if exact >= 0.95 * len(found) and not unmarked else 1


def compare(folder: Path) -> dict[str, list[str]]:
    """The differences between what is read of each script and what Keras has when it runs."""
    read: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as rewritten:
        for path in sorted(folder.iterdir()):
            tutorial = read_tutorial(path.read_bytes())
            read[path.stem] = tutorial.to_json()
            Path(rewritten, f"{path.stem}.py").write_text(for_keras_3(tutorial).after, encoding="utf-8")
        ended = child_process.run(
            "benchmarks.tutorials.witness", rewritten, timeout=TIMEOUT, changes={"TF_CPP_MIN_LOG_LEVEL": "3"}
        )
    if ended.code != 0:
        raise RuntimeError(ended.err[-2_000:])
    seen: dict[str, Any] = json.loads(ended.out.splitlines()[-1])
    return {name: list(_differences(read[name], seen[name])) for name in read}


def _differences(read: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[str]:
    if "error" in seen:
        yield f"the rewritten script fails: {seen['error'].strip()}"
    if len(read["fits"]) != len(seen["fits"]):
        yield f"{len(read['fits'])} trainings read, {len(seen['fits'])} run"
        return
    for number, (ours, keras) in enumerate(zip(read["fits"], seen["fits"], strict=True), start=1):
        for key in ("parameters", "learning_rate", "loss", "batch_size", "epochs"):
            if not _equal(ours[key], keras[key]):
                # null is not wrong where a reason is given
                mark = "marked: " if ours[key] is None and read["unread"] else ""
                yield f"{mark}fit {number}: {key} is {keras[key]}, read as {ours[key]}"
        if ours["optimizer"] != keras["optimizer"].lower():
            yield f"fit {number}: optimizer is {keras['optimizer']}, read as {ours['optimizer']}"
        if not ours["layers"] and read["unread"]:
            yield f"marked: fit {number}: layers are not read"
        else:
            yield from _layers(number, ours["layers"], keras["layers"])


def _layers(number: int, ours: list[dict[str, Any]], keras: list[dict[str, Any]]) -> Iterator[str]:
    if [each["class"] for each in ours] != [each["class"] for each in keras]:
        yield f"fit {number}: layers {[each['class'] for each in keras]}, read as {[each['class'] for each in ours]}"
        return
    for place, (one, other) in enumerate(zip(ours, keras, strict=True), start=1):
        for key in sorted(one.keys() | other.keys()):
            if not _equal(one.get(key), other.get(key)):
                yield f"fit {number}, layer {place} {one['class']}: {key} is {other.get(key)}, read as {one.get(key)}"


def _equal(one: Any, other: Any) -> bool:
    # the optimizer keeps its rate in float32
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-6 * abs(other)
    return bool(one == other)


if __name__ == "__main__":
    sys.exit(main())
