"""Runs a person's own Keras program as it is, and every training in it becomes a run: `digit-lab record script.py`."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from core.errors import DigitLabError, reason_of
from core.places import place
from core.text import say
from core.text.terminal import command_parser
from core.tutorials.notebook import is_notebook
from digit_lab.record.notebook import as_script
from digit_lab.record.spool import runs_folder

_STARTUP = Path(__file__).parent / "startup"


def main(arguments: Sequence[str] | None = None, prog: str | None = None) -> int:
    """Run the command; returns 2 where there is no program to run, else its process becomes that of the program."""
    script, own = _given(sys.argv[1:] if arguments is None else arguments, prog)
    about = {
        "runs": runs_folder(),
        "script": script.name,
        "pythonpath": os.environ.get("PYTHONPATH"),
    }
    environment = dict(os.environ)
    try:
        text = script.read_text(encoding="utf-8", errors="replace")
        if script.suffix == ".ipynb" or is_notebook(text):
            program = Path(tempfile.mkdtemp(prefix="digit-lab-")) / f"{script.stem}.py"
            program.write_text(as_script(text), encoding="utf-8")
            about |= {"remove": str(program.parent), "folder": str(script.parent)}
            # a notebook shows its pictures and goes on; a script would wait until each is closed
            environment.setdefault("MPLBACKEND", "agg")
        else:
            program = script
    except OSError as error:
        return _refused(say("recording.no_script", path=script, reason=reason_of(error)))
    except DigitLabError as error:
        return _refused(say(error.message))
    environment |= {
        "DIGIT_LAB_RECORDING": json.dumps(about),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_STARTUP), os.environ.get("PYTHONPATH")))),
    }
    os.chdir(script.parent)
    # as Python itself was started, such as with -u
    options = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined] # as multiprocessing does
    return _become([sys.executable, *options, str(program), *own], environment)


def _given(arguments: Sequence[str], prog: str | None) -> tuple[Path, Sequence[str]]:
    """The script and its own arguments."""
    if arguments and not arguments[0].startswith("-"):
        # the texts of the parser would take a moment of the script's time
        return place(arguments[0]), arguments[1:]
    parser = command_parser(prog, "recording.description", arguments[:2])
    parser.add_argument("script", type=place, help=say("recording.script"))
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=say("recording.arguments"))
    given = parser.parse_args(arguments)
    return given.script, given.arguments


def _become(command: list[str], environment: dict[str, str]) -> NoReturn:
    sys.stdout.flush()
    if os.name == "nt":
        # a process cannot become another there
        sys.exit(subprocess.call(command, env=environment))
    os.execve(command[0], command, environment)


def _refused(text: str) -> int:
    print(text, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(prog="python -m digit_lab.record"))
