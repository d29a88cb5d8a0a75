"""Strategies: one function a file, each giving a score to every weight or channel; the lowest are pruned."""
