"""Exploration: places given to chance, so that something new is learned. One file per way of drawing."""
