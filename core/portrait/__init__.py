"""What a history says about its owner, in figures that come with an interval, a test, or a reason why there is none.

log, catalogue --likes, attributes--> lifts (categories, words) | periods | mainstream
item vectors ------------------------> drift | recent | interests | neighbours | readers alike
"""
