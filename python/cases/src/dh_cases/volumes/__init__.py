"""Grids and what is done on them: turned, resampled, outlined."""
