"""How a service's cases are kept sealed in git: bytes, keys and signatures, and nothing of what a record says.

What git stores of a case is text that says what it is and holds the file under the case's own key. A filter
that git itself runs seals on the way in and opens on the way out, so that the folder reads plain for whoever
has the key and stays locked for whoever has not. Keys are wrapped to people in a store outside git's history;
who has access is a signed record inside it.

Most of what runs here runs inside git, for every file and in every hook: `entry` is started by git, and
imports only what it needs.
"""

MARK = b"arpc-sealed: "
"""How every sealed file begins."""


def is_sealed(raw: bytes) -> bool:
    """Whether bytes claim to be a sealed file."""
    return raw.startswith(MARK)
