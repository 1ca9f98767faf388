"""The worker: the one process that imports TensorFlow and Keras."""
