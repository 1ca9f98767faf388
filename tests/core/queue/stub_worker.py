"""A worker without Keras: takes over a run, waits for a request to stop, and ends; STUB_DEAF ignores requests."""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from core.runs.folder import RunFolder
from core.runs.owner import Owner

folder = RunFolder(Path(sys.argv[1]))
folder.write_status(replace(folder.status(), state="training", owner=Owner.this().beating()))
while not any(request.command == "stop" for request in folder.control.take()) or "STUB_DEAF" in os.environ:
    time.sleep(0.01)
folder.write_status(replace(folder.status(), state=os.environ.get("STUB_ENDS", "finished"), owner=None, epoch=1))
