"""What files are and what their columns mean: guessed, corrected by the user, checked.

understand(sheet) -> Meaning             one file
understand_all(sheets) -> Meanings       several, which explain each other
with_choice(meaning, sheet, ...)         the user's correction
check(meaning, name)                     whether all that is needed is there
"""

from .choice import check, with_choice
from .single import understand
from .together import understand_all

__all__ = ["check", "understand", "understand_all", "with_choice"]
