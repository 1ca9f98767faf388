"""The worker: the one process that imports TensorFlow and Keras."""

from core.keras_settings import settle

# before any module of this package imports Keras
settle()
