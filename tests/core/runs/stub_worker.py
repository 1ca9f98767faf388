"""A worker without Keras: takes a run over, waits until it is told to end, and ends it."""

import sys
import time
from dataclasses import replace
from pathlib import Path

from core.runs.folder import RunFolder
from core.runs.process import Owner

folder = RunFolder(Path(sys.argv[1]))
folder.write_status(replace(folder.status(), state="training", owner=Owner.this()))
while not any(request.command == "stop" for request in folder.take_requests()):
    time.sleep(0.01)
folder.write_status(replace(folder.status(), state="finished", owner=None, epoch=1))
