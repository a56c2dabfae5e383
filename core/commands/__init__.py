"""The verbs of the command line, by subject: each module adds its own to the parser with ``add(verbs)``."""
