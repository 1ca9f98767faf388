"""Reasons of the operating system, in the reader's language."""

import errno
import os
import sys

import pytest

from core.errors import DigitLabError, reason_of
from core.text import catalogue, say, speaking

KNOWN = [key.rpartition(".")[2] for key in catalogue() if key.startswith("operating_system.")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems word and have other errors")
@pytest.mark.parametrize("name", KNOWN)
def test_a_reason_is_what_linux_says_in_the_readers_language(name):
    number = getattr(errno, name)
    reason = reason_of(OSError(number, os.strerror(number)))
    assert str(reason) == os.strerror(number)
    with speaking("zh-Hant"):
        assert say(reason) == catalogue("zh-Hant")[f"operating_system.{name}"]


def test_a_reason_is_part_of_a_sentence():
    error = DigitLabError("inference.no_file", reason=reason_of(FileNotFoundError(errno.ENOENT, "")))
    with speaking("zh-Hant"):
        assert say(error.message) == "無法讀取這個檔案（找不到檔案或資料夾）；請選擇 PNG、JPEG 或 WebP 檔。"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError("cannot read /secret/folder"), "OSError"),
        (OSError(-2, "Name or service not known"), "Name or service not known"),
        (TimeoutError("timed out"), os.strerror(errno.ETIMEDOUT)),
    ],
)
def test_another_reason_is_as_the_system_says_it_without_folders(error, said):
    assert str(reason_of(error)) == said
