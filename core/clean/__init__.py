"""Cleaning: one rule a file, each says what it finds; ``runner`` applies them and keeps the ledger."""
