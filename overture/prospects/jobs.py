"""The long work on prospects, run by a worker."""
