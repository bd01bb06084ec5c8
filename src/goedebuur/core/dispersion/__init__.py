"""Where emissions go: what a model of dispersion says, and how well that agrees with what is measured."""
