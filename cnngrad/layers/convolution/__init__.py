"""Convolution: cross-correlation, the kernel is not flipped."""
