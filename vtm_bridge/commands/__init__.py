"""Commands that this package adds to ``gfv``; ``pyproject.toml`` names them as entry points."""
