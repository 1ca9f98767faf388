"""Everything Digit Lab knows, without a screen: no module below imports streamlit."""
