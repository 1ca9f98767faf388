"""Makes runs of what a person's own program tells of its trainings: the other end of `digit_lab.record`."""
