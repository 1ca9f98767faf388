"""Printed confusion matrices are read, and nothing else for one."""

import pytest

from core.tutorials.log import read_log
from core.tutorials.matrices import accuracy_of, read_matrices

CROSSTAB = "predict  0   1  2\nlabel\n0       970  1  9\n1         0 99  1\n2         4  0 6\n"
NAMED = "true\tcat\tdog\tox\nlabel\t\ncat\t970\t1\t9\ndog\t0\t99\t1\nox\t4\t0\t6\n"
MARGINS = "col_0  0  1  2  All\nrow_0\n0  970  1  9  980\n1  0  99  1  100\n2  4  0  6  10\nAll  974  100  16  1090\n"
FRAME = "     0   1  2\n0  970   1  9\n1    0  99  1\n2    4   0  6\n"
ARRAY = "array([[970,   1,   9],\n       [  0,  99,   1],\n       [  4,   0,   6]], dtype=int64)"
TENSOR = "tf.Tensor(\n[[970 1 9]\n [0 99 1]\n [4 0 6]], shape=(3, 3), dtype=int32)"


@pytest.mark.parametrize(
    "text",
    [CROSSTAB, NAMED, MARGINS, FRAME, "[[970   1   9]\n [  0  99   1]\n [  4   0   6]]", ARRAY, TENSOR],
    ids=["pandas", "names", "margins", "frame", "scikit-learn", "array", "tensor"],
)
def test_printed_confusion_matrices_are_read(text):
    (matrix,) = read_matrices(f"some words\n{text}\nother words".splitlines())
    assert matrix == [[970, 1, 9], [0, 99, 1], [4, 0, 6]]
    assert accuracy_of(matrix) == (1075, 1090)


def test_a_matrix_that_is_pasted_alone_is_a_result():
    (printed,) = read_log(CROSSTAB)
    assert (printed.epochs, printed.matrix) == ([], [[970, 1, 9], [0, 99, 1], [4, 0, 6]])


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(["[0, 0, 0, 0]"] * 4),
        "x = np.array([[0, 1],\n              [1, 0]])",
        "[[1 2 3]\n [4 5 6]]",
        "class  precision  recall\n0  1  2\n1  3",
        "Epoch 0 1\n0 12 5\nwords of a page\n1 3 40",
    ],
)
def test_other_numbers_are_not_a_matrix(text):
    assert read_matrices(text.splitlines()) == []
