"""The report on a function in sentences, which the terminal and the pytest helper both say."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from ..core.numbers import Array
from ..core.text import Count, message, say, series
from ..layers.rules import rule_words
from .report import FunctionReport
from .report_json import title

CONVENTIONS = {
    "layout": {
        "nchw": message("images are N, C, H, W"),
        "nhwc": message("images are N, H, W, C (channels last)"),
    },
    "kernel_layout": {
        "oihw": message("W is (C_out, C_in, kH, kW)"),
        "hwio": message("W is (kH, kW, C_in, C_out)"),
        "ohwi": message("W is (C_out, kH, kW, C_in)"),
        "iohw": message("W is (C_in, C_out, kH, kW)"),
        "hwoi": message("W is (kH, kW, C_out, C_in)"),
    },
    "dense_layout": {
        "out-in": message("W is (n_out, n_in)"),
        "in-out": message("W is (n_in, n_out)"),
    },
    "batch": {
        "sum": message("dW and db are sums over the samples"),
        "mean": message("dW and db are divided by N"),
        "loss-mean": message("the error is divided by N, as the slope of a mean over samples"),
    },
    "ties": {
        "first": message("the first of equal maxima gets the error"),
        "last": message("the last of equal maxima gets the error"),
        "all": message("each of equal maxima gets the whole error"),
        "split": message("equal maxima share the error"),
        "first-column": message("the first of equal maxima, column by column, gets the error"),
    },
    "epsilon": {
        "1e-8": message("epsilon is 1e-8"),
        "1e-3": message("epsilon is 1e-3"),
        "1e-6": message("epsilon is 1e-6"),
        "0": message("epsilon is 0"),
    },
    "flipped": {"True": message("the kernel is turned by 180°: true convolution")},
    "same": {
        "same": message('"same" pads the extra cell behind'),
        "same-lower": message('"same" pads the extra cell before'),
        "both sides": message('"same" pads as much on both sides'),
    },
}
"""What is said of a convention, by its name and value."""

FEATURES = {
    "stride": message("a stride above 1"),
    "two strides": message("a stride of two numbers"),
    "padding": message("padding"),
    "two paddings": message("padding of two numbers"),
    "padding by word": message("padding given as a word"),
    "even same": message('"same" padding of an even kernel'),
    "dilation": message("dilation"),
    "groups": message("groups"),
    "samples": message("more than one sample"),
    "channels": message("more than one channel"),
    "input channels": message("more than one input channel"),
    "filters": message("more than one filter"),
    "non-square input": message("an input that is no square"),
    "non-square kernel": message("a kernel that is no square"),
    "non-square window": message("a window that is no square"),
    "rest": message("a size that the stride does not divide"),
    "overlap": message("windows that overlap"),
    "negative": message("windows of negative numbers"),
    "ties": message("equal maxima in a window"),
    "output padding": message("output padding"),
    "images": message("images, not rows of numbers"),
    "square": message("as many inputs as units"),
}
"""What a problem has, in words."""

Kind = Literal["right", "wrong", "heading", "text", "faint"]


class Said(NamedTuple):
    """One sentence of the report."""

    kind: Kind
    text: str


def convention(name: str, value: object) -> str:
    """What is said of a convention; empty where it goes without saying."""
    words = CONVENTIONS.get(name, {}).get(str(value))
    return say(words) if words else ""


def sentences(report: FunctionReport) -> Iterator[Said]:
    """All that is said before the smallest problem is shown."""
    yield _verdict(report)
    for name, score in report.results.items():
        yield Said(
            "text",
            say(
                "{name}: right on {right} of {problems:# problem|# problems}",
                name=name,
                right=score.right,
                problems=Count(score.of),
            ),
        )
    known = [convention(name, value) for name, value in report.conventions.items()]
    if any(known):
        yield Said("heading", say("Its conventions"))
        yield from (Said("text", f"• {words}") for words in known if words)
    for setting, error in report.refused:
        feature = say(FEATURES.get(setting, setting))
        left_out = say("It does not take {feature}; that is left out.", feature=feature)
        if not setting.startswith("two "):
            left_out += f" ({error})"
        yield Said("faint", left_out)
    yield from (Said("faint", note) for note in report.notes)
    yield from _errors(report)
    yield from _mistakes(report)


def _verdict(report: FunctionReport) -> Said:
    problems = Count(report.problems)
    if report.right:
        words = say(
            "{function} is right on {problems:the one problem|all # problems}.",
            function=report.function,
            problems=problems,
        )
        return Said("right", words)
    wrong = {name for name, score in report.results.items() if score.right < score.of}
    names = series(name for name in report.results if name in wrong)
    if not names:
        return Said("wrong", say("{function} does not run to its end.", function=report.function))
    words = say("{function} is wrong: {names}.", function=report.function, names=names)
    return Said("wrong", words)


def _errors(report: FunctionReport) -> Iterator[Said]:
    if not report.errors:
        return
    yield Said("heading", say("What it stumbles over"))
    for error in report.errors:
        yield Said("text", f"• {error.said}")
        yield from (Said("faint", f"    {line}") for line in error.trace)
        where = _described(error.rung.adds)
        if where:
            yield Said("text", say("  first on a problem with {features}", features=where))


def _described(adds: tuple[str, ...]) -> str:
    return series(say(FEATURES[add]) for add in adds if add in FEATURES)


def _mistakes(report: FunctionReport) -> Iterator[Said]:
    if report.right or not any(s.right < s.of for s in report.results.values()):
        return
    yield Said("heading", say("What most likely happened"))
    for named in report.mistakes:
        yield Said("text", f"• {title(named.codes)}")
        names = series(named.results)
        for code in named.codes:
            yield Said("text", "  " + say(rule_words(code).explanation, name=named.results[0]))
        yield Said(
            "text",
            "  "
            + say(
                "That gives all {wrong:# wrong result|# wrong results} of {names}, and leaves right"
                " what is right.",
                wrong=Count(named.explains),
                names=names,
            ),
        )
    unexplained = [
        name
        for name, score in report.results.items()
        if score.right < score.of and not any(name in m.results for m in report.mistakes)
    ]
    if unexplained:
        words = say(
            "No mistake that the program knows explains {names} on every problem.",
            names=series(unexplained),
        )
        yield Said("text", words)
    if report.pattern:
        features = " + ".join(say(FEATURES.get(add, add)) for add in report.pattern)
        words = say(
            "It is wrong on every problem with {features}, and only there.", features=features
        )
        yield Said("text", words)


def report_text(report: FunctionReport) -> str:
    """The report in plain text."""
    lines = [said.text for said in sentences(report)]
    smallest = report.smallest
    if smallest is not None:
        lines += ["", say("The smallest problem that shows it")]
        for name, array in smallest.rung.given.items():
            lines.append(f"{name} = {_short(array)}")
        lines.append(", ".join(f"{k} {v}" for k, v in smallest.rung.settings.items()))
        for name, array in smallest.answer.items():
            lines.append(say("{name}, yours: {cells}", name=name, cells=_short(array)))
            cells = _short(smallest.expected[name])
            lines.append(say("{name}, expected: {cells}", name=name, cells=cells))
    return "\n".join(lines)


def _short(array: Array) -> str:
    return np.array2string(np.asarray(array), threshold=40, separator=", ").replace("\n", "")
