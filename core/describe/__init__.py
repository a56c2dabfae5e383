"""A data set in figures, and what follows from them in plain words.

    describe(dataset) -> Profile --advice--> what to do about it
                                 --print_lines--> a report for the terminal
                                 --to_json--> plain values

Each subject is a file of its own: a frozen value whose docstring says what is counted over what, and the function
that counts it.
"""

from .advice import Advice, advice
from .languages import language_name
from .profile import Profile, describe
from .report import print_lines
from .summary import Summary, summarise

__all__ = ["Advice", "Profile", "Summary", "advice", "describe", "language_name", "print_lines", "summarise"]
