"""Choose a network, start it, watch it learn."""
