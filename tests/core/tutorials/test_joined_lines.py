"""A page whose line breaks are lost is read as the code that it shows."""

import ast
import textwrap
import time

import pytest

from core.tutorials.joined_lines import without_joins
from core.tutorials.pasted import read_code
from core.tutorials.reading import read_tutorial

SCRIPT = textwrap.dedent(
    """\
    from keras.models import Sequential  # the class of a model
    from keras.layers import Dense, Dropout
    import numpy as np
    from keras.datasets import mnist
    # Load the data: 60,000 images (28*28), don't shuffle
    (x, y), (xt, yt) = mnist.load_data()
    # import libraries, then build model.layers
    x = x.reshape(60000, 784).astype('float32') / 255
    def build(units=30):  # a function
        model = Sequential()
        model.add(Dense(units, activation='relu' if units > 3 else None, input_dim=784))
        # model.add(Dropout(0.9))
        model.add(Dense(10,  # ten digits
                        activation='softmax'))  # 输出层
        return model
    model = build(20)
    model.compile('adam', loss='sparse_categorical_crossentropy')
    # Now it trains.
    model.fit(x, y, epochs=3, batch_size=50)
    for name in ('loss', 'accuracy'):
        print("of", name)
    """
)


def test_a_page_on_one_line_is_read_as_its_code():
    line = " ".join(SCRIPT.split())
    read = read_code(line)
    assert ast.dump(read.tree) == ast.dump(ast.parse(SCRIPT))
    assert (read.left_out, read.joined) == ((), 1)


def test_its_lost_line_breaks_are_noted():
    tutorial = read_tutorial(" ".join(SCRIPT.split()))
    (fit,) = tutorial.fits
    assert (fit.epochs, fit.batch_size, fit.chain.parameters) == (3, 50, 784 * 20 + 20 + 210)
    assert "line breaks are lost" in str(tutorial.guesses[0].said)


def test_only_the_blocks_of_a_page_that_lost_their_line_breaks_are_taken_apart():
    first, last = SCRIPT.splitlines()[:6], SCRIPT.splitlines()[15:17]
    lines = ["Zuerst die Daten.", " ".join(first), "Dann:", *last]
    read = read_code("\n".join(lines))
    assert read.code.splitlines()[-2:] == last
    assert [type(node) for node in read.tree.body][:3] == [ast.ImportFrom, ast.ImportFrom, ast.Import]


@pytest.mark.parametrize(
    "line",
    [
        "x = f(1)  # y = g(2) and then h(3)",
        "model.add(Dense(32))  # model.add(Dense(64)) was slower, " + "and it took a long time to train " * 4,
        "name = 'a = f(1) b = g(2)'",
        "x = a if f(a) else g(b)",
        "f(x)(y)[0] (z)",
        "print 'a', f(1), g(2)",
    ],
)
def test_lines_of_one_statement_stay(line):
    assert without_joins([line]) == ([line], 0)


@pytest.mark.parametrize(
    "line", ["f( " * 6_000, "# " + "x = (1 " * 2_000, "a.b(c " * 3_000, "import " * 3_000, "'" * 19_999]
)
def test_hostile_lines_are_read_within_seconds(line):
    began = time.process_time()
    without_joins([line])
    assert time.process_time() - began < 2
