"""How well a run does, at any epoch."""
