"""Test results as scripts print them."""

import re

_NUMBER = r"(nan|\d+\.?\d*(?:[eE][-+]?\d+)?)"
_SCORE = re.compile(
    r"^\W*(?:the\s+)?(?:(?:test|final|valid\w*|model|baseline|large|larger|simple|deep|cnn|mlp)[\s_]*)*"
    r"(?:[^\x00-\x7f]{1,9}?\s*)?(loss|score|acc\w*|error|正解率|精度|正确率|准确率|正確率|準確率|정확도|"
    rf"오차|损失|損失)[^\d:=]{{0,20}}[:=\s]\s*{_NUMBER}\s*(%?)\W*$",
    re.IGNORECASE,
)
_BOTH = re.compile(
    rf"^[^\d:=]{{0,20}}[:=]?\s*(?:test\s?)?_?loss\s*[:=]\s*{_NUMBER}\s*[;,|/\s]\s*"
    rf"(?:test\s?)?_?acc\w*\s*[:=]\s*{_NUMBER}\W*$",
    re.IGNORECASE,
)
"""Loss and accuracy in one line."""
_PAIR = re.compile(rf"^\W*(?:[\w\s]*[:=])?\s*[\[(]\s*{_NUMBER}\s*,\s*{_NUMBER}\s*[\])]\s*$")
_DICTIONARY = re.compile(r"^\W*(?:[\w\s]*[:=])?\s*\{([^{}]*['\"]loss['\"]\s*:[^{}]*)\}\s*$")
"""What `evaluate(return_dict=True)` returns."""
_ENTRY = re.compile(rf"['\"]([\w.-]+)['\"]\s*:\s*(?:np\.float\d\d\()?{_NUMBER}\)?\s*(?:,|$)")
_ACCURACIES = ("accuracy", "acc", "sparse_categorical_accuracy", "categorical_accuracy", "compile_metrics")
_REPORT = re.compile(r"^\s*accuracy\s{4,}([01]\.\d+)\s+\d+\s*$")
"""In scikit-learn's classification report, before the support."""


def read_score(line: str) -> tuple[float | None, float | None] | None:
    """The test loss and accuracy that a line states, each None if it does not say; None if it states neither."""
    if pair := _PAIR.match(line):
        loss, accuracy = float(pair[1]), float(pair[2])
        return (loss, accuracy) if 0 <= accuracy <= 1 and loss >= 0 else None
    if both := _BOTH.match(line):
        accuracy = _share(float(both[2]))
        return (float(both[1]), accuracy) if accuracy <= 1 else None
    if dictionary := _DICTIONARY.match(line):
        values = {name: float(value) for name, value in _ENTRY.findall(dictionary[1])}
        right = next((values[name] for name in _ACCURACIES if name in values), None)
        return (values.get("loss"), right) if "loss" in values else None
    if report := _REPORT.match(line):
        return None, float(report[1])
    found = _SCORE.match(line)
    if found is None:
        return None
    word, value = found[1].lower(), float(found[2])
    if word in ("loss", "score", "损失", "損失"):
        return value, None
    if word in ("error", "오차"):
        return (None, 1 - value / 100) if found[3] else (None, None)
    accuracy = _share(value)
    return (None, accuracy) if 0 <= accuracy <= 1 else None


def _share(accuracy: float) -> float:
    """An accuracy from 0 to 1; scripts print percent without its sign, and a share with one."""
    return accuracy / 100 if accuracy > 1 else accuracy
