"""How a person's function wants to be called: read off its name and the names of its parameters."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ...core.errors import UsageError, nearest
from ...core.names import ACTIVATIONS
from ...core.text import Count, say, series


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function."""

    name: str
    default: str = ""
    """`none`, `int`, `tuple`, `str`, `bool`, `dict` or `other`; empty where there is none."""


@dataclass(frozen=True)
class Signature:
    """A function or class of a person's file, as far as it shows."""

    name: str
    parameters: tuple[Parameter, ...]
    kind: str = "function"
    """`function`, `class`, `torch.autograd.Function` or `torch.nn.Module`."""
    methods: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class Calling:
    """How to call a function, and what comes back.

    Parameters
    ----------
    kind
        `arrays`, `cs231n`, `deeplearning.ai`, `class`, `torch` or `call`.
    name
        The function or class.
    op, mode
        What it computes, such as `conv-backward`, and the kind of pooling or activation.
    roles
        Of each parameter that is given something: its name and what it is given.
    forward
        The function's own forward, where the file has one, and its roles.
    """

    kind: str
    name: str
    op: str
    mode: str = ""
    roles: tuple[tuple[str, str], ...] = ()
    forward: str = ""
    forward_roles: tuple[tuple[str, str], ...] = ()
    tuples: bool = False
    """Whether stride and window are given as two numbers."""
    words: bool = False
    """Whether the padding is given as a word."""
    expression: str = ""
    """The call itself, where a person wrote it (`--call`)."""

    @property
    def backward(self) -> bool:
        """Whether gradients come back."""
        return not self.op.endswith("forward")

    @property
    def taken(self) -> frozenset[str]:
        """The settings that the function can be told of."""
        if self.kind == "call":
            return frozenset(
                name for name in SETTINGS if re.search(rf"\b{name}\b", self.expression)
            )
        roles = {role for _, role in (*self.roles, *self.forward_roles)}
        if roles & {"conv_param", "pool_param", "hparameters"} or "cache" in roles:
            roles |= {"stride", "window"} if self.op.startswith("pool") else {"stride", "padding"}
        return frozenset(roles & set(SETTINGS))


SETTINGS = ("stride", "padding", "dilation", "groups", "window", "output_padding")

_NAMES = {
    "dZ": "dz dout grad_output grad_out output_grad output_gradient grad delta d_out dy upstream"
    " error err dl_dout d_l_d_out dl_dz dl_dy dnext dout_ da d_z gradient grad_z next_grad"
    " upstream_grad grad_y dz_next top_diff",
    "A_prev": "a_prev x input inputs inp image images img a aprev data in_data prev_a"
    " activations a_in x_in features feature_map last_input z input_data x_prev inputs_",
    "W": "w weight weights kernel kernels filter filters filt k w_ wgt",
    "b": "b bias biases b_",
    "stride": "stride strides s",
    "padding": "padding pad p pads",
    "dilation": "dilation dilations dilation_rate d",
    "groups": "groups group",
    "window": "window window_size pool_size pool kernel_size kernel_shape pool_shape size f"
    " filter_size k_size ksize",
    "mode": "mode pool_type pooling method kind",
    "cache": "cache",
    "conv_param": "conv_param conv_params",
    "pool_param": "pool_param pool_params",
    "hparameters": "hparameters hparams hyperparameters hyper_parameters",
    "gamma": "gamma g_ scale",
    "beta": "beta",
    "epsilon": "eps epsilon",
    "bn_param": "bn_param bn_params",
    "output_padding": "output_padding out_pad outpad",
    "Y": "y labels label target targets t y_true",
    "slope": "slope alpha negative_slope",
}
_ROLES = {name: role for role, names in _NAMES.items() for name in names.split()}

_KINDS = (
    ("batch-norm", r"batch_?norm|(^|_)bn(_|$)"),
    ("conv-transpose", r"conv(olution)?(2d)?_?transpose|transposed?_?conv|deconv"),
    ("conv", r"conv|cross_?corr"),
    ("pool-max", r"max_?pool|pool_?max"),
    ("pool-average", r"(avg|average|mean)_?pool|pool_?(avg|average|mean)"),
    ("pool", r"pool"),
    ("loss-softmax-cross-entropy", r"softmax_?loss|cross_?entropy|softmax_ce"),
    ("loss-squared-error", r"half_?mse|squared_?error"),
    ("dense", r"affine|dense|linear|fully_?connected|(^|_)fc(_|$)"),
    ("activation-leaky-relu", r"leaky_?relu"),
    ("activation-relu", r"relu"),
    ("activation-sigmoid", r"sigmoid"),
    ("activation-tanh", r"tanh"),
    ("activation-softmax", r"softmax"),
)
_BACKWARD = re.compile(r"back|grad|bwd|deriv|(^|_)d(conv|pool|relu|x)|prime", re.IGNORECASE)
_OTHER = re.compile(r"conv(olution)?[13]d|depthwise|separable|fft|im2col")
"""Layers of another kind, and helpers that are no layer."""

KNOWN_OPS = (
    "conv-forward",
    "conv-backward",
    "conv-transpose-forward",
    "conv-transpose-backward",
    "batch-norm-forward",
    "batch-norm-backward",
    "pool-forward",
    "pool-backward",
    "dense-forward",
    "dense-backward",
    "activation-forward",
    "activation-backward",
    "loss",
)


def role_of(name: str) -> str:
    """What a parameter of this name is for; empty where nobody can know.

    >>> role_of("dout"), role_of("W"), role_of("pad"), role_of("spam")
    ('dZ', 'W', 'padding', '')
    """
    word = (
        re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_")
        if len(name) > 2
        else name.lower()
    )
    return _ROLES.get(word, _ROLES.get(word.replace("_", ""), ""))


def job(signature: Signature) -> tuple[str, str]:
    """The operation and mode that a function's name tells; empty where it tells none.

    >>> job(Signature("conv_backward_naive", ()))
    ('conv-backward', '')
    >>> job(Signature("max_pool_forward", ()))
    ('pool-forward', 'max')
    """
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", signature.name).lower().replace("re_lu", "relu")
    if _OTHER.search(name):
        return "", ""
    for kind, pattern in _KINDS:
        if re.search(pattern, name):
            layer, mode = _parted(kind)
            if layer == "loss":
                return "loss", mode
            roles = {role_of(p.name) for p in signature.parameters}
            back = bool(_BACKWARD.search(name)) or "dZ" in roles
            if signature.kind != "function":
                back = True
            return f"{layer}-{'backward' if back else 'forward'}", mode
    return "", ""


def _parted(kind: str) -> tuple[str, str]:
    """The layer and the mode that a kind names."""
    if kind in ("batch-norm", "conv-transpose"):
        return kind, ""
    layer, _, mode = kind.partition("-")
    return layer, mode


def understood(
    signature: Signature, others: Iterable[Signature], *, op: str = "", mode: str = ""
) -> Calling:
    """How a function is to be called.

    Parameters
    ----------
    signature
        The function or class.
    others
        All that its file has, among them perhaps its own forward.
    op, mode
        What a person said of it.

    Raises
    ------
    UsageError
        Its name does not tell its job, or a parameter cannot be understood.
    """
    _known(op)
    told, told_mode = job(signature)
    op, mode = op or told, mode or told_mode
    if not op:
        raise UsageError(
            say("What {name} computes cannot be told from its name.", name=signature.name),
            expected=say("--op with one of {known}", known=series(KNOWN_OPS)),
        )
    if signature.kind == "class":
        roles = _roles(signature, op)
        return _known_mode(Calling("class", signature.name, op, mode, roles))
    if signature.kind.startswith("torch"):
        roles = _torch_roles(signature, op)
        return _known_mode(Calling("torch", signature.name, op, mode, roles))
    roles = _roles(signature, op)
    unknown = [
        parameter.name
        for parameter in signature.parameters
        if not parameter.default and parameter.name not in dict(roles)
    ]
    if unknown:
        raise UsageError(
            say(
                "It cannot be told what {names} of {function} {count:is|are} for.",
                names=series(unknown),
                function=signature.name,
                count=Count(len(unknown)),
            ),
            expected=say("parameters such as A_prev, W, dZ, stride, padding"),
            fix=say("say how to call it: --call '{name}(dZ, A_prev, W)'", name=signature.name),
        )
    named = dict(roles)
    forward = _own_forward(signature, others, op)
    kind = "arrays"
    if "hparameters" in named.values():
        kind = "deeplearning.ai"
    elif {"conv_param", "pool_param", "bn_param"} & set(named.values()):
        kind = "cs231n"
    elif "cache" in named.values():
        first = signature.parameters[0].name.lower()
        forward_roles = {role_of(p.name) for p in forward.parameters} if forward else set()
        deep = "hparameters" in forward_roles or (not forward and first in ("dz", "da"))
        deep |= not forward and "hparameters" in named.values()
        kind = "deeplearning.ai" if deep else "cs231n"
        if first == "dz" and op.startswith("dense"):
            kind = "deeplearning.ai"
    if not mode and op.startswith("pool") and "mode" in named.values():
        mode = "max"
    defaults = {parameter.name: parameter.default for parameter in signature.parameters}
    tuples = any(
        defaults.get(name) == "tuple" for name, role in roles if role in ("stride", "window")
    )
    words = any(defaults.get(name) == "str" for name, role in roles if role == "padding")
    calling = Calling(kind, signature.name, op, mode, roles, tuples=tuples, words=words)
    if forward is not None:
        calling = replace(
            calling,
            forward=forward.name,
            forward_roles=_roles(forward, op.replace("backward", "forward")),
        )
    return _known_mode(calling)


MODES = {
    "pool": ("max", "average"),
    "activation": ACTIVATIONS,
    "loss": ("softmax-cross-entropy", "squared-error"),
}
"""Of the kinds of layer that have modes, those that a function may be told to have."""


def _known_mode(calling: Calling) -> Calling:
    """The same calling, if there is such a mode."""
    modes = MODES.get(calling.op.partition("-")[0], ())
    if modes and calling.mode not in modes:
        raise UsageError(
            say(
                "It cannot be told which kind of {op} {name} is.", op=calling.op, name=calling.name
            ),
            found=say("--mode {mode}", mode=calling.mode) if calling.mode else "",
            expected=say("--mode with one of {known}", known=series(modes)),
            fix=nearest(calling.mode, modes) if calling.mode else "",
        )
    return calling


def _known(op: str) -> None:
    if op and op not in KNOWN_OPS:
        raise UsageError(
            say("There is no operation {op} to test.", op=op),
            expected=series(KNOWN_OPS),
            fix=nearest(op, KNOWN_OPS),
        )


def written(expression: str, name: str, op: str, mode: str, known: Signature | None) -> Calling:
    """The calling that a person wrote down with `--call`."""
    _known(op)
    if known is not None:
        told, told_mode = job(known)
        op, mode = op or told, mode or told_mode
    if not op:
        raise UsageError(
            say("What {name} computes cannot be told from its name.", name=name),
            expected=say("--op with one of {known}", known=series(KNOWN_OPS)),
        )
    return _known_mode(Calling("call", name, op, mode, expression=expression))


def _roles(signature: Signature, op: str) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for parameter in signature.parameters:
        role = role_of(parameter.name)
        if role == "A_prev" and op.startswith(("activation", "loss")) and parameter.name == "y":
            role = "Y"
        if role == "Y" and not op.startswith("loss"):
            role = "A_prev" if op.startswith("activation") else ""
        if op.startswith("pool") and role == "W":
            role = "window"
        if op.startswith("pool") and parameter.name.lower() in ("k", "kernel", "filter"):
            role = "window"
        if role == "dZ" and not op.endswith("backward"):
            role = ""
        if op.startswith("activation") and role == "cache":
            role = "A_prev"
        if role and role not in found.values():
            found[parameter.name] = role
    return tuple(found.items())


def _torch_roles(signature: Signature, op: str) -> tuple[tuple[str, str], ...]:
    if signature.kind == "torch.nn.Module":
        return _constructor_roles(signature)
    return tuple(pair for pair in _roles(signature, op) if pair[1] != "dZ")


def _constructor_roles(signature: Signature) -> tuple[tuple[str, str], ...]:
    return tuple((p.name, p.name) for p in signature.parameters)


def _own_forward(signature: Signature, others: Iterable[Signature], op: str) -> Signature | None:
    """The forward function of the same layer in the same file."""
    if not op.endswith("backward"):
        return None
    wanted = re.sub(r"backward|backprop|back|bwd", "forward", signature.name)
    plain = re.sub(r"_?(backward|backprop|back|bwd|grad(ient)?s?)", "", signature.name)
    by_name = {other.name: other for other in others if other.name != signature.name}
    for name in (wanted, plain):
        if name in by_name and by_name[name].kind == "function":
            return by_name[name]
    return None


def candidates(signatures: Sequence[Signature]) -> tuple[list[Signature], list[Signature]]:
    """The functions of a file whose job can be told, and the others."""
    known = [signature for signature in signatures if job(signature)[0]]
    return known, [signature for signature in signatures if signature not in known]
