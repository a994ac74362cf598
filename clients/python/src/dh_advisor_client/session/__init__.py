"""Sessions: one plan's conversation with the advisor, over gRPC."""
