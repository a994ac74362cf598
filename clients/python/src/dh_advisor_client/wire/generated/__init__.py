"""Generated from proto/dh/advisor/v1."""
