"""Loading a sentence-transformers model: quietly, verified, and without a request where none is needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from ..errors import InputError, MissingDependencyError
from .models import DEFAULT_MODEL, ModelSource, verify

REACH_SECONDS = 4.0
_LOADING = Lock()


def load_model(source: ModelSource) -> Any:
    """A SentenceTransformer on the CPU. Raises IntegrityError (weights), InputError (cannot be loaded)."""
    verify(source)
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    try:
        import huggingface_hub
        import sentence_transformers
        import transformers
    except ImportError as error:
        raise MissingDependencyError("sentence-transformers", f"encoding with {source.label}") from error
    with _LOADING, _quiet(transformers), _offline(huggingface_hub, source.local):
        only_local = source.local or not _reachable(huggingface_hub.constants.ENDPOINT)
        try:
            return sentence_transformers.SentenceTransformer(
                source.path_or_id, device="cpu", local_files_only=only_local, revision=source.revision or None
            )
        except Exception as error:
            raise InputError(_why(source, only_local, error)) from error


def _why(source: ModelSource, only_local: bool, error: Exception) -> str:
    first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if source.local:
        return f"the model in {source.path_or_id} cannot be loaded: {first_line}"
    if only_local:
        return (
            f"the model {source.label!r} is not on this machine and the hub cannot be reached: "
            f"use {DEFAULT_MODEL}, or the folder of a model you have"
        )
    return f"the model {source.label!r} cannot be loaded from the hub: {first_line}"


def _reachable(endpoint: str) -> bool:
    """Whether the hub answers at all; the library itself would retry for a minute before it gives up."""
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(urllib.request.Request(endpoint, method="HEAD"), timeout=REACH_SECONDS):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False


@contextmanager
def _offline(hub: Any, wanted: bool) -> Iterator[None]:
    """No request to the hub while a local model is loaded."""
    before = hub.constants.HF_HUB_OFFLINE
    hub.constants.HF_HUB_OFFLINE = wanted or before
    try:
        yield
    finally:
        hub.constants.HF_HUB_OFFLINE = before


@contextmanager
def _quiet(transformers: Any) -> Iterator[None]:
    """No progress bar and no advice on standard error while loading."""
    logging = transformers.utils.logging
    verbosity, bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bar:
            logging.enable_progress_bar()
