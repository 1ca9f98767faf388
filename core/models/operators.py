"""Checks, without running it, that a `.tflite` file uses only the operators that networks of images need.

None of them branches on values, reads a file or calls foreign code. So a file that answers one image answers all, and
with the same memory.
"""

from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import UnreadableRun

LARGEST = 1_000_000
"""Bytes; the weights are not in the file."""

_OF_NUMBERS = (
    *("TRANSPOSE", "RESHAPE", "CONV_2D", "MAX_POOL_2D", "AVERAGE_POOL_2D", "BATCH_MATMUL", "FULLY_CONNECTED"),
    *("ADD", "SUB", "MUL", "RSQRT", "RELU", "TANH", "LOGISTIC", "ELU", "GELU", "SOFTMAX"),
)
_OF_SHAPES = ("SHAPE", "STRIDED_SLICE", "PACK")
_OF_MODELS = (
    *_OF_NUMBERS,
    *("QUANTIZE", "DEQUANTIZE", "DEPTHWISE_CONV_2D", "PAD", "PADV2", "MEAN", "SUM", "REDUCE_MAX", "CONCATENATION"),
    *("SQUEEZE", "EXPAND_DIMS", "DIV", "MAXIMUM", "MINIMUM", "EXP", "NEG", "SQRT", "SQUARE", "ABS", "POW"),
    *("SQUARED_DIFFERENCE", "RELU6", "RELU_N1_TO_1", "LEAKY_RELU", "PRELU", "HARD_SWISH", "LOG_SOFTMAX", "SLICE"),
    *("L2_NORMALIZATION", "LOCAL_RESPONSE_NORMALIZATION", "STRIDED_SLICE"),
)
"""What other people's networks of images use besides; none of it has an output larger than its inputs say."""
_MOST = 5_000


def check_operators(path: Path) -> None:
    """Raises UnreadableRun if the file uses anything else, or is not a network at all."""
    # imported late: a fifth of a second
    from ai_edge_litert import schema_py_generated as schema

    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        if not schema.Model.ModelBufferHasIdentifier(content, 0):
            raise ValueError("it is no network")
        kinds = schema.TensorType.FLOAT32, schema.TensorType.INT32
        sound = _is_plain_graph(schema.Model.GetRootAs(content, 0), schema, _OF_NUMBERS, kinds)
    except Exception:  # offsets in a damaged file point anywhere
        raise UnreadableRun("runs.file_damaged", file=path.name) from None
    if not sound:
        raise UnreadableRun("bundles.foreign_network", file=path.name)


def check_model(path: Path) -> int:
    """As `check_operators`, for a whole network of anybody's with its weights; returns how many it has."""
    from ai_edge_litert import schema_py_generated as schema

    try:
        content = path.read_bytes()
        if not schema.Model.ModelBufferHasIdentifier(content, 0):
            raise ValueError("it is no network")
        model = schema.Model.GetRootAs(content, 0)
        of = schema.TensorType
        sound = _is_plain_graph(model, schema, _OF_MODELS, (of.FLOAT32, of.INT32, of.INT8, of.UINT8, of.FLOAT16))
        graph = model.Subgraphs(0)
        sound = sound and graph.InputsLength() == graph.OutputsLength() == 1
        return _weights(model) if sound else _refuse()
    except UnreadableRun:
        raise
    except Exception:  # offsets in a damaged file point anywhere
        raise UnreadableRun("runs.file_damaged", file=path.name) from None


def _refuse() -> int:
    raise UnreadableRun("models.foreign_operators")


def _weights(model: Any) -> int:
    """The numbers in constant tensors of more than one axis, and in rows as long as biases are."""
    graph, count = model.Subgraphs(0), 0
    for index in range(graph.TensorsLength()):
        tensor = graph.Tensors(index)
        if model.Buffers(tensor.Buffer()).DataLength() and tensor.ShapeLength():
            count += prod(int(tensor.Shape(axis)) for axis in range(tensor.ShapeLength()))
    return count


def check_growth(path: Path) -> None:
    """Runs the network; raises UnreadableRun if two images take more than twice the memory of one."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    # a delegate does not report the memory it takes
    plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    network = Interpreter(model_content=path.read_bytes(), num_threads=1, experimental_op_resolver_type=plain)
    run = network.get_signature_runner("layers")
    inputs = {name: tuple(of["shape"]) for name, of in run.get_input_details().items()}
    rooms = []
    for images in (1, 2):
        run(**{
            name: np.zeros((images, *shape[1:]) if name == "image" else shape, np.float32)
            for name, shape in inputs.items()
        })  # fmt: skip
        rooms.append({each["index"]: prod(map(int, each["shape"])) for each in network.get_tensor_details()})
    one, two = rooms
    if any(room > 2 * one.get(index, room) for index, room in two.items()):
        raise UnreadableRun("bundles.foreign_network", file=path.name)


def _is_plain_graph(model: Any, schema: Any, of_numbers: Sequence[str], types: Sequence[int]) -> bool:
    """One graph of known operators on numbers or on shapes; none turns numbers into shapes."""
    if model.SubgraphsLength() != 1 or model.ExternalBuffersLength() or model.ExternalBufferGroupsLength():
        return False
    graph = model.Subgraphs(0)
    lengths = model.OperatorCodesLength(), model.BuffersLength(), graph.TensorsLength(), graph.OperatorsLength()
    if max(lengths) > _MOST:
        return False
    codes = [model.OperatorCodes(index) for index in range(lengths[0])]
    if any(code.CustomCode() is not None for code in codes):
        return False
    # older converters write the code into a smaller field
    kinds = [max(code.BuiltinCode(), code.DeprecatedBuiltinCode()) for code in codes]
    buffers = (model.Buffers(index) for index in range(lengths[1]))
    tensors = [graph.Tensors(index) for index in range(lengths[2])]
    operators = (graph.Operators(index) for index in range(lengths[3]))
    return (
        all(buffer.Offset() <= 1 and buffer.Size() <= 1 for buffer in buffers)
        and all(_is_plain(tensor, types) for tensor in tensors)
        and all(_is_known(kinds[each.OpcodeIndex()], each, tensors, schema, of_numbers) for each in operators)
    )


def _is_plain(tensor: Any, types: Sequence[int]) -> bool:
    simple = tensor.Type() in types
    return simple and not tensor.IsVariable() and tensor.Sparsity() is None and not tensor.VariantTensorsLength()


def _is_known(kind: int, operator: Any, tensors: list[Any], schema: Any, of_numbers: Sequence[str]) -> bool:
    if operator.OutputsLength() != 1 or operator.MutatingVariableInputsLength() or operator.IntermediatesLength():
        return False
    of_shapes = tensors[operator.Outputs(0)].Type() == schema.TensorType.INT32
    return kind in {getattr(schema.BuiltinOperator, name) for name in (_OF_SHAPES if of_shapes else of_numbers)}
