"""Which strategy wins, for whom, by how much, and whether the difference is real."""
