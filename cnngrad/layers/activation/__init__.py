"""Activations: A = f(A_prev), cell by cell or row by row."""
