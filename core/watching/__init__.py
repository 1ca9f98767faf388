"""Makes runs of what a person's own program reports about its trainings: the other end of `digit_lab.record`."""
