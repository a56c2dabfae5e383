"""Bringing data along: files -> what they mean -> cleaned rows with a ledger -> a data set that is kept.

    plan       what to import and how: the user's choices, blank where she leaves it to us
    inspect    fill the blanks: read the heads, guess kinds and roles, show the values
    run        read, clean, build, keep; nothing is kept unless all of it is

Page and command line call the same three.
"""
