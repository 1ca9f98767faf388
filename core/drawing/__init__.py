"""From ink on a canvas or a photo to 28×28, and the drawings a person keeps."""
