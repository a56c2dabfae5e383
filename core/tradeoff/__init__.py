"""What diversity costs and brings: everybody's lists under a recipe, beside those without it."""
