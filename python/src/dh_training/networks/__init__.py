"""Networks of the learned roles. All are dimension-free: any number of beams, columns, rows and structures."""
