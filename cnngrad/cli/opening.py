"""`--open`: pages that a command has written, shown in the browser."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..core.errors import UsageError
from ..core.text import say
from .streams import tell


@contextmanager
def pages_opened(wanted: bool, others: Mapping[str, Any]) -> Iterator[None]:
    """Show the pages that a command writes, once they are there.

    Raises
    ------
    UsageError
        It is asked to write none.
    """
    pages = [path for path in others.get("output") or () if Path(path).suffix.lower() == ".html"]
    if wanted and not pages:
        raise UsageError(
            say("--open shows a page, and none is written."),
            fix=say("add --output FILE.html"),
        )
    yield
    if wanted:
        import webbrowser

        for page in pages:
            if not webbrowser.open(Path(page).resolve().as_uri()):
                tell(say("There is no browser here; open {page} in one.", page=page))
