"""Names with slashes as a tree of lines."""

from collections.abc import Callable, Iterable, Iterator

_Folder = dict[str, "_Folder"]
_BRANCH, _LAST, _LINE, _BLANK = "├── ", "└── ", "│   ", "    "


def tree_lines(names: Iterable[str], shown: Callable[[str], str] = str) -> Iterator[str]:
    """The lines of the tree, folders with a slash at their end; `shown` turns a segment to text.

    An object and a folder of the same name are two lines.
    """
    top: _Folder = {}
    for name in names:
        folder = top
        *folders, file = name.split("/")
        for segment in folders:
            folder = folder.setdefault(f"{segment}/", {})
        if file:
            folder.setdefault(file, {})
    yield from _lines(top, shown)


def _lines(top: _Folder, shown: Callable[[str], str]) -> Iterator[str]:
    # no recursion: a key of slashes alone has a thousand segments
    stack = [("", iter(_with_last(top)))]
    while stack:
        indent, entries = stack[-1]
        entry = next(entries, None)
        if entry is None:
            stack.pop()
            continue
        name, folder, is_last = entry
        yield f"{indent}{_LAST if is_last else _BRANCH}{shown(name)}"
        if folder:
            deeper = indent + (_BLANK if is_last else _LINE)
            stack.append((deeper, iter(_with_last(folder))))


def _with_last(folder: _Folder) -> list[tuple[str, _Folder, bool]]:
    names = sorted(folder)
    return [(name, folder[name], name == names[-1]) for name in names]
