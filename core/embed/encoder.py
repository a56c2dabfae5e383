"""A sentence-transformers model as a function from texts to raw vectors.

Raw means: after pooling, before a closing Normalize module, so that a vector's length keeps its meaning.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from threading import RLock
from typing import Any, Literal, Protocol

import numpy as np

from ..errors import Cancelled, InputError, OutOfRangeError, UnknownNameError
from ..types import Array
from .loading import load_model
from .models import ModelSource

Progress = Callable[[int, int, float | None], None]
"""Called with (done, total, seconds left or None while unknown)."""
Role = Literal["item", "phrase"]
ROLE_TASKS: dict[Role, str] = {"item": "document", "phrase": "query"}
ROLE_PROMPTS: dict[Role, tuple[str, ...]] = {"item": ("document", "passage", "corpus"), "phrase": ("query",)}
BATCH_TOKENS = 2048
"""Tokens of one batch, padding included: enough to keep a processor busy, few enough to stay in its caches."""
BF16_FLAGS = ("avx512_bf16", "amx_bf16")


class CancelFlag(Protocol):
    """Anything like threading.Event."""

    def is_set(self) -> bool:
        """Whether the job should stop."""
        ...


@dataclass(slots=True, eq=False)
class Encoder:
    """One loaded model. The model is loaded on first use; calls from several threads wait for each other.

    precision: "fp32" or "bf16". max_tokens: tokens read of a text, the model's own marks included; 0 = the model's
    own limit, which is never exceeded. Loading raises OutOfRangeError where max_tokens leaves no room for a text.
    """

    source: ModelSource
    precision: str
    max_tokens: int = 0
    _model: Any = field(default=None, init=False, repr=False)
    _lock: Any = field(default_factory=RLock, init=False, repr=False)

    def encode_raw(
        self,
        texts: Sequence[str],
        *,
        role: Role = "item",
        prompt: str = "",
        progress: Progress | None = None,
        cancel: CancelFlag | None = None,
    ) -> Array:
        """texts (n) -> (n, d) float32. Raises Cancelled, InputError, UnknownNameError (no such prompt)."""
        out: Array | None = None
        clock = ProgressClock(len(texts), progress)
        for rows, vectors in self.batches(texts, role=role, prompt=prompt, cancel=cancel):
            if out is None:
                out = np.empty((len(texts), vectors.shape[1]), dtype=np.float32)
            out[rows] = vectors
            clock.advance(len(rows))
        return np.zeros((0, self.width()), dtype=np.float32) if out is None else out

    def batches(
        self, texts: Sequence[str], *, role: Role = "item", prompt: str = "", cancel: CancelFlag | None = None
    ) -> Iterator[tuple[Array, Array]]:
        """(rows of ``texts``, their raw vectors (len(rows), d) float32), shortest texts first."""
        if not texts:
            return
        with self._lock:
            model = self._loaded()
            words = self._prompt(role, prompt)
            lengths = token_counts(model, [words + text for text in texts])
        for rows in plan_batches(lengths, BATCH_TOKENS):
            if cancel is not None and cancel.is_set():
                raise Cancelled("encoding was stopped; what was finished is kept")
            with self._lock:
                vectors = _forward(model, [texts[row] for row in rows], words, ROLE_TASKS[role], self.precision)
            yield rows, vectors

    def width(self) -> int:
        """d of the raw vectors."""
        with self._lock:
            return int(self._loaded().get_embedding_dimension())

    def prompts(self) -> dict[str, str]:
        """The model's prompts by name."""
        with self._lock:
            return dict(self._loaded().prompts)

    def _loaded(self) -> Any:
        if self._model is None:
            model = load_model(self.source)
            while len(model) > 1 and type(model[-1]).__name__ == "Normalize":
                del model[-1]
            self._check_max_tokens(model)
            limit = model.get_max_seq_length()
            if self.max_tokens and (limit is None or self.max_tokens < limit):
                model.max_seq_length = self.max_tokens
            self._model = model.eval()
        return self._model

    def _check_max_tokens(self, model: Any) -> None:
        """Refuse a limit that leaves no room for the text: tokenizers would then not cut at all."""
        count = getattr(getattr(model, "tokenizer", None), "num_special_tokens_to_add", None)
        own = int(count(pair=False)) if count is not None else 0
        if 0 < self.max_tokens <= own:
            expected = f"0 or at least {own + 1} ({self.source.label} puts {own} tokens of its own around each text)"
            raise OutOfRangeError("max_tokens", self.max_tokens, expected)

    def _prompt(self, role: Role, name: str) -> str:
        model = self._loaded()
        if name and role == "item":
            if name not in model.prompts:
                raise UnknownNameError("prompt of this model", name, model.prompts)
            return str(model.prompts[name] or "")
        for candidate in (*ROLE_PROMPTS[role], model.default_prompt_name):
            if candidate and model.prompts.get(candidate):
                return str(model.prompts[candidate])
        return ""


class ProgressClock:
    """Turns rows done into a call with the seconds that are left, from the mean pace so far."""

    def __init__(self, total: int, progress: Progress | None, done: int = 0) -> None:
        self._total, self._progress, self._before, self._done = total, progress, done, done
        self._start = time.monotonic()
        if progress is not None:
            progress(done, total, None)

    def advance(self, rows: int) -> None:
        """Some more rows are finished."""
        self._done += rows
        if self._progress is not None:
            pace = (time.monotonic() - self._start) / (self._done - self._before)
            self._progress(self._done, self._total, pace * (self._total - self._done))


def resolve_precision(precision: str) -> str:
    """ "auto" -> "bf16" where the processor computes in it, else "fp32"; needs no torch."""
    if precision == "auto":
        return "bf16" if cpu_has_bf16() else "fp32"
    if precision not in ("fp32", "bf16"):
        raise InputError(f"precision must be auto, fp32 or bf16, got {precision!r}")
    return precision


@cache
def cpu_has_bf16() -> bool:
    """Whether the processor lists bf16 arithmetic (read from /proc/cpuinfo; elsewhere False)."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            flags = next((line for line in file if line.startswith("flags")), "").split()
    except OSError:
        return False
    return any(flag in flags for flag in BF16_FLAGS)


def plan_batches(lengths: Array, budget: int) -> list[Array]:
    """Rows grouped by length, shortest first, so that rows x longest stays within the budget (one row at least)."""
    order = np.argsort(lengths, kind="stable")
    batches, start = [], 0
    for stop in range(1, len(order) + 1):
        full = stop < len(order) and lengths[order[stop]] * (stop + 1 - start) > budget
        if full or stop == len(order):
            batches.append(order[start:stop])
            start = stop
    return batches


def token_counts(model: Any, texts: Sequence[str]) -> Array:
    """How long each text is for the model, (n,) int64: tokens after truncation; characters for unusual models."""
    tokenizer = getattr(model, "tokenizer", None)
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        return np.array([len(text) for text in texts], dtype=np.int64)
    copy = type(backend).from_str(backend.to_str())
    copy.no_padding()
    limit = model.get_max_seq_length()
    if limit:
        copy.enable_truncation(limit)
    return np.array([len(encoding.ids) for encoding in copy.encode_batch_fast(list(texts))], dtype=np.int64)


def _forward(model: Any, texts: list[str], prompt: str, task: str, precision: str) -> Array:
    """One batch through all modules, in the wanted precision; the weights stay fp32, only products are bf16."""
    import torch

    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bf16"):
        features = model.preprocess(texts, prompt=prompt or None, task=task)
        out = model(features, task=task)["sentence_embedding"]
    values: Array = out.float().numpy()
    return values
