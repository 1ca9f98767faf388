"""Drives a sweep in a process of its own, with pretended workers: `python driven.py FOLDER PAUSE [AT_ONCE]`."""

import sys

import pretended

from core.cluster import keeper
from core.sweeps import __main__ as command

keeper.Launcher = lambda *_, **__: pretended.Processes(float(sys.argv[2]))
keeper.MachineRoom = lambda _: pretended.Slots(int((*sys.argv, 1)[3]))
command.main(["--drive", sys.argv[1]])
