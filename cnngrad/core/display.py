"""How objects show themselves in a notebook: a hook, so that core need know no HTML."""

# Not from typing: this is loaded with the package, before anything needs as much as that.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Renderer = Callable[[object], str]

_find: "Callable[[str], Renderer | None] | None" = None


def show_with(find: "Callable[[str], Renderer | None] | None") -> None:
    """Set where the renderer of a kind of object is found by its name, once a notebook asks."""
    global _find
    _find = find


def html(kind: str, shown: object) -> str | None:
    """An object as HTML; None where nothing can draw it, and a notebook shows its text.

    >>> html("nothing of this kind", 1) is None
    True
    """
    renderer = _find and _find(kind)
    return renderer(shown) if renderer else None
