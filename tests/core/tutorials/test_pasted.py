"""Code comes out of pages, interpreters and editors as a person copies it."""

import ast
import textwrap

import pytest

from core.errors import DigitLabError
from core.tutorials.pasted import MOST_CHARACTERS, read_code

PLAIN = textwrap.dedent(
    """\
    import keras
    model = keras.Sequential()
    for units in (30, 20):
        model.add(keras.layers.Dense(units, activation='relu'))
    model.compile('adam', loss='mse')
    model.fit(x, y, epochs=3)
    """
)


def same(code):
    """The statements of a script, whatever its layout."""
    return ast.dump(ast.parse(code))


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [f"{number:>3} {line}" for number, line in enumerate(lines, start=1)],
        lambda lines: [f"{number}. {line}" for number, line in enumerate(lines, start=1)],
        lambda lines: [f">>> {line}" if not line.startswith(" ") else f"... {line}" for line in lines] + ["<History>"],
        lambda lines: [line.strip() for line in lines],
        lambda lines: ["So wird's gemacht: Zuerst das Netz", *lines, "Epoch 1/3", "Fertig!"],
        lambda lines: ["%matplotlib inline", "!pip install keras", *lines],
        lambda lines: [line.replace("'", "‘") for line in lines],
        lambda lines: [line.replace("(", "（").replace(",", "，") for line in lines] + ["（完）"],
        lambda lines: [line.replace(" ", "\u00a0") for line in lines],
        lambda lines: ["    " + line for line in lines],
        lambda lines: [*lines, "[0.0726, 0.9763]", "(60000, 28, 28)", "test_acc: 0.9763", "accuracy"],
    ],
    ids=[
        "numbers",
        "dots",
        "prompts",
        "indents",
        "prose",
        "magics",
        "quotes",
        "full-width",
        "nbsp",
        "block",
        "outputs",
    ],
)
def test_a_pages_copy_gives_the_code_it_shows(change):
    read = read_code("\n".join(change(PLAIN.splitlines())))
    assert ast.dump(read.tree) == same(PLAIN)
    assert read.left_out == ()


def test_lost_indentation_is_rebuilt_by_what_the_lines_use():
    flat = """\
        def show(images, labels, count=9):
        figure = plt.gcf()
        if count > 25: count = 25
        for i in range(count):
        axis = plt.subplot(5, 5, i + 1)
        axis.imshow(images[i])
        plt.show()
        show(a, b)
        if K.image_data_format() == 'channels_first':
        a = a.reshape(1, 28, 28)
        shape = (1, 28, 28)
        else:
        a = a.reshape(28, 28, 1)
        shape = (28, 28, 1)
        print(shape)
        """
    whole = """
def show(images, labels, count=9):
    figure = plt.gcf()
    if count > 25: count = 25
    for i in range(count):
        axis = plt.subplot(5, 5, i + 1)
        axis.imshow(images[i])
    plt.show()
show(a, b)
if K.image_data_format() == 'channels_first':
    a = a.reshape(1, 28, 28)
    shape = (1, 28, 28)
else:
    a = a.reshape(28, 28, 1)
    shape = (28, 28, 1)
print(shape)
"""
    assert ast.dump(read_code(textwrap.dedent(flat)).tree) == same(whole)


def test_lines_keep_their_numbers_and_broken_code_is_named():
    read = read_code("Ein Satz.\nimport keras\nmodel.add(Dense(10, activation='softmax')))\nmodel.fit(x)\n")
    assert read.code.splitlines()[3] == "model.fit(x)"
    assert read.left_out == ((3, "model.add(Dense(10, activation='softmax')))"),)


def test_python_2_prints_are_read():
    assert ast.dump(read_code("print 'a', b\nprint c\n").tree) == same("print('a', b)\nprint(c)\n")


@pytest.mark.parametrize("code", ["(" * 5_000, "x = " + "-" * 100_000 + "1", "[" * 90 + "]" * 90, "\0", "x" * 50_000])
def test_hostile_text_is_read_to_an_end(code):
    assert isinstance(read_code(code).tree, ast.Module)


def test_a_text_beyond_the_limit_is_refused():
    with pytest.raises(DigitLabError, match="longer than"):
        read_code("x" * (MOST_CHARACTERS + 1))


@pytest.mark.parametrize(
    ("line", "apart"),
    [
        ("a = f(1) b = g(a) h(a, b)", "a = f(1); b = g(a); h(a, b)"),
        ("from a.b import c (d, e), f = c.load()", "from a.b import c; (d, e), f = c.load()"),
        ("import a import b as c x = a[0] c.fit(x)", "import a; import b as c; x = a[0]; c.fit(x)"),
    ],
)
def test_statements_that_a_page_joined_are_taken_apart(line, apart):
    read = read_code(f"Text.\n{line}\nx = 1\n")
    assert read.code.splitlines()[1] == apart
    assert not read.left_out


@pytest.mark.parametrize("line", ["a = f(1) wie oben", "f(x) (siehe unten", "x = 3 Bilder je Klasse (10)"])
def test_words_beside_code_are_not_statements(line):
    assert read_code(f"Text.\n{line}\nx = 1\n").left_out[0][0] == 2


def test_a_chinese_point_in_a_number_is_a_point():
    assert read_code("import a\nx = f(0。25，3)\n第一步：导入。\n").code.splitlines()[1] == "x = f(0.25,3)"


def test_a_line_of_code_with_strange_signs_is_named():
    read = read_code("import a\nmodel.add(Dropout(0·25))\n使用model.add(Dense(10))来添加一层\nx = 1\n")
    assert read.left_out == ((2, "model.add(Dropout(0·25))"),)
