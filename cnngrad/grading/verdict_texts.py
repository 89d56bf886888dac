"""What people read in a verdict: every sentence whole, said with its facts by `say`."""

from ..core.text import message

RIGHT = message("{cells:The cell is|Both cells are|All # cells are} right.")
DIFFER = message("{wrong} of {cells} cells {wrong:differs|differ}.")
ONLY_CELL_DIFFERS = message("The only cell differs.")
DIFFER_AND_OPEN = message(
    "{wrong} of {cells} cells {wrong:differs|differ}, and {blank:one is|# are} not filled in."
)
OPEN = message("{blank} of {cells} cells {blank:is|are} not filled in.")
ALL_OPEN = message("{cells:The only cell is not|Neither cell is|None of the # cells is} filled in.")
PAIR = message(
    "No single mistake gives your {name}, but these two together do, to the last cell:"
    " {one}; and {two}."
)
PARTLY = message(
    "As far as it is filled in, your {name} is what comes out of this mistake: {title}."
)
PARTLY_PAIR = message(
    "As far as it is filled in, no single mistake gives your {name}, but these two together do:"
    " {one}; and {two}."
)
NEARLY = message(
    "All but {besides:one|#} of the wrong cells are what comes out of this mistake: {title}."
)
BESIDES = message("It does not explain {cells}: look there too.")
SPEAK = message(
    "{wrong:Only one cell speaks for it, so take it as a likely guess.|Both wrong cells speak for"
    " it.|All # wrong cells speak for it.}"
)
ALL_SPEAK = message(
    "{cells:The cell that you handed in speaks|Both cells that you handed in speak|All # cells that"
    " you handed in speak} for it."
)
CONVENTION = message(
    "Your {name} is right under another convention, {convention}; here it counts as wrong unless"
    " --accept {convention} is given."
)
CONVENTION_OF = message("{frameworks} have it so.")
CONVENTION_OF_ONE = message("{frameworks} has it so.")
TIMES = message("Your {name} is {factor} times the right one everywhere.")
PART = message("Your {name} is {factor} of the right one everywhere.")
CAUSES = message("What usually makes this factor here: {causes}.")
NO_CAUSE = message("No number of this problem is that factor: look for a constant in your work.")
FOLLOWS = message(
    "It is not the true one, and right all the same: it follows from your own {earlier}."
)
TOLD_APART_ONE = message("This problem's numbers cannot tell it from another mistake: {others}.")
TOLD_APART = message("This problem's numbers cannot tell it from these other mistakes: {others}.")
EVIDENCE = message("For example, {cell} is {given} in your answer and should be {expected}.")
OVERLAP = message("See step {step}, cell {cell}, where {before} + {value} should be {total}.")
UNEXPLAINED = message(
    "No known mistake gives just these numbers; each wrong cell needs another look."
)
UNEXPLAINED_SO_FAR = message(
    "What is filled in tells of no known mistake; each wrong cell needs another look."
)
WRONG_SHAPE = message("wrong shape")
SHAPE = message("Your {name} has the shape {given}; {expected} is expected, {why}.")
SHAPE_COMES_OF = message("That shape comes out of: {titles}.")
SHAPE_RIGHT_NUMBERS = message("The numbers are right, one after the other; only the shape is not.")
NOT_HANDED_IN = message("Not handed in, and not marked: {names}.")
SCORE = message("{score} of {max_score} cells {score:is|are} right.")
ALL_RIGHT = message("Everything is right: {score} of {max_score:# cell|# cells}.")
LIKELY = message("What most likely happened")
LIKELY_SLIPS = message("A closer look at the wrong cells")
NOT_TOLD_APART = message("This problem's numbers cannot tell these apart.")
MORE_FIT = message("… and {count} more that fit as well; --format json names them all.")
MORE_SLIPS = message("… and {count:# more wrong cell|# more wrong cells}.")
YOURS = message("{name}, yours")
EXPECTED = message("{name}, expected")
ARTICLE = message("Read again: {article}.")
WHICH_ARTICLE = message("The article is 卷积神经网络的反向传播 by Alex_McAvoy (2023).")
WORKED_OUT = message("The first wrong cell, worked out")
THIS_WORKED_OUT = message("This cell, worked out")
HIDDEN = message("--hide-solution keeps the full working back: hint level 2 is shown")

WHY_SHAPE = {
    "loss": message("one number for the whole network"),
    "dA_prev": message("the shape of A_prev, as every cell of the input has its own gradient"),
    "dZ_prev": message("the shape of Z_prev, as every cell has its own gradient"),
    "dW": message("the shape of W, as every weight has its own gradient"),
    "db": message("one number for each output channel"),
    "W": message("the shape of W before the update"),
    "b": message("the shape of b before the update"),
    "Z": message("as it follows from the shapes of A_prev and W and the settings"),
    "A": message("as it follows from the shape of A_prev, the window and the settings"),
}
"""Why a result has the shape that it has."""
