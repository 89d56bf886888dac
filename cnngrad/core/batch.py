"""What a batch does to the gradients of parameters: their mean over the samples, or their sum."""

MEAN, SUM = "mean", "sum"
BATCHES = (MEAN, SUM)
LOSS_MEAN = "loss-mean"
"""Of a network: the mean lies in its loss, and so in every error; parameters get sums."""
IN_NETWORKS = (*BATCHES, LOSS_MEAN)
DEFAULT = MEAN
"""The article's; PyTorch's is the sum."""


def divisor(batch: str, samples: int) -> int:
    """What the sum over the samples is divided by.

    >>> divisor("mean", 4), divisor("sum", 4)
    (4, 1)
    """
    return samples if batch == MEAN else 1
