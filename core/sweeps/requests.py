"""What a person asks of a sweep while it is driven: to pause, to go on, to stop."""

from core.sweeps.folder import SweepFolder
from core.text import Message


class Requests:
    """The requests so far."""

    def __init__(self, folder: SweepFolder) -> None:
        self._control = folder.files.control
        self.stopping = False
        """Whether what trains is to end."""
        self._pausing = False

    def take(self) -> None:
        """Take those that have come."""
        for request in self._control.take():
            self.stopping |= request.command == "stop"
            if request.command in ("pause", "resume"):
                self._pausing = request.command == "pause"

    @property
    def halt(self) -> Message | None:
        """Why no other run is to start, None where one may."""
        if self.stopping:
            return Message("sweeps.stopped")
        return Message("sweeps.paused") if self._pausing else None
