"""A package, not a namespace: else a dependency that ships a package of this name hides it."""
