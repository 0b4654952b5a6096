"""One module per use case; takes and returns domain objects and plain values."""
