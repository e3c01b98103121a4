"""The wheel: what is in it, and whether it runs where nothing else of the repository is."""
