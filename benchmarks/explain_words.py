"""How fast are the words of one item told apart? ``python -m benchmarks.explain_words``.

One item = its text once whole and once without each word, in one pass of the encoder. The items are the first of the
lists of a few users of movielens-small, and the one with the longest text. Peer: the same texts encoded one by one.
The model is loaded before the clock starts; of --rounds R (3) the fastest counts, since other work on the machine only
ever adds time. A text as long as the model reads is timed beside them. Options: --users N, --rounds R.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from core import Recipe, embed_items, load_dataset, recall
from core.embed.attribution import pieces_of, without
from core.explain.words import forget, token_shares
from core.types import Vectors
from core.vectors import embed_texts, item_texts

LIMIT_S = 1.5


def seconds(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Wall time of the fastest call and its processor time (all threads); nothing is remembered between calls."""
    found = []
    for _ in range(rounds):
        forget()
        start, processor = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - start, time.process_time() - processor))
    return min(found)


def one_by_one(recipe: Recipe, content: Vectors, texts: list[str]) -> None:
    """Every text in a call of its own."""
    for text in texts:
        embed_texts(recipe, [text], content)


def main() -> None:
    """Print seconds per item, the limit, and the ratio to encoding one by one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    recipe = Recipe()
    dataset = load_dataset(recipe.dataset)
    content, texts = embed_items(recipe, dataset), item_texts(recipe, dataset)
    users = np.linspace(0, dataset.interactions.n_users - 1, options.users).astype(np.int64)
    lists = recall(recipe, dataset, users, vectors=content).selected.items
    asked = [(int(user), int(items[0])) for user, items in zip(users, lists, strict=True) if items[0] >= 0]
    asked.append((asked[0][0], max(range(len(texts)), key=lambda item: len(texts[item]))))
    embed_texts(recipe, ["warm up"], content)
    batched, single = [], []
    for user, item in asked:
        text = texts[item]
        variants = [text, *(without(text, [piece]) for piece in pieces_of(text))]
        batched.append(seconds(partial(token_shares, recipe, dataset, content, user, item), options.rounds))
        single.append(seconds(partial(one_by_one, recipe, content, variants), 1))
        print(f"user {user:>4}  item {item:>5}  {len(variants):>3} texts  {said(batched[-1])}  peer {said(single[-1])}")
    whole = " ".join(texts[:60])
    variants = [whole, *(without(whole, [piece]) for piece in pieces_of(whole))]
    took = seconds(partial(embed_texts, recipe, variants, content), options.rounds)
    print(f"a text longer than the model reads: {len(variants)} texts, {said(took)}")
    slowest = max(wall for wall, _ in batched)
    print(f"slowest {slowest:.3f} s (limit {LIMIT_S} s, {slowest / LIMIT_S:.2f} of it)")
    ratios = np.median(np.array(single) / np.array(batched), axis=0)
    print(f"one by one takes {ratios[0]:.1f} times as long, {ratios[1]:.1f} times the processor time (medians)")


def said(took: tuple[float, float]) -> str:
    """Both times."""
    return f"{took[0]:.3f} s ({took[1]:.3f} s of processor)"


if __name__ == "__main__":
    main()
