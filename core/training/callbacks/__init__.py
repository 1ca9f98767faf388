"""What happens while Keras fits: one small callback a file."""
