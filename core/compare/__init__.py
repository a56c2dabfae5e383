"""Recipes side by side: how far their lists agree, and what each is worth to the same people."""
