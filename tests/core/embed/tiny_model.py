"""A real, random, very small sentence-transformers model, made on the spot."""

from __future__ import annotations

from pathlib import Path

WORDS = "the a of big small red blue house dog cat sea war love query : document ( ) . 1995 2001 genres drama"


def make_tiny_model(folder: Path, prompts: dict[str, str] | None = None) -> Path:
    """2 layers, 16 dimensions, a word vocabulary, mean pooling and a Normalize module at the end."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    parts = folder.with_name(f"{folder.name}-parts")
    parts.mkdir(parents=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS.split()]
    (parts / "vocab.txt").write_text("\n".join(vocabulary))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
        initializer_range=0.5,
    )
    BertModel(config).save_pretrained(parts)
    BertTokenizerFast(vocab_file=str(parts / "vocab.txt"), model_max_length=32).save_pretrained(parts)
    modules = [Transformer(str(parts), max_seq_length=24), Pooling(16, pooling_mode="mean"), Normalize()]
    SentenceTransformer(modules=modules, device="cpu", prompts=prompts).save(str(folder), create_model_card=False)
    return folder
