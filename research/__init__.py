"""How shipped data and models were made; the product does not import it."""
