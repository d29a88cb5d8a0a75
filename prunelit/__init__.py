"""The neural-network-pruning literature as data."""
