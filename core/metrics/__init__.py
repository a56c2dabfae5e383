"""How good lists are: one file per metric, each for many users and every K at once."""
