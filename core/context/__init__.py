"""The context of a list: when it is asked for, what of the history counts then, and rules of the house."""
