"""One run: results, mistakes, inside."""
