"""Conventions of frameworks: what each does where the article leaves a choice, as it was measured.

A profile is one entry of `PROFILES`: for each setting that differs from the article's, the value
and the call in which it was seen. A key is the name of a setting, or `KIND.setting` where it holds
for one kind of layer only. What a profile does not say stays as in the article. No NumPy here.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .errors import SettingError, nearest
from .text import say, series

ARTICLE = "article"
REQUIRED = "must be given"
"""The framework has no default: a problem under its profile has to say the setting."""


class Value(NamedTuple):
    """What a framework does about one setting."""

    value: Any
    source: str
    """The call that shows it."""


class Profile(NamedTuple):
    """What a framework does where the article leaves a choice."""

    title: str
    """The framework as its makers write it."""
    version: str
    """The version in which everything here was seen."""
    values: Mapping[str, Value]
    conv_words: tuple[str, ...] = ()
    """The words that it knows for the padding of a convolution."""
    pool_words: tuple[str, ...] = ()
    """The words that it knows for the padding of a pooling."""
    limits: tuple[str, ...] = ()
    """What it cannot do, by the names of `core.convention_limits`."""
    faults: tuple[str, ...] = ()
    """What it does wrong, which cnngrad tells and does right: names of the same module."""

    def value(self, setting: str, kinds: Iterable[str], usual: Any) -> Any:
        """What it does about a setting of a layer of these kinds, the narrowest kind first.

        >>> PROFILES["keras"].value("count_include_pad", ("average-pool", "pool"), True)
        False
        """
        for kind in kinds:
            if f"{kind}.{setting}" in self.values:
                return self.values[f"{kind}.{setting}"].value
        return self.values[setting].value if setting in self.values else usual


_SUM = "the gradient that it returns for a batch"
_TWO = ("valid", "same")
_ALL = ("valid", "same", "same-lower")

_CHANNELS_LAST = {
    "layout": Value("nhwc", "the default of its layers"),
    "kernel_layout": Value("hwio", "the shape of its kernels"),
}

PROFILES: Mapping[str, Profile] = {
    ARTICLE: Profile("the article", "2023", {}, _ALL, _ALL),
    "pytorch": Profile(
        "PyTorch",
        "2.13.0",
        {
            "batch": Value("sum", "torch.Tensor.backward"),
            "network.batch": Value("loss-mean", "torch.nn.CrossEntropyLoss(reduction='mean')"),
            "network.reduction": Value("elements", "torch.nn.MSELoss(reduction='mean')"),
        },
        conv_words=_TWO,
        limits=("same-with-stride",),
        faults=("float32-sum",),
    ),
    "tensorflow": Profile(
        "TensorFlow",
        "2.21.0",
        {
            "conv-transpose.kernel_layout": Value(
                "hwoi", "tf.nn.conv2d_transpose(filters=[h, w, out, in])"
            ),
            "batch-norm.epsilon": Value("1e-3", "tf.keras.layers.BatchNormalization"),
            "layout": Value("nhwc", "tf.nn.conv2d(data_format='NHWC')"),
            "kernel_layout": Value("hwio", "tf.nn.conv2d(filters=[h, w, in, out])"),
            "dense_layout": Value("in-out", "tf.linalg.matmul(x, W)"),
            "conv.stride": Value(REQUIRED, "tf.nn.conv2d(strides=)"),
            "conv.padding": Value(REQUIRED, "tf.nn.conv2d(padding=)"),
            "pool.stride": Value(REQUIRED, "tf.nn.max_pool2d(strides=)"),
            "pool.padding": Value(REQUIRED, "tf.nn.max_pool2d(padding=)"),
            "count_include_pad": Value(False, "tf.nn.avg_pool2d(padding='SAME')"),
            "batch": Value("sum", "tf.GradientTape.gradient"),
            "network.batch": Value("loss-mean", "tf.losses.MeanSquaredError"),
            "network.reduction": Value("elements", "tf.losses.MeanSquaredError"),
            "leaky-relu.slope": Value("0.2", "tf.nn.leaky_relu"),
        },
        conv_words=_TWO,
        pool_words=_TWO,
        limits=("no-ceil",),
        faults=("3d-ties", "3d-same-shift", "leak-in-float32"),
    ),
    "keras": Profile(
        "Keras",
        "3.15.1",
        {
            "conv-transpose.kernel_layout": Value("hwoi", "keras.layers.Conv2DTranspose.kernel"),
            "batch-norm.epsilon": Value("1e-3", "keras.layers.BatchNormalization(epsilon=1e-3)"),
            "layout": Value("nhwc", "keras.config.image_data_format()"),
            "kernel_layout": Value("hwio", "keras.layers.Conv2D.kernel"),
            "dense_layout": Value("in-out", "keras.layers.Dense.kernel"),
            "count_include_pad": Value(False, "keras.layers.AveragePooling2D(padding='same')"),
            "batch": Value("sum", "the gradient of its layers"),
            "network.batch": Value("loss-mean", "keras.losses.MeanSquaredError"),
            "network.reduction": Value("elements", "keras.losses.MeanSquaredError"),
            "leaky-relu.slope": Value("0.3", "keras.layers.LeakyReLU"),
        },
        conv_words=_TWO,
        pool_words=_TWO,
        limits=("no-ceil", "padding-by-word"),
        faults=("torch-repeats-edge", "3d-ties", "leak-in-float32"),
    ),
    "flax": Profile(
        "Flax",
        "0.12.8",
        {
            "conv-transpose.flip": Value(True, "flax.linen.ConvTranspose(transpose_kernel=False)"),
            "conv-transpose.padding": Value("same", "flax.linen.ConvTranspose(padding='SAME')"),
            "layout": Value("nhwc", "flax.linen.Conv"),
            "kernel_layout": Value("hwio", "flax.linen.Conv.kernel"),
            "dense_layout": Value("in-out", "flax.linen.Dense.kernel"),
            "conv.padding": Value("same", "flax.linen.Conv(padding='SAME')"),
            "pool.stride": Value(1, "flax.linen.max_pool(strides=None)"),
            "pool.padding": Value("valid", "flax.linen.max_pool(padding='VALID')"),
            "batch": Value("sum", "jax.grad"),
            "network.batch": Value("loss-mean", "jnp.mean of a loss"),
            "network.reduction": Value("elements", "jnp.mean of a loss"),
            "leaky-relu.slope": Value("0.01", "jax.nn.leaky_relu"),
            "leaky-relu.corner_slope": Value("1", "jax.nn.leaky_relu"),
        },
        conv_words=_ALL,
        pool_words=_ALL,
        limits=("no-ceil",),
    ),
    "paddle": Profile(
        "PaddlePaddle",
        "3.3.1",
        {
            "dense_layout": Value("in-out", "paddle.nn.Linear.weight"),
            "count_include_pad": Value(False, "paddle.nn.functional.avg_pool2d(exclusive=True)"),
            "ceil_rule": Value("keep", "paddle.nn.functional.max_pool2d(ceil_mode=True)"),
            "batch": Value("sum", "paddle.grad"),
            "network.batch": Value("loss-mean", "paddle.nn.functional.mse_loss"),
            "network.reduction": Value("elements", "paddle.nn.functional.mse_loss"),
            "leaky-relu.slope": Value("0.01", "paddle.nn.functional.leaky_relu"),
            "leaky-relu.corner_slope": Value("1", "paddle.nn.functional.leaky_relu"),
        },
        conv_words=_TWO,
        pool_words=_TWO,
        faults=(
            "same-resets-dilation",
            "lopsided-average",
            "divisor-times-cells",
            "logit-zero",
            "average-in-float32",
            "float32-sum",
        ),
    ),
    "mlx": Profile(
        "MLX",
        "0.32.4",
        {
            "layout": Value("nhwc", "mlx.nn.Conv2d"),
            "kernel_layout": Value("ohwi", "mlx.nn.Conv2d.weight"),
            "ties": Value("split", "mlx.nn.MaxPool2d"),
            "batch": Value("sum", "mlx.core.grad"),
            "network.batch": Value("loss-mean", "mlx.nn.losses.mse_loss"),
            "network.reduction": Value("elements", "mlx.nn.losses.mse_loss"),
            "leaky-relu.slope": Value("0.01", "mlx.nn.leaky_relu"),
            "leaky-relu.corner_slope": Value("1", "mlx.nn.leaky_relu"),
        },
        limits=("no-ceil",),
        faults=("float32-sum",),
    ),
    "tinygrad": Profile(
        "tinygrad",
        "0.14.0",
        {
            "ties": Value("split", "Tensor.max_pool2d"),
            "batch": Value("sum", "Tensor.backward"),
            "network.batch": Value("loss-mean", "Tensor.mean of a loss"),
            "network.reduction": Value("elements", "Tensor.mean of a loss"),
            "leaky-relu.slope": Value("0.01", "Tensor.leaky_relu"),
            "leaky-relu.corner_slope": Value("1", "Tensor.leaky_relu"),
        },
    ),
    "onnx": Profile(
        "ONNX Runtime",
        "1.32.0",
        {
            "pool.stride": Value(1, "MaxPool(strides)"),
            "count_include_pad": Value(False, "AveragePool(count_include_pad=0)"),
        },
        conv_words=_ALL,
        pool_words=_ALL,
        faults=("same-ignores-dilation", "same-refuses-stride", "float32-sum"),
    ),
    "openvino": Profile(
        "OpenVINO",
        "2026.4.1",
        {
            "conv.stride": Value(REQUIRED, "opset.convolution(strides)"),
            "conv.padding": Value(REQUIRED, "opset.convolution(pads_begin, pads_end)"),
            "pool.stride": Value(REQUIRED, "opset.max_pool(strides)"),
            "pool.padding": Value(REQUIRED, "opset.max_pool(pads_begin, pads_end)"),
            "ceil_rule": Value("keep", "opset.max_pool(rounding_type='ceil')"),
            "overhang": Value("padded", "opset.avg_pool(rounding_type='ceil')"),
        },
        conv_words=_ALL,
        pool_words=_ALL,
    ),
    "tfjs": Profile(
        "TensorFlow.js",
        "4.22.0",
        {
            "conv-transpose.kernel_layout": Value("hwoi", "tf.conv2dTranspose(filter)"),
            "batch-norm.epsilon": Value("1e-3", "tf.batchNorm(varianceEpsilon)"),
            "layout": Value("nhwc", "tf.conv2d(dataFormat='NHWC')"),
            "kernel_layout": Value("hwio", "tf.conv2d(filter=[h, w, in, out])"),
            "dense_layout": Value("in-out", "tf.layers.dense.kernel"),
            "conv.stride": Value(REQUIRED, "tf.conv2d(strides)"),
            "conv.padding": Value(REQUIRED, "tf.conv2d(pad)"),
            "pool.stride": Value(REQUIRED, "tf.maxPool(strides)"),
            "pool.padding": Value(REQUIRED, "tf.maxPool(pad)"),
            "count_include_pad": Value(False, "tf.avgPool(pad='same')"),
            "ceil_rule": Value("keep", "tf.maxPool(dimRoundingMode='ceil')"),
            "batch": Value("sum", "tf.grads"),
            "network.batch": Value("loss-mean", "tf.losses.meanSquaredError"),
            "network.reduction": Value("elements", "tf.losses.meanSquaredError"),
            "leaky-relu.slope": Value("0.2", "tf.leakyRelu"),
        },
        conv_words=_TWO,
        pool_words=_TWO,
        faults=("average-gradient-full-window", "gradient-forgets-ceil", "3d-ties-last"),
    ),
    "chainer": Profile(
        "Chainer",
        "7.8.1",
        {
            "batch-norm.epsilon": Value("2e-5", "chainer.functions.batch_normalization(eps)"),
            "max-pool.ceil_mode": Value(True, "chainer.functions.max_pooling_2d(cover_all=True)"),
            "ceil_rule": Value("keep", "chainer.functions.max_pooling_2d(cover_all=True)"),
            "batch": Value("sum", "chainer.grad"),
            "network.batch": Value("loss-mean", "chainer.functions.mean_squared_error"),
            "network.reduction": Value("elements", "chainer.functions.mean_squared_error"),
            "leaky-relu.slope": Value("0.2", "chainer.functions.leaky_relu"),
        },
        limits=("average-no-ceil",),
    ),
    "theano": Profile(
        "Theano-PyMC",
        "1.1.2",
        {
            "flip": Value(True, "theano.tensor.nnet.conv2d(filter_flip=True)"),
            "ties": Value("all", "theano.tensor.signal.pool.pool_2d(mode='max')"),
            "pool.ceil_mode": Value(True, "pool_2d(ignore_border=False)"),
            "batch": Value("sum", "theano.grad"),
            "network.batch": Value("loss-mean", "the mean of a loss"),
            "network.reduction": Value("elements", "the mean of a loss"),
            "relu.corner_slope": Value("1/2", "theano.tensor.nnet.relu"),
        },
        conv_words=("valid",),
        limits=("ceil-with-padding",),
    ),
    "convnetjs": Profile(
        "ConvNetJS",
        "0.3.0",
        {
            "layout": Value("nhwc", "convnetjs.Vol.get(x, y, d)"),
            "kernel_layout": Value("ohwi", "convnetjs.ConvLayer.filters"),
            "pool.stride": Value(2, "convnetjs.PoolLayer({stride})"),
            "ties": Value("first-column", "convnetjs.PoolLayer.backward"),
            "batch": Value("sum", "convnetjs.Net.backward"),
            "network.batch": Value("sum", "convnetjs.Net.backward"),
        },
        limits=("no-ceil", "no-average"),
    ),
    "cs231n": Profile(
        "CS231n",
        "2017–2026",
        {
            "dense_layout": Value("in-out", "affine_forward(x, w, b)"),
            "conv.stride": Value(REQUIRED, "conv_forward_naive(conv_param['stride'])"),
            "conv.padding": Value(REQUIRED, "conv_forward_naive(conv_param['pad'])"),
            "pool.stride": Value(REQUIRED, "max_pool_forward_naive(pool_param['stride'])"),
            "batch": Value("sum", "conv_backward_naive, affine_backward"),
            "network.batch": Value("loss-mean", "softmax_loss"),
            "network.reduction": Value("samples", "softmax_loss"),
        },
        limits=("no-ceil",),
    ),
    "deeplearning.ai": Profile(
        "deeplearning.ai",
        "2017–2026",
        {
            "layout": Value("nhwc", "conv_forward(A_prev)"),
            "kernel_layout": Value("hwio", "conv_forward(W: (f, f, n_C_prev, n_C))"),
            "conv.stride": Value(REQUIRED, "conv_forward(hparameters['stride'])"),
            "conv.padding": Value(REQUIRED, "conv_forward(hparameters['pad'])"),
            "pool.stride": Value(REQUIRED, "pool_forward(hparameters['stride'])"),
            "ties": Value("all", "create_mask_from_window"),
            "batch": Value("sum", "conv_backward"),
            "dense.batch": Value("mean", "linear_backward"),
            "network.batch": Value("mean", "linear_backward"),
            "network.conv.batch": Value("sum", "conv_backward"),
        },
        conv_words=_TWO,
        limits=("no-ceil",),
    ),
}
"""Every profile by the name that `--like` takes."""

ALIASES = {
    "torch": "pytorch",
    "tf": "tensorflow",
    "jax": "flax",
    "paddlepaddle": "paddle",
    "onnxruntime": "onnx",
    "tensorflow.js": "tfjs",
    "theano-pymc": "theano",
    "deeplearningai": "deeplearning.ai",
}
"""Other names of profiles."""


def profile_name(value: object) -> str:
    """The name of a profile, whatever it is called.

    Raises
    ------
    SettingError
        There is none.

    Examples
    --------
    >>> profile_name("keras"), profile_name("torch")
    ('keras', 'pytorch')
    """
    name = str(value).strip().lower() if isinstance(value, str) else ""
    name = ALIASES.get(name, name)
    if name not in PROFILES:
        raise SettingError(
            say("There is no profile of this name."),
            found=repr(value),
            expected=series(PROFILES),
            fix=nearest(name, [*PROFILES, *ALIASES]),
        )
    return name


def profile(name: object) -> Profile:
    """The profile of this name; raises as `profile_name` does.

    >>> profile("keras").title
    'Keras'
    """
    return PROFILES[profile_name(name)]


def default(like: str, kinds: Iterable[str], setting: str, usual: Any) -> Any:
    """What a setting is under a profile where nobody says it.

    Raises
    ------
    SettingError
        The framework has no default: it has to be said.

    Examples
    --------
    >>> default("onnx", ("max-pool", "pool"), "stride", None)
    1
    """
    known = PROFILES[like]
    value = known.value(setting, kinds, usual)
    if value == REQUIRED:
        option = setting.replace("_", "-")
        raise SettingError(
            say("{title} has no default for {setting}.", title=known.title, setting=setting),
            expected=say("--{option}, or the key {key}", option=option, key=setting),
            fix=say("leave --like {name} out for the article's default", name=like),
        )
    return value
