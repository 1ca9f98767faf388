"""The product's charts: tables in, Plotly figures or traces out."""
