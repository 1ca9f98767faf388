"""One digit on its way through a network: the arithmetic of each layer, in NumPy."""
