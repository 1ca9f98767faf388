"""The errors a person may see: one sentence that names what was wrong and what to do."""

from core.text import one_line


class DigitLabError(Exception):
    """Anything that went wrong and can be told in one sentence, and in one line whatever it quotes."""

    def __init__(self, sentence: str) -> None:
        super().__init__(one_line(sentence))


class InvalidSetting(DigitLabError):
    """A hyperparameter outside what can be trained."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class DataUnavailable(DigitLabError):
    """A data set that cannot be had here, or is not what it claims to be."""


class UnreadableRun(DigitLabError):
    """A run folder that is damaged, half-written, or not a run at all."""


class EmptyDrawing(DigitLabError):
    """A drawing or picture without ink."""


class UnusableKernel(DigitLabError):
    """A kernel that cannot slide over a digit."""
