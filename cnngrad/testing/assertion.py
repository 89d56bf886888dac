"""`assert_gradients`: a person's function held against the truth in a person's own test."""

from collections.abc import Callable
from typing import Any

from ..core.conventions import default, profile_name
from .calls.calling import understood, written
from .calls.local import LocalRunner
from .calls.process import Runner
from .examine import examine
from .report import FunctionReport
from .report_text import report_text
from .session import order_of


def assert_gradients(
    function: Callable[..., Any],
    *,
    op: str = "",
    mode: str = "",
    like: str = "",
    call: str = "",
    returns: str = "",
    forward: Callable[..., Any] | None = None,
) -> FunctionReport:
    """Fail unless a function is right on every problem that its parameters allow.

    Parameters
    ----------
    function
        A backward or forward function, or a class with `forward` and `backward`.
    op
        What it computes, such as `conv-backward`, where its name does not tell.
    mode
        `max` or `average` for pooling; the function for an activation.
    like
        A framework or course whose layouts it has, such as `cs231n`.
    call
        The call itself: `"f(dZ, (A_prev, W, b, {'stride': stride, 'pad': padding}))"`.
    returns
        The names of what comes back: `"dA_prev, dW, db"`.
    forward
        Its own forward, where it takes the cache of that.

    Returns
    -------
    FunctionReport
        What was found; `right` is true.

    Raises
    ------
    AssertionError
        The function is wrong; the message is the report.
    UsageError
        It cannot be told how to call it.
    FileError
        It raises on every problem.

    Examples
    --------
    >>> def dense_forward(x, w, b):
    ...     return x @ w.T + b
    >>> assert_gradients(dense_forward).right
    True
    """
    runner: Runner = LocalRunner(function, forward)
    own, *others = runner.signatures
    calling = (
        written(call, own.name, op, mode, own)
        if call
        else understood(own, others, op=op, mode=mode)
    )
    order = order_of(returns, calling.op)
    report = examine(runner, calling, like=layouts(like), order=order)
    if not report.right:
        raise AssertionError(report_text(report))
    return report


def layouts(like: str) -> dict[str, str]:
    """The layouts of a framework or course, for a function that follows it.

    Raises
    ------
    SettingError
        No profile has that name.

    Examples
    --------
    >>> layouts("cs231n")["dense_layout"], layouts("")
    ('in-out', {})
    """
    if not like:
        return {}
    usual = {"layout": "nchw", "kernel_layout": "oihw", "dense_layout": "out-in"}
    name = profile_name(like)
    return {key: str(default(name, (), key, value)) for key, value in usual.items()}
