"""What a notebook shows: real tables with the engine's numbers, and no text that acts."""

from html.parser import HTMLParser

import numpy as np
import pytest
from conftest import SAMPLES

import cnngrad
from cnngrad.core.errors import CnngradError
from cnngrad.core.numbers import parse

ARTICLE = {
    "op": "conv-backward",
    "input": [[0, 1, 2], [3, 4, 5], [6, 7, 8]],
    "kernel": [[0, 1], [2, 3]],
    "dz": [[-1, -2], [-3, -4]],
}


class Tables(HTMLParser):
    """The tables of a fragment by their titles, and the names of all its elements."""

    def __init__(self, html):
        super().__init__()
        self.tables, self.elements, self.stack = [], set(), []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.stack.append(tag)
        if tag == "figcaption":
            self.tables.append(["", []])
        elif tag == "tr" and self.tables:
            self.tables[-1][1].append([])
        elif tag == "td" and self.tables and self.tables[-1][1]:
            self.tables[-1][1][-1].append(["", dict(attrs).get("class", "")])

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        if self.stack and self.stack[-1] == "figcaption":
            self.tables[-1][0] += data
        elif self.stack and self.stack[-1] == "td" and self.tables:
            self.tables[-1][1][-1][-1][0] += data

    def numbers(self, title):
        """Each table of this title, as nested lists of numbers."""
        return [
            [[parse(text) for text, _ in row] for row in rows]
            for name, rows in self.tables
            if name == title
        ]


def test_the_steps_of_the_article():
    shown = cnngrad.trace(ARTICLE, "dA_prev")
    assert repr(shown) == "<Trace of dA_prev: 4 steps>"
    tables = Tables(shown._repr_html_())
    assert tables.numbers("dA_prev") == [
        [[0, -1, 0], [-2, -3, 0], [0, 0, 0]],
        [[0, -1, -2], [-2, -7, -6], [0, 0, 0]],
        [[0, -1, -2], [-2, -10, -6], [-6, -9, 0]],
        [[0, -1, -2], [-2, -10, -10], [-6, -17, -12]],
        [[0, -1, -2], [-2, -10, -10], [-6, -17, -12]],
    ]
    assert tables.numbers("W") == [[[0, 1], [2, 3]]] * 4
    lit = [[cell[1] for cell in row] for row in tables.tables[0][1]]
    assert lit == [["pink lit", "pink lit", ""], ["pink lit", "pink lit", ""], ["", "", ""]]


def test_a_file_will_do_and_the_first_result_is_the_default():
    shown = cnngrad.trace(SAMPLES / "batch" / "problem.json")
    assert shown.name == "dA_prev"
    closing = cnngrad.trace(str(SAMPLES / "batch" / "problem.json"), "dW")
    assert Tables(closing._repr_html_()).numbers("dW")[-1] == [
        [-11, parse("-35/2")],
        [parse("-43/2"), -31],
    ]


def test_arrays_will_do():
    arrays = {key: np.array(value) if key != "op" else value for key, value in ARTICLE.items()}
    assert cnngrad.trace(arrays, "dW").total() == [[[[-27, -37], [-57, -67]]]]


def test_a_problem_shows_what_is_given_and_what_follows():
    tables = Tables(cnngrad.trace(ARTICLE).problem._repr_html_())
    assert tables.numbers("A_prev") == [ARTICLE["input"]]
    assert tables.numbers("dZ") == [ARTICLE["dz"]]
    assert tables.numbers("dW") == [[[-27, -37], [-57, -67]]]
    assert tables.numbers("db") == [[[-10]]]


def test_gradients_show_themselves():
    gradients = cnngrad.conv2d_backward(ARTICLE["input"], ARTICLE["kernel"], ARTICLE["dz"])
    tables = Tables(gradients._repr_html_())
    assert tables.numbers("dA_prev") == [gradients.dA_prev.tolist()]
    assert tables.numbers("dW") == [[[-27, -37], [-57, -67]]]
    assert tables.numbers("db") == [[[-10]]]


def test_large_gradients_show_their_corner():
    ones = np.ones((1, 20, 100, 100))
    html = cnngrad.conv2d_backward(ones, np.ones((1, 20, 1, 1)), ones[:, :1])._repr_html_()
    assert len(html) < 100_000
    assert "dA_prev[0,0] 100×100" in html
    assert "more channels" in html


def test_a_step_shows_its_sums():
    first, second, *_ = cnngrad.trace(ARTICLE, "dA_prev")
    html = second._repr_html_()
    assert "Step 2" in html
    assert "dZ[0,0,0,1]·W[0,0,1,0]" in html
    assert "−3 + −2·2 = −7" in html
    assert first._repr_html_() != html


@pytest.mark.parametrize(
    "path", sorted(SAMPLES.glob("*/problem.json")), ids=lambda p: p.parent.name
)
def test_every_number_is_the_engines(path):
    problem = cnngrad.trace(path).problem
    for name in problem.names:
        shown = cnngrad.trace(problem, name)
        done = [
            rows for title, rows in Tables(shown._repr_html_()).tables if title.startswith(name)
        ]
        engine = problem.results[name].reshape(shown.shape)
        last = engine[tuple(-1 for _ in engine.shape[:-2])] if engine.ndim > 1 else engine[None]
        assert [[parse(cell) for cell, _ in row] for row in done[-1]] == last.tolist()


def test_no_text_can_act():
    evil = '</style><script>alert("1")</script>'
    html = cnngrad.trace({**ARTICLE, "title": evil}).problem._repr_html_()
    html += cnngrad.trace({**ARTICLE, "title": evil})._repr_html_()
    tables = Tables(html)
    assert "script" not in tables.elements
    assert "&lt;script&gt;" in html
    assert "http" not in html


def test_a_name_that_does_not_exist():
    with pytest.raises(CnngradError, match="no result dX"):
        cnngrad.trace(ARTICLE, "dX")
