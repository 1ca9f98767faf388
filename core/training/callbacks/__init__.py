"""The Keras callbacks of training, each in a file of its own."""
