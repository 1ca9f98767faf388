"""The errors a person may see: a message that names what was wrong and what to do."""

import errno

from core.text import Message, catalogue


class DigitLabError(Exception):
    """Anything that went wrong and has a message; `str` gives it in English and in one line, whatever it quotes."""

    def __init__(self, said: str | Message, /, **values: object) -> None:
        self.message = said if isinstance(said, Message) else Message(said, **values)

    def __str__(self) -> str:
        return str(self.message)


class InvalidSetting(DigitLabError):
    """A hyperparameter outside what can be trained."""

    def __init__(self, field: str, said: str | Message, /, **values: object) -> None:
        super().__init__(said, **values)
        self.field = field


class Advice(DigitLabError, ValueError):
    """A value that a rule does not accept; its message completes the sentence "... is 7; "."""


class DataUnavailable(DigitLabError):
    """A data set that is not available, or is not what it claims to be."""


class UnreadableRun(DigitLabError):
    """A run folder that is damaged, half-written, or not a run at all."""


class EmptyDrawing(DigitLabError):
    """A drawing or picture without ink."""


class UnusableKernel(DigitLabError):
    """A kernel that cannot slide over a digit."""


def reason_of(error: OSError) -> Message:
    """Why the operating system refused, such as "No space left on device"; as it says it where no text of ours does."""
    number = errno.ETIMEDOUT if isinstance(error, TimeoutError) else error.errno or 0
    key = f"operating_system.{errno.errorcode.get(number, '')}"
    # the rest of the error may name folders of the server
    return (
        Message(key)
        if key in catalogue()
        else Message("errors.as_written", text=error.strerror or type(error).__name__)
    )
