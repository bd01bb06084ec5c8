"""Pure subject matter: no files, network, clock or randomness."""
