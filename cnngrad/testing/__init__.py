"""People's own functions: run on problems that tell mistakes apart, judged and explained.

>>> from cnngrad.testing import assert_gradients
>>> assert_gradients(lambda x, w, b: x @ w.T + b, op="dense-forward").right
True
"""

from .assertion import assert_gradients as assert_gradients
