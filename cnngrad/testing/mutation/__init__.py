"""A person's tests tried with known mistakes, and tests that catch all of them."""
