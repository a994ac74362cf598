"""From an influence matrix and masks to an advised optimization."""
