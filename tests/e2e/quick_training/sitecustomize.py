"""On the Python path of a server, it makes runs train without Keras, with a worker that starts in half a second."""

from core import child_process

_command = child_process.command


def command(module: str, *arguments: str) -> list[str]:
    return _command("tests.faults.quick_worker" if module == "core.training" else module, *arguments)


child_process.command = command
