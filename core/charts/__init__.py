"""The product's charts: tables in, traces out."""
