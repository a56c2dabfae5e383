"""How good a newcomer's list gets, by who chooses the questions. ``python -m benchmarks.newcomer [--part 0]``

Every user belongs to one of three parts; those of one part are held out, and nothing is learned from them. Half of the
rows of each held-out user are what she can answer with (asked about anything else she says "don't know"), the likes
among the other half are to be found. Asked are the items of most worth under the answers so far (ours), the best known
ones in order (popular), and known ones by lot (random). Lists are content, the best 20 without what was answered, as
the page makes them. On part 0 the defaults of ``core.newcomer.elicit.Elicitation`` were chosen; 1 and 2 were not
looked at for that. Differences between ours and popular below 0.01 are within what another part changes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np

from core import Recipe, load_dataset
from core.newcomer.elicit import opinions, questions
from core.newcomer.lists import listed, suited
from core.newcomer.persona import DISLIKE, LIKE, SKIP, Persona
from core.splits import owners, rows_of
from core.types import Array, Dataset, Interactions, Vectors
from core.vectors import embed_items

PARTS, SEED, K = 3, 0, 20
LEAST_TO_FIND = 5
ASKED, ANSWERED = (5, 10, 20, 40), (1, 2, 3, 5, 10)
LONGEST = 60
Ask = Callable[[Persona], int]


@dataclass(frozen=True)
class Newcomer:
    """known: item -> liked, what she can answer with. wanted: liked items that are to be found."""

    known: dict[int, bool]
    wanted: Array


@dataclass(frozen=True)
class Talk:
    """The persona after each question."""

    steps: tuple[Persona, ...]

    def asked(self, n: int) -> Persona:
        """After n questions."""
        return self.steps[n - 1]

    def answered(self, n: int) -> tuple[Persona, int]:
        """After n likes and dislikes, and the questions that took; LONGEST where there were not so many."""
        place = next((at for at, step in enumerate(self.steps) if len(step.telling) >= n), LONGEST - 1)
        return self.steps[place], place + 1


def held_out(dataset: Dataset, part: int) -> tuple[Interactions, list[Newcomer]]:
    """The log without one part of the users, and those of them who leave enough to be found."""
    log, rng = dataset.interactions, np.random.default_rng(SEED)
    order = rng.permutation(log.n_users)
    out = np.zeros(log.n_users, dtype=bool)
    out[order[part::PARTS]] = True
    people = []
    for user in np.flatnonzero(out):
        rows = log.history(int(user))
        items, liked = log.items[rows], log.weights[rows] >= log.positive_from
        answerable = rng.random(len(items)) < 0.5
        wanted = items[liked & ~answerable]
        if len(wanted) >= LEAST_TO_FIND:
            known = zip(items[answerable].tolist(), liked[answerable].tolist(), strict=True)
            people.append(Newcomer(dict(known), wanted))
    return rows_of(log, ~out[owners(log)]), people


def talk(newcomer: Newcomer, ask: Ask, ids: Sequence[str]) -> Talk:
    """Ask her LONGEST questions."""
    persona, steps = Persona(), []
    for _ in range(LONGEST):
        item = ask(persona)
        kind = SKIP if item not in newcomer.known else LIKE if newcomer.known[item] else DISLIKE
        persona = persona.with_answer(kind, ids[item])
        steps.append(persona)
    return Talk(tuple(steps))


def quality(dataset: Dataset, content: Vectors, people: Sequence[Newcomer], personas: Sequence[Persona]) -> float:
    """Mean NDCG@20 of their lists; an empty list has 0."""
    recipe = Recipe(dataset=dataset.name, k=K)
    lists = np.full((len(people), K), -1)
    groups: dict[Recipe, list[int]] = {}
    for row, persona in enumerate(personas):
        groups.setdefault(suited(recipe, persona), []).append(row)
    for asked, rows in groups.items():
        lists[rows] = listed(asked, dataset, content, [personas[row] for row in rows]).selected.items
    discount = 1 / np.log2(np.arange(2, K + 2))
    found = [
        float(discount[np.isin(items, one.wanted)].sum() / discount[: min(K, len(one.wanted))].sum())
        for items, one in zip(lists, people, strict=True)
    ]
    return float(np.mean(found))


def ways(train: Interactions, dataset: Dataset, content: Vectors) -> dict[str, Callable[[], Ask]]:
    """How to start each way of asking."""
    known = opinions(train).items

    def ours() -> Ask:
        return lambda persona: int(questions(train, dataset.catalog, content, persona, 1)[0])

    def popular() -> Ask:
        return lambda persona: int(known[len(persona)])

    def random() -> Ask:
        order = np.random.default_rng(SEED + 1).permutation(known)
        return lambda persona: int(order[len(persona)])

    return {"ours": ours, "popular": popular, "random": random}


def main() -> int:
    """Print the quality after so many questions, and after so many answers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", type=int, default=0, choices=range(PARTS))
    dataset = load_dataset(Recipe().dataset)
    content = embed_items(Recipe(), dataset)
    train, people = held_out(dataset, parser.parse_args().part)
    ids = [str(value) for value in dataset.catalog.item_ids.tolist()]
    print(f"{len(people)} newcomers of {dataset.name}, mean NDCG@{K}")
    for name, start in ways(train, dataset, content).items():
        begun = perf_counter()
        talks = [talk(one, start(), ids) for one in people]
        ms = (perf_counter() - begun) * 1000 / len(people) / LONGEST
        print(f"{name}: {ms:.2f} ms a question")
        for n in ASKED:
            personas = [one.asked(n) for one in talks]
            told = float(np.mean([len(persona.telling) for persona in personas]))
            print(f"  {n:2} questions, {told:4.1f} answers: {quality(dataset, content, people, personas):.4f}")
        for n in ANSWERED:
            ends = [one.answered(n) for one in talks]
            took = median(questions_asked for _, questions_asked in ends)
            value = quality(dataset, content, people, [persona for persona, _ in ends])
            print(f"  {n:2} answers, {took:4.0f} questions (median): {value:.4f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
