"""Plans in other programs' formats."""
