"""Parts that several pages share: run header, run controls, digits."""
