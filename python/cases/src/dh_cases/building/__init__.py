"""Makes the case of a source: its grid, its masks, its files."""
