"""Selection: from scores to lists. ``pool`` finds the candidates; one file per rule that makes the final list."""
