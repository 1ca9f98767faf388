"""The processor's peak performance: `python -m benchmarks.matrix_product bfloat16`.

Prints one JSON line with the GFLOP/s reached in products of two large matrices.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from statistics import median

from core.keras_settings import settle

_SIZE, _TURNS, _SECONDS = 2048, 5, 0.5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matrix_product", description=__doc__)
    parser.add_argument("precision", choices=("float32", "bfloat16"))
    print(json.dumps({"gflops": _gflops(parser.parse_args(arguments).precision)}))
    return 0


def _gflops(precision: str) -> float:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    settle()
    import tensorflow as tf

    matrix = tf.cast(tf.random.uniform((_SIZE, _SIZE), seed=1), precision)
    multiply = tf.function(lambda of: tf.reduce_sum(of @ of))
    multiply(matrix).numpy()
    speeds = []
    for _ in range(_TURNS):
        products, began = 0, time.perf_counter()
        while (taken := time.perf_counter() - began) < _SECONDS:
            multiply(matrix).numpy()
            products += 1
        speeds.append(2 * _SIZE**3 * products / taken / 1e9)
    return median(speeds)


if __name__ == "__main__":
    sys.exit(main())
