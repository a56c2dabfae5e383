"""Search for a strategy's knobs on a validation part of training; the test part stays unseen."""
