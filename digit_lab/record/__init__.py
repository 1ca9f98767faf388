"""Watches the trainings of a person's own Keras program.

`callbacks=[DigitLab()]` in a script or notebook; `digit-lab record script.py` watches every training without a change
of the script. What runs in the person's process imports nothing of ours but this package, whose modules need only
NumPy and, once the person's program has imported it, Keras: a script may have a package `core` of its own.
"""

from digit_lab.record.callback import DigitLab
from digit_lab.record.hook import watch_fits

__all__ = ["DigitLab"]

watch_fits()
