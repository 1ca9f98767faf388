"""How what the product ships was made; nothing in the product imports it."""
