"""Somebody nobody knows yet: what they say of themselves, what that makes of them, and what to ask them next.

answers (likes, dislikes, categories, sentences) --persona--> text of an address
        '--audience--> one history of items and phrases --core.pipeline--> list --converge--> what moved it most
answers so far + what the log's users like and know --elicit--> the next items to ask about
"""
