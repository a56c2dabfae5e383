"""Protocols: how a log is cut into what is known and what is asked. One file each; tests hold the exact numbers."""
