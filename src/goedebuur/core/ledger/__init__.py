"""The transparency log without its files: leaves, Merkle tree, signed checkpoints."""
