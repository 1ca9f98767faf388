"""Whether a text is a statement of Python, a part of one, or neither."""

import ast
import io
import re
import tokenize

BLOCK_HEAD = re.compile(r"^\s*(?:def|class|if|elif|else|for|while|with|try|except|finally|async)\b.*:\s*(?:#.*)?$")


def parsed(code: str) -> ast.Module | None:
    """The syntax tree of a text; None if it is not Python."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_statement(text: str) -> bool:
    """Whether a text is one statement, or the head of a block."""
    bare = text.strip()
    if re.match(r"(elif|else|except|finally)\b", bare):
        head = "try:\n pass\n" if re.match(r"(except|finally)\b", bare) else "if x:\n pass\n"
        return parsed(head + bare + ("\n pass" if bare.rstrip().endswith(":") else "")) is not None
    if BLOCK_HEAD.match(bare.splitlines()[-1]) or (
        bare.endswith(":") and re.match(r"(def|class|if|for|while|with|try)\b", bare)
    ):
        bare += "\n pass" if not bare.startswith("try") else "\n pass\nfinally:\n pass"
    if bare.startswith("@"):
        bare += "\ndef f(): pass"
    if re.match(r"(return|yield)\b", bare):
        bare = f"def f():\n {bare}"
    if re.match(r"(break|continue)\b", bare):
        bare = f"while x:\n {bare}"
    return parsed(bare) is not None


def is_open(text: str) -> bool:
    """Whether a bracket, a triple quote or a backslash continues on the next line."""
    if text.rstrip().endswith("\\"):
        return True
    try:
        depth = 0
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            depth += (token.string in "([{") - (token.string in ")]}") if token.type == tokenize.OP else 0
        return depth > 0
    except tokenize.TokenError:
        return True
    except (IndentationError, SyntaxError):
        return False
