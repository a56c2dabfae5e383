"""Diversifying: from a pool to a list whose items are unlike each other. One file per method."""
