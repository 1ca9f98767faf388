"""Small computations behind the lessons, run live as the user watches."""
