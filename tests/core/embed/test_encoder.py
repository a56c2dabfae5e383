"""The encoder, on a real but tiny model."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.embed import encoder as module
from core.embed import loading
from core.embed.encoder import Encoder, plan_batches, resolve_precision
from core.embed.models import resolve
from core.errors import Cancelled, InputError, OutOfRangeError, UnknownNameError
from core.types import unit_rows

TEXTS = ["the big red house", "a dog", "the sea", "love of war . genres : drama", "a", "the small blue cat of the sea"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.core.embed.tiny_model import make_tiny_model

    return make_tiny_model(
        tmp_path_factory.mktemp("models") / "tiny", {"query": "query : ", "document": "", "big": "big "}
    )


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return Encoder(resolve(str(folder)), "fp32")


@pytest.fixture(scope="module")
def plain(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def test_directions_are_those_of_the_library_and_lengths_are_raw(encoder: Encoder, plain: Any) -> None:
    raw = encoder.encode_raw(TEXTS)
    assert raw.dtype == np.float32
    assert raw.shape == (6, 16)
    np.testing.assert_allclose(unit_rows(raw), plain.encode(TEXTS), atol=1e-5)
    pooled = plain[1](plain[0](plain.preprocess(TEXTS)))["sentence_embedding"]
    np.testing.assert_allclose(raw, pooled.detach().numpy(), atol=1e-4)
    assert np.ptp(np.linalg.norm(raw, axis=1)) > 0.1


def test_a_text_has_its_vector_in_any_company(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    together = encoder.encode_raw(TEXTS)
    monkeypatch.setattr(module, "BATCH_TOKENS", 1)
    np.testing.assert_allclose(encoder.encode_raw(TEXTS), together, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_raw(TEXTS[::-1])[::-1], together, atol=1e-5)


def test_prompts(encoder: Encoder, plain: Any) -> None:
    named = unit_rows(encoder.encode_raw(TEXTS, prompt="big"))
    np.testing.assert_allclose(named, plain.encode(TEXTS, prompt_name="big"), atol=1e-5)
    phrases = unit_rows(encoder.encode_raw(TEXTS, role="phrase"))
    np.testing.assert_allclose(phrases, plain.encode_query(TEXTS), atol=1e-5)
    assert np.abs(phrases - unit_rows(encoder.encode_raw(TEXTS))).max() > 0.01
    with pytest.raises(UnknownNameError, match=r"unknown prompt of this model 'nope'; known: .*query"):
        encoder.encode_raw(TEXTS, prompt="nope")


def test_truncation(folder: Path, plain: Any) -> None:
    source = resolve(str(folder))
    long = " ".join(["the big red dog"] * 20)
    cut = Encoder(source, "fp32", max_tokens=6).encode_raw([long, "the big red dog"])
    np.testing.assert_allclose(cut[0], cut[1], atol=1e-5)
    np.testing.assert_allclose(unit_rows(Encoder(source, "fp32").encode_raw([long])), plain.encode([long]), atol=1e-5)
    beyond = Encoder(source, "fp32", max_tokens=9999).encode_raw([long])
    np.testing.assert_allclose(unit_rows(beyond), plain.encode([long]), atol=1e-5)


def test_a_limit_without_room_for_a_text_is_refused_by_name(folder: Path) -> None:
    source = resolve(str(folder))
    for tokens in (1, 2):
        with pytest.raises(OutOfRangeError, match=rf"max_tokens must be 0 or at least 3 .*tiny.*, got {tokens}"):
            Encoder(source, "fp32", max_tokens=tokens).encode_raw(["the big red dog"])
    short = Encoder(source, "fp32", max_tokens=3).encode_raw(["the big red dog", "the"])
    np.testing.assert_allclose(short[0], short[1], atol=1e-5)


def test_bf16_is_near_fp32_but_not_the_same(folder: Path, encoder: Encoder) -> None:
    exact, near = encoder.encode_raw(TEXTS), Encoder(resolve(str(folder)), "bf16").encode_raw(TEXTS)
    assert near.dtype == np.float32
    assert np.einsum("nd,nd->n", unit_rows(exact), unit_rows(near)).min() > 0.995
    assert np.abs(exact - near).max() > 1e-5


def test_no_text_no_row(encoder: Encoder) -> None:
    assert encoder.encode_raw([]).shape == (0, 16)
    assert encoder.encode_raw([""]).shape == (1, 16)


def test_progress_counts_to_the_end_and_guesses_the_rest(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_TOKENS", 1)
    seen: list[tuple[int, int, float | None]] = []
    encoder.encode_raw(TEXTS, progress=lambda *call: seen.append(call))
    assert [done for done, _, _ in seen] == list(range(7))
    assert {total for _, total, _ in seen} == {6}
    assert seen[0][2] is None
    assert seen[3][2] is not None
    assert seen[3][2] > 0
    assert seen[-1][2] == 0


def test_cancel_stops_between_batches(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_TOKENS", 1)
    flag = threading.Event()
    batches = encoder.batches(TEXTS, cancel=flag)
    assert len(next(batches)[0]) == 1
    flag.set()
    with pytest.raises(Cancelled, match="what was finished is kept"):
        next(batches)


def test_threads_share_one_model(folder: Path) -> None:
    shared = Encoder(resolve(str(folder)), "fp32")
    expected = Encoder(resolve(str(folder)), "fp32").encode_raw(TEXTS)
    results: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: results.append(shared.encode_raw(TEXTS))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    for result in results:
        np.testing.assert_allclose(result, expected, atol=1e-6)


def test_a_broken_model_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[{]")
    with pytest.raises(InputError, match="cannot be loaded") as caught:
        Encoder(resolve(str(tmp_path)), "fp32").encode_raw(["a"])
    assert "\n" not in str(caught.value)


def test_an_unreachable_hub_is_one_sentence_within_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    start = time.monotonic()
    with pytest.raises(InputError, match=r"is not on this machine and the hub cannot be reached: use all-MiniLM-L6-v2"):
        Encoder(resolve("no-such-organisation/no-such-model"), "fp32").encode_raw(["a"])
    assert time.monotonic() - start < 20


def test_a_local_model_is_loaded_offline_and_quietly(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import huggingface_hub

    before = huggingface_hub.constants.HF_HUB_OFFLINE
    seen = {}

    def remember(hub: Any, wanted: bool) -> Any:
        context = original(hub, wanted)
        seen["wanted"] = wanted
        return context

    original = loading._offline
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "_offline", remember)
        loading.load_model(resolve(str(folder)))
    assert seen == {"wanted": True}
    assert before == huggingface_hub.constants.HF_HUB_OFFLINE
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


@pytest.mark.parametrize("flags", [["avx512_bf16"], ["amx_bf16"], ["avx2"]])
def test_auto_precision_follows_the_processor(flags: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    content = f"processor : 0\nflags\t\t: fpu {' '.join(flags)}\n"
    monkeypatch.setattr("builtins.open", lambda *args, **kwargs: __import__("io").StringIO(content))
    module.cpu_has_bf16.cache_clear()
    try:
        assert resolve_precision("auto") == ("fp32" if flags == ["avx2"] else "bf16")
    finally:
        module.cpu_has_bf16.cache_clear()


def test_named_precisions_stay_and_others_are_refused() -> None:
    assert [resolve_precision(name) for name in ("fp32", "bf16")] == ["fp32", "bf16"]
    with pytest.raises(InputError, match="precision must be auto, fp32 or bf16, got 'int8'"):
        resolve_precision("int8")


def test_batches_fill_their_budget_and_hold_every_row_once() -> None:
    lengths = np.array([5, 1, 30, 5, 2, 5])
    batches = plan_batches(lengths, 12)
    assert [batch.tolist() for batch in batches] == [[1, 4], [0, 3], [5], [2]]
    assert plan_batches(np.array([], dtype=np.int64), 12) == []
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 60, 500)
    batches = plan_batches(lengths, 256)
    assert sorted(np.concatenate(batches).tolist()) == list(range(500))
    assert all(len(rows) * lengths[rows].max() <= 256 for rows in batches)


def test_the_default_model_separates_what_means_different_things_and_asks_no_host() -> None:
    texts = [
        "Toy Story (1995). Genres: Animation",
        "Finding Nemo (2003). Genres: Animation",
        "Saw (2004). Genres: Horror",
    ]
    unit = unit_rows(Encoder(resolve("all-MiniLM-L6-v2"), "fp32").encode_raw(texts))
    assert unit.shape == (3, 384)
    assert unit[0] @ unit[1] > unit[0] @ unit[2] + 0.1
