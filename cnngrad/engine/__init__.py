"""The vectorised engine: NumPy on arrays of one kind, knowing nothing of fractions or batches."""
