"""Forks training processes from one that has imported TensorFlow, which saves each test the import."""

import contextlib
import importlib
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile

from core.places import ROOT

FORKS = hasattr(os, "fork") and sys.platform != "darwin"
"""Not on Macs, whose frameworks crash in a forked process."""


class Forked:
    """A process that the server has forked, with the part of subprocess.Popen's interface that tests use."""

    def __init__(self, pid, ended, out, err):
        self.pid, self.returncode = pid, None
        self._ended, self._out, self._err = ended, out, err

    def poll(self):
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout=None):
        if self.returncode is None:
            if not select.select([self._ended], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a forked training", timeout)
            self.returncode = os.waitstatus_to_exitcode(int(os.read(self._ended, 20)))
            os.close(self._ended)
        return self.returncode

    def communicate(self, timeout=None):
        self.wait(timeout)
        texts = []
        for file in (self._out, self._err):
            file.seek(0)
            texts.append(io.TextIOWrapper(file, encoding="utf-8").read())
        self._out, self._err = io.BytesIO(), io.BytesIO()
        return tuple(texts)

    def kill(self):
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


class ForkServer:
    """Runs `main` of a module in a new process without importing TensorFlow again."""

    def __init__(self):
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.core.training.forking", str(theirs.fileno())],
                cwd=ROOT,
                env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
                pass_fds=[theirs.fileno()],
            )

    def start(self, module, arguments):
        """A process of this module, with the test's current environment."""
        out, err = (tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115 they are read when it has ended
        ended, end = os.pipe()
        # in a file, since it may be too large for a message
        with tempfile.TemporaryFile() as asked:
            asked.write(json.dumps([module, arguments, dict(os.environ)]).encode())
            asked.flush()
            socket.send_fds(self._socket, [b"start"], [asked.fileno(), out.fileno(), err.fileno(), end])
            os.close(end)
            # the server receives the message before the file is closed
            pid = int(self._socket.recv(20))
        return Forked(pid, ended, out, err)

    def close(self):
        self._socket.close()
        self._process.wait(60)


def serve(number):
    """Fork a process for each request, until the tests close the socket."""
    from core.training.worker import prepare

    prepare()
    ends = {}

    def reap(*_):
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                end = ends.pop(ended[0])
                # the test may have stopped listening
                with contextlib.suppress(BrokenPipeError):
                    os.write(end, str(ended[1]).encode())
                os.close(end)

    signal.signal(signal.SIGCHLD, reap)
    with socket.socket(fileno=number) as requests:
        while True:
            message, files, *_ = socket.recv_fds(requests, 16, 4)
            if not message:
                return
            asked, out, err, end = files
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
                requests.close()
                _become(asked, out, err)
            ends[pid] = end
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
            for file in (asked, out, err):
                os.close(file)
            requests.send(str(pid).encode())


def _become(asked, out, err):
    """Run the requested command with its arguments, environment and output, and exit."""
    code = 1
    try:
        module, arguments, environment = json.loads(os.pread(asked, os.fstat(asked).st_size, 0))
        os.environ.clear()
        os.environ.update(environment)
        for file, number in ((out, 1), (err, 2)):
            os.dup2(file, number)
        if module != "core.training.__main__":
            # what only the worker keeps from being imported
            for name in [name for name, loaded in sys.modules.items() if loaded is None]:
                del sys.modules[name]
        code = importlib.import_module(module).main(arguments)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
