"""Native kernels for processors: of the inference engine, and of training."""
