"""The article's numbers, step by step, as literals (Alex_McAvoy, 卷积神经网络的反向传播, 2023)."""

from ast import literal_eval
from fractions import Fraction

import cnngrad
from cnngrad.layers import operation

A_PREV = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
W = [[0, 1], [2, 3]]
DZ = [[-1, -2], [-3, -4]]
POOL = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]


def steps(name):
    problem = operation("conv-backward").problem({"A_prev": A_PREV, "W": W, "dZ": DZ}, {})
    return [literal_eval(str(step.totals[0][0])) for step in problem.trace(name)]


def test_forward():
    assert cnngrad.conv2d(A_PREV, W).tolist() == [[19, 25], [37, 43]]


def test_every_step_of_dA_prev():
    assert steps("dA_prev") == [
        [[0, -1, 0], [-2, -3, 0], [0, 0, 0]],
        [[0, -1, -2], [-2, -7, -6], [0, 0, 0]],
        [[0, -1, -2], [-2, -10, -6], [-6, -9, 0]],
        [[0, -1, -2], [-2, -10, -10], [-6, -17, -12]],
    ]


def test_every_step_of_dW():
    assert steps("dW") == [
        [[0, -1], [-3, -4]],
        [[-2, -5], [-11, -14]],
        [[-11, -17], [-29, -35]],
        [[-27, -37], [-57, -67]],
    ]


def test_db():
    assert cnngrad.conv2d_backward(A_PREV, W, DZ).db.tolist() == [-10]


def test_max_pooling():
    assert cnngrad.max_pool2d(POOL, 2).tolist() == [[6, 8], [3, 4]]
    dA_prev = cnngrad.max_pool2d_backward(POOL, [[3, 0], [0, 0]], 2)
    assert dA_prev[:2, :2].tolist() == [[0, 0], [0, 3]]
    assert dA_prev.sum() == 3


def test_average_pooling():
    assert cnngrad.avg_pool2d([[1, 2], [3, 4]], 2).tolist() == [[Fraction(5, 2)]]
    dA_prev = cnngrad.avg_pool2d_backward([[1, 2], [3, 4]], [[Fraction(5, 2)]], 2)
    assert dA_prev.tolist() == [[Fraction(5, 8)] * 2] * 2


def test_a_batch_divides_dW_and_db_but_never_dA_prev():
    one = cnngrad.conv2d_backward(A_PREV, W, DZ)
    batch = [[[A_PREV], [A_PREV]], [[DZ], [DZ]]]
    two = cnngrad.conv2d_backward(batch[0], W, batch[1])
    assert two.dW.tolist() == one.dW.tolist()
    assert two.db.tolist() == [-10]
    assert two.dA_prev[1, 0].tolist() == one.dA_prev.tolist()
    summed = cnngrad.conv2d_backward(batch[0], W, batch[1], batch="sum")
    assert summed.dW.tolist() == (2 * one.dW).tolist()
    assert summed.db.tolist() == [-20]


def test_ties():
    def routed(ties):
        return cnngrad.max_pool2d_backward([[7, 1], [7, 7]], [[3]], 2, ties=ties).tolist()

    assert routed("first") == [[3, 0], [0, 0]]
    assert routed("last") == [[0, 0], [0, 3]]
    assert routed("all") == [[3, 0], [3, 3]]
    assert routed("split") == [[1, 0], [1, 1]]


def test_same_padding_puts_the_extra_cell_where_its_name_says():
    assert cnngrad.conv2d([[1, 2, 3]], [[1, 10]], padding="same").tolist() == [[21, 32, 3]]
    assert cnngrad.conv2d([[1, 2, 3]], [[1, 10]], padding="same-lower").tolist() == [[10, 21, 32]]


def test_ceil_mode_drops_a_window_that_starts_in_the_right_padding():
    assert cnngrad.max_pool2d([[1, 2, 3]], (1, 2), ceil_mode=True).tolist() == [[2, 3]]
    assert cnngrad.max_pool2d(
        [[1, 2]], (1, 1), stride=(1, 3), padding=0, ceil_mode=True
    ).tolist() == [[1]]


def test_the_average_under_ceil_mode_is_clipped_to_the_padded_input():
    assert cnngrad.avg_pool2d([[1, 2, 3]], (1, 2), ceil_mode=True).tolist() == [[Fraction(3, 2), 3]]
    padded = cnngrad.avg_pool2d([[2, 4]], (1, 2), padding=(0, 1))
    assert padded.tolist() == [[1, 2]]
    assert cnngrad.avg_pool2d(
        [[2, 4]], (1, 2), padding=(0, 1), count_include_pad=False
    ).tolist() == [[2, 4]]
    assert cnngrad.avg_pool2d([[2, 4]], (1, 2), divisor_override=3).tolist() == [[2]]


def test_results_have_the_rank_of_what_was_given():
    kernels = [[W], [W]]
    assert cnngrad.conv2d(A_PREV, W).shape == (2, 2)
    assert cnngrad.conv2d(A_PREV, [W]).shape == (2, 2)
    assert cnngrad.conv2d(A_PREV, kernels).shape == (2, 2, 2)
    assert cnngrad.conv2d([A_PREV], kernels).shape == (2, 2, 2)
    assert cnngrad.conv2d([[A_PREV]], kernels).shape == (1, 2, 2, 2)
    gradients = cnngrad.conv2d_backward([A_PREV], [W], [DZ])
    assert [array.shape for array in gradients] == [(1, 3, 3), (1, 2, 2), (1,)]
