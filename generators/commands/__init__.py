"""Commands that this package adds to ``gfv``; see the entry points in ``pyproject.toml``."""
