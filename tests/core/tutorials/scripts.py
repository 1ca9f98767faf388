"""The beginnings of scripts that tests go on with, and the sentences of the notes about them."""

NETWORK = """
from keras.models import Sequential
from keras.layers import Dense, Flatten, Conv2D, Reshape
"""
MODEL = NETWORK + "model = Sequential([Dense(10)])\n"
TRAINED = MODEL + "model.compile('adam', 'mse')\n"


def unread(tutorial):
    """Why parts of a script could not be read."""
    return [str(note.said) for note in tutorial.unread]


def guesses(tutorial):
    """What was taken for what it most likely means."""
    return [str(note.said) for note in tutorial.guesses]
