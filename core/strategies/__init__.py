"""Whole recall strategies: fit on a log and item vectors, then score users in batches. One file each."""
