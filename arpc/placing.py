"""Which files may lie where in a service folder: under a name that says nothing about anybody.

Git never forgets a path, and paths are never sealed: a name in one would stay for good, for everybody to
read. So everything that a case holds is called by ids alone. The guard on a server, which has neither keys
nor records, knows it from here too.
"""

import re

from arpc.ids import is_case_id

_IN_CASE = re.compile(
    r"(?:case|referral|finished|confirmations|answers)\.yaml"
    r"|people/P-[0-9]{2,4}\.yaml|basis/A-[0-9]{2,4}\.yaml|consents/K-[0-9]{2,4}\.yaml"
    r"|sessions/N-[0-9]{2,4}\.yaml|documents/D-[0-9]{2,4}\.yaml|arrangements/L-[0-9]{2,4}\.yaml"
    r"|escalations/E-[0-9]{2,4}\.yaml|supervision/V-[0-9]{2,4}\.yaml|analysis/J-[0-9]{2,4}\.yaml"
    r"|reports/R-[0-9]{2,4}\.yaml|treatment/T-[0-9]{2,4}\.yaml|followups/F-[0-9]{2,4}\.yaml"
    r"|(?:documents/D|reports/R|sessions/N)-[0-9]{2,4}(?:-[0-9]{1,3})?\.(?!ya?ml\Z)[A-Za-z0-9]{1,8}"
    r"|signed/(?:case|referral|[A-Z]-[0-9]{2,4})(?:\.[a-z]+\.[0-9]{1,3})\.txt(?:\.sig)?"
)
_SETTINGS = r"(?:\.vscode|\.arpc|templates)/.+"
_PLAIN = re.compile(
    r"service\.yaml|register\.yaml|bank-holidays\.json|\.gitignore|\.gitattributes|README(?:\.md)?|LICENSE"
    rf"|{_SETTINGS}"
    r"|access/(?:people|C-[0-9A-Z]{8})/[0-9]{4}\.txt(?:\.sig)?"
    r"|shredded/C-[0-9A-Z]{8}\.txt"
)


IGNORED = (
    "out/",
    ".arpc.lock",
    ".arpc.undo",
    ".*.tmp",
    ".*.sw?",
    "*~",
    "[#]*[#]",
    ".[#]*",
    ".~lock.*",
)
"""What git never keeps, as its ignore rules say it: what is made anew, and what is left behind."""


def is_plain(path: str) -> bool:
    """Whether a file belongs to the service itself, and is never sealed."""
    return bool(_PLAIN.fullmatch(path))


def is_of_case(path: str) -> bool:
    """Whether a file lies in a case under a name that a record, or what lies beside one, may have."""
    top, _, rest = path.partition("/")
    case, _, name = rest.partition("/")
    return top == "cases" and is_case_id(case) and bool(_IN_CASE.fullmatch(name))


def is_settings(path: str) -> bool:
    """Whether a file is for an editor or for arpc itself: a service may have git pass it over."""
    return bool(re.match(_SETTINGS, path))


def has_place(path: str) -> bool:
    """Whether a file may lie where it does in a service folder; paths have forward slashes."""
    return is_plain(path) or is_of_case(path)
