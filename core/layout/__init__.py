"""The 2-D and 3-D picture of the item vectors, how far to trust it, and how to place a new point in it."""
