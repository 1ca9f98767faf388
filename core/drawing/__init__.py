"""From ink on a canvas or in a photo to 28×28, and the collection of kept drawings."""
