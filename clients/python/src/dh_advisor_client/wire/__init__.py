"""The wire contract in Python: generated code, and what turns it into the package's own values and back."""
