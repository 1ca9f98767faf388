"""On the Python path of nodes, it makes runs train by a stub."""

from core import child_process

_command = child_process.command


def command(module: str, *arguments: str) -> list[str]:
    return _command("benchmarks.stub_training" if module == "core.training" else module, *arguments)


child_process.command = command
