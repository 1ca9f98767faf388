"""One digit's way through a network: the arithmetic of each layer, in NumPy."""
