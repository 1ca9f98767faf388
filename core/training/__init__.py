"""The worker: the one process that imports TensorFlow and Keras."""

from core.keras_settings import settle

# here, since no module of this package can be imported before it
settle()
