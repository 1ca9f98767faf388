"""What a run is told: network, training, rules, presets, links, the Keras script."""
