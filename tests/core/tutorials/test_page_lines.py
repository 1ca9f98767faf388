"""Marks that a page adds to code are taken away, and nothing else."""

import pytest

from core.tutorials.page_lines import decoded, looks_like_code, without_markup, without_page_marks
from core.tutorials.pasted import read_code


def test_the_source_of_a_page_is_read_as_the_page_shows_it():
    text = "<pre class='x'>a <span>=</span> 3\nif a &lt; 4 and a &gt;= 1:<br/>\n    f<b>(</b>a)</pre>"
    assert without_markup(text) == "a = 3\nif a < 4 and a >= 1:\n    f(a)"
    assert read_code(f"<div>{text}</div>").code == "a = 3\nif a < 4 and a >= 1:\n    f(a)"


@pytest.mark.parametrize("text", ["a = '<b>' + x\n", "if a <b and c> d:\n    pass\n", "x = '&lt;'\n"])
def test_code_without_markup_is_kept(text):
    assert without_markup(text) == text


def test_an_exported_notebooks_shell_calls_are_comments():
    pasted = read_code("a = 1\nget_ipython().system('ls data')\nget_ipython().run_line_magic('matplotlib', 'inline')\n")
    assert pasted.code.splitlines()[1:] == [
        "# get_ipython().system('ls data')",
        "# get_ipython().run_line_magic('matplotlib', 'inline')",
    ]
    assert not pasted.left_out


def test_what_only_colab_understands_is_a_comment():
    pasted = read_code("from google.colab import drive\ndrive.mount('/content/drive')\na = 1\n")
    assert pasted.code.splitlines() == [
        "# from google.colab import drive",
        "# drive.mount('/content/drive')",
        "a = 1",
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("加载数据from keras.datasets import mnist", "from keras.datasets import mnist"),
        ("第一步：import numpy as np", "import numpy as np"),
        ("使用import语句导入模块", ""),
    ],
)
def test_a_heading_before_an_import_goes(line, code):
    assert read_code(f"{line}\nx = 1\n").code.splitlines()[0] == code


def test_numbers_and_prompts_go():
    lines = [f"{number}  >>> x{number} = {number}" for number in range(1, 9)]
    assert without_page_marks(lines) == [f"x{number} = {number}" for number in range(1, 9)]


@pytest.mark.parametrize(("line", "code"), [("x[0] = f(1)", True), ("训练模型 (x)", False), ("model is good", False)])
def test_code_is_distinguished_from_words(line, code):
    assert looks_like_code(line) is code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_of_usual_encodings_are_decoded(encoding):
    assert decoded("# 手写数字".encode(encoding)) == "# 手写数字"


def test_a_session_of_ipython_is_read():
    first = "In [1]: import keras\n   ...: a = [\n   ...:     3]\n\n"
    text = first + "In [2]: for b in a:\n   ...:     print(b)\n   ...:\nOut[2]: [0.1, 3]\n"
    assert [line for line in read_code(text).code.splitlines() if line] == [
        "import keras",
        "a = [",
        "    3]",
        "for b in a:",
        "    print(b)",
    ]
