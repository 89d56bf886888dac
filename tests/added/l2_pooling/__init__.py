"""L2 pooling: a kind of layer that only the tests have, from one folder."""
