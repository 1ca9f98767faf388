"""Scripts in the styles of public tutorials, and what Keras makes of them."""
