from hypothesis import given
from hypothesis import strategies as st

from bucketpass.files.tree_drawing import tree_lines


def test_folders_and_files_in_order():
    """Each segment once, the last of a folder with a corner."""
    assert list(tree_lines(["b/c/d", "a", "b/e"])) == [
        "├── a",
        "└── b/",
        "    ├── c/",
        "    │   └── d",
        "    └── e",
    ]


def test_an_object_and_a_folder_of_one_name():
    """S3 has both; so has the tree."""
    assert list(tree_lines(["a", "a/b", "empty/"])) == [
        "├── a",
        "├── a/",
        "│   └── b",
        "└── empty/",
    ]


def test_names_are_shown_as_told():
    """Segment by segment."""
    assert list(tree_lines(["x/y"], str.upper)) == ["└── X/", "    └── Y"]


def test_the_deepest_key():
    """A thousand empty folders are drawn like others."""
    assert len(list(tree_lines(["/" * 1024]))) == 1024


@given(st.lists(st.text(alphabet="ab/", min_size=1, max_size=8)))
def test_a_line_for_every_object(names):
    """However the names nest."""
    lines = list(tree_lines(names))
    files = {name for name in names if not name.endswith("/")}
    assert sum(not line.endswith("/") for line in lines) == len(files)
