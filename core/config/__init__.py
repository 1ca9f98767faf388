"""A run's settings: network and training, rules, presets, links, and the run as a Keras script."""
