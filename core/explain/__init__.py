"""Why an item is in a list: read from a run, never fed back into it."""
