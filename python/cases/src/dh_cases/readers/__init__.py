"""One reader for each kind of input; each makes a `Source`."""
