"""Import: 1 million interactions and 50,000 items from CSV to a data set that is ready to rank, without the encoding.

Prints seconds and peak memory of the import beside the bare read of the same files by pandas and by pyarrow, each in a
process of its own, in turns, and the limits: 10 s, 2 GB, twice the read by pandas. ``--rows N`` for another size.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np

ROUNDS = 5
LIMIT_S, LIMIT_MB, LIMIT_RATIO = 10.0, 2048.0, 2.0
WORDS = 4000
MEASURED = """
import resource, sys, time
start = time.perf_counter()
{work}
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
PANDAS = "import pandas as pd\nfor path in sys.argv[1:]: pd.read_csv(path)"
PYARROW = "from pyarrow import csv\nfor path in sys.argv[1:]: csv.read_csv(path)"
OURS = """
from core.importing.plan import FilePlan, ImportPlan
from core.importing.run import run_import
kinds = ("interactions", "items")
files = tuple(FilePlan(path, path.rsplit("/", 1)[1], kind) for path, kind in zip(sys.argv[1:], kinds))
report = run_import(ImportPlan("bench", files=files, replace=True))
print(report.timings_ms, report.n_interactions, file=sys.stderr)
"""


def write_files(folder: Path, n_rows: int, n_items: int = 50_000, n_users: int = 60_000) -> tuple[Path, Path]:
    """A log with a long tail, ratings and times; items with a title, a description of about 40 words, and genres."""
    rng = np.random.default_rng(0)
    popularity = 1 / np.arange(1, n_items + 1) ** 0.8
    items = rng.choice(n_items, n_rows, p=popularity / popularity.sum())
    users = rng.integers(0, n_users, n_rows)
    ratings = rng.choice([1, 2, 3, 3.5, 4, 4.5, 5], n_rows, p=[0.05, 0.08, 0.2, 0.12, 0.25, 0.1, 0.2])
    times = 1_400_000_000 + rng.integers(0, 200_000_000, n_rows)
    log = folder / "interactions.csv"
    rows = zip(users.tolist(), items.tolist(), ratings.tolist(), times.tolist(), strict=True)
    log.write_text("userId,movieId,rating,timestamp\n" + "".join(f"{u},{i},{r:g},{t}\n" for u, i, r, t in rows))
    lexicon = np.array(["".join(rng.choice(list("abcdefghijklmnopqrst"), rng.integers(3, 10))) for _ in range(WORDS)])
    catalogue = folder / "items.csv"
    with catalogue.open("w") as out:
        out.write("movieId,title,description,genres\n")
        for item in range(n_items):
            words = lexicon[rng.zipf(1.3, 44).clip(max=WORDS) - 1]
            text, kinds = " ".join(words[4:]), "|".join(sorted(set(words[:2])))
            out.write(f'{item},"{" ".join(words[:4]).title()}, {item}","{text}",{kinds}\n')
    return log, catalogue


def measured(work: str, files: tuple[Path, Path], folder: Path) -> tuple[float, float]:
    """Seconds of the work (interpreter start not counted, imports counted) and its process's peak memory in MB."""
    environment = {**os.environ, "RECALLSCOPE_DATA": str(folder / "data"), "RECALLSCOPE_CACHE": str(folder / "cache")}
    command = [sys.executable, "-c", MEASURED.format(work=work), *map(str, files)]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    seconds, megabytes = found.stdout.split()
    if found.stderr.strip():
        print("  " + found.stderr.strip().splitlines()[-1])
    return float(seconds), float(megabytes)


def main() -> None:
    """Measure in turns, so that all see the same machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    n_rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_files(folder, n_rows)
        sizes = " and ".join(f"{path.stat().st_size / 1e6:.0f} MB" for path in files)
        print(f"{n_rows:,} interactions and 50,000 items, {sizes} of CSV, medians of {ROUNDS}")
        rounds = [{key: measured(work, files, folder) for key, work in WORK.items()} for _ in range(ROUNDS)]
    ours = median(found["import"][0] for found in rounds)
    memory = max(found["import"][1] for found in rounds)
    print(f"import   {ours:6.2f} s   limit {LIMIT_S:.0f} s   ratio {ours / LIMIT_S:.2f}")
    print(f"memory   {memory:6.0f} MB  limit {LIMIT_MB:.0f} MB   ratio {memory / LIMIT_MB:.2f}")
    for peer in ("pandas", "pyarrow"):
        theirs = median(found[peer][0] for found in rounds)
        ratio = median(found["import"][0] / found[peer][0] for found in rounds)
        print(f"read by {peer:8} {theirs:6.2f} s   ratio {ratio:.2f}   limit {LIMIT_RATIO:g}")


WORK = {"import": OURS, "pandas": PANDAS, "pyarrow": PYARROW}

if __name__ == "__main__":
    main()
