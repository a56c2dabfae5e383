"""Spacing: how close to each other items of one category may stand. One file per rule."""
