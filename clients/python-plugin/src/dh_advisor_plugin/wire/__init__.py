"""Generated from proto/dh/plugin/v1."""
