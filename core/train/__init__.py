"""The trained two-tower model: towers, losses, the training loop, checkpoints."""
