"""User models: what a history says about its owner. See ``core.audience`` for Taste and the protocol."""
