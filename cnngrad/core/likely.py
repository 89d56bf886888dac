"""Names that people try, and those that they mean: other frameworks' words, and slips."""

from collections.abc import Iterable
from difflib import SequenceMatcher

LIKENESS = 0.75
"""How much of a word must be as it should: less is another word, such as attention for flatten."""

_MATRICES = {
    "kernel": "filter filters w weight weights wt k f kern",
    "weights": "w weight kernel matrix theta filters filter",
    "input": "x a a_prev aprev image images data inputs in activations",
    "bias": "b biases",
    "dz": "dout dy grad_output grad grad_out delta error upstream gradient_output d_out dl_dz",
    "z": "z_prev pre_activation preactivation",
    "gamma": "weight scale",
    "beta": "bias shift",
    "target": "y label labels targets truth",
}
_SETTINGS = {
    "learning_rate": "lr alpha eta rate step_size learningrate",
    "window": "size pool_size poolsize kernel_size ksize kernel filter_size window_size k",
    "kernel_size": "size ksize k filter_size window",
    "stride": "strides s step_size",
    "padding": "pad pads p zero_padding",
    "dilation": "dilations dilation_rate rate",
    "groups": "group feature_group_count",
    "filters": "out_channels channels features num_filters",
    "units": "out_features features neurons size hidden",
    "batch": "reduction reduce",
    "ceil_mode": "ceil cover_all",
    "count_include_pad": "include_padding exclusive",
    "epsilon": "eps",
    "slope": "negative_slope alpha leak",
    "like": "framework convention convention_of as",
    "input": "x",
}
_LAYERS = {
    "conv": "conv1d conv2d conv3d convolution convolution2d conv_2d cnn",
    "max_pool": "maxpool maxpool2d max_pool2d maxpooling maxpooling2d max_pooling pool pooling",
    "average_pool": "avgpool avgpool2d avg_pool avg_pool2d averagepool averagepooling2d mean_pool",
    "global_average_pool": "gap globalavgpool global_avg_pool adaptiveavgpool",
    "dense": "linear fc affine fully_connected fullyconnected inner_product mlp",
    "batch_norm": "batchnorm bn batchnorm2d batchnormalization batch_normalization",
    "conv_transpose": "deconv deconvolution convtranspose conv_transpose2d convtranspose2d",
    "leaky_relu": "lrelu leakyrelu",
    "sigmoid": "logistic",
    "softmax": "logsoftmax log_softmax",
}
_LOSSES = {
    "softmax_cross_entropy": "cross_entropy crossentropy ce categorical_crossentropy"
    " crossentropyloss sparse_categorical_crossentropy softmax nll",
    "binary_cross_entropy": "bce binary_crossentropy bceloss log_loss logistic",
    "mean_squared_error": "mse mse_loss mseloss l2",
    "squared_error": "mse se l2 half_mse squared",
    "sum_squared_error": "sse",
}
_COMMANDS = {
    "pool_backward": _LAYERS["max_pool"] + " max_pool " + _LAYERS["average_pool"] + " average_pool",
    "conv_backward": _LAYERS["conv"] + " conv backward backprop",
    "dense_backward": _LAYERS["dense"] + " dense",
    "batch_norm_backward": _LAYERS["batch_norm"] + " batch_norm",
    "conv_transpose_backward": _LAYERS["conv_transpose"] + " conv_transpose",
    "network_backward": "network net train",
    "check": "verify mark",
    "gradcheck": "grad_check gradient_check check_gradients numeric",
    "grade": "class",
    "exercise": "practice worksheet quiz",
    "example": "examples demo sample samples",
    "explain": "why cell",
    "explore": "tui walk view",
    "conventions": "frameworks profiles",
}
_WORDS = {"average": "mean avg", "max": "maximum"}

_MEANT: dict[str, list[str]] = {}
for _table in (_MATRICES, _SETTINGS, _LAYERS, _LOSSES, _COMMANDS, _WORDS):
    for _name, _tried in _table.items():
        for _word in _tried.split():
            _MEANT.setdefault(_word, []).append(_name)


def likely(word: str, known: Iterable[str], likeness: float = LIKENESS) -> str:
    """The known name that a word most likely means; empty where none is likely.

    Parameters
    ----------
    word
        What was written.
    known
        The names that there are here, as they are written.
    likeness
        How like one of them it must be, where it is no other name for one.

    Examples
    --------
    >>> likely("strid", ["stride", "padding"]), likely("--lr", ["--stride", "--learning-rate"])
    ('stride', '--learning-rate')
    >>> likely("filter", ["input", "kernel"]), likely("attention", ["flatten", "dense"])
    ('kernel', '')
    """
    names: dict[str, str] = {}
    for name in known:
        names.setdefault(_plain(name), name)
    tried = _plain(word)
    for meant in (tried, *_MEANT.get(tried, ())):
        if meant in names:
            return names[meant]
    matcher = SequenceMatcher(b=tried)
    best, most = "", likeness
    for plain, name in names.items():
        matcher.set_seq1(plain)
        ratio = matcher.ratio() if matcher.real_quick_ratio() >= most else 0
        if ratio > most or (ratio == most and not best):
            best, most = name, ratio
    return best


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").strip("_")
