"""Datasets: readers of their published files, and the split into training, validation and test images."""
