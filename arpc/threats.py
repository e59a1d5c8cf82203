"""Who is kept from reading or changing a sealed case, by what, and what nothing here defends.

In a service that is not sealed none of this holds: whoever has the folder or its history reads it.
"""

import inspect
from typing import NamedTuple

from arpc.sealing import opening


class Threat(NamedTuple):
    """Somebody who should not read or change a case."""

    who: str
    stopped_by: str
    still: str
    """What they get all the same."""


THREATS = (
    Threat(
        "Whoever hosts the git server, or breaks into it",
        "Every file of a case is sealed before git has it (AES-256-SIV under the case's own key), and no key is "
        "ever in git.",
        "Case ids, the names of files (kind and number), their length in steps of 512 bytes, who wrote when, "
        "who may open which case, and messages, which hold ids alone. They can withhold or delete.",
    ),
    Threat(
        "A server that changes, swaps or plants a file",
        "A sealed file that is not to the last byte what was sealed does not open, cannot be committed again, and "
        "is named; one of another case is named too.",
        "Nothing but a refusal.",
    ),
    Threat(
        "A server that takes history back",
        "`arpc save` compares what the server has with what this computer has seen; the key store's newest key has to "
        "be in the signed record; a printed digest (`arpc verify --digest`) finds it years later.",
        "A clone made for the first time cannot know; compare a digest from elsewhere.",
    ),
    Threat(
        "A colleague who does not work on the case",
        "The case's key is wrapped to its people alone (age files to their ssh keys).",
        "What the host of the server sees.",
    ),
    Threat(
        "A colleague who has left the case or the service",
        "`arpc access revoke` goes on under a new key; their wrapped keys are removed.",
        "All that they could read before, if they kept it: copies, prints, the clone with the old key. Nothing can "
        "take that back.",
    ),
    Threat(
        "Whoever keeps the key store",
        "Keys lie there wrapped; one that was exchanged is refused, since its id has to stand in the signed record.",
        "Who is on which case. They can delete, and what is deleted is lost: keep backups, for as long as "
        "`backup_days` says and no longer.",
    ),
    Threat(
        "Somebody who plants a person, or a key for one",
        "Each entry on people is signed by a root person, and the first of them is compared by fingerprint once on "
        "each computer (`arpc access trust`).",
        "Whoever never compared it trusts what they were given.",
    ),
    Threat(
        "The finder of a computer or of a backup",
        "`arpc lock` puts the keys away and leaves sealed text; keys lie in memory and are gone when it is "
        "switched off; the ssh key has a passphrase.",
        "Everything, where it was found unlocked, or where the disk is not encrypted and the folder was not locked. "
        "Drafts in `out/` are named when locking, and stay. Of a case that is open the computer remembers what was "
        "found, in ids, dates and the names of rules, never in names or words; `arpc lock` forgets it.",
    ),
    Threat(
        "A program that knows nothing of sealing, such as another git client",
        "Git's filter is required and set for the whole computer (`arpc install`); what slips past it is refused at "
        "the commit, at the push, and by the server, which needs no keys for that.",
        "Where neither hooks nor a guarded server are, plain text can be pushed.",
    ),
    Threat(
        "A folder that somebody sent",
        "Its own git settings, hooks and attributes never run and are named; links, odd modes and names in paths are "
        "refused.",
        "",
    ),
    Threat(
        "Somebody who works on the case",
        "Signatures say who wrote and who approved; a change afterwards is shown by field.",
        "They read it, and can copy, print and photograph it. Nobody is told who has merely looked.",
    ),
    Threat(
        "Anybody at all, after the end of retention",
        "`arpc shred` destroys the keys in the store: without them the sealed history says nothing, wherever "
        "it lies.",
        "Until the store's backups have run out and every computer has answered it is not complete, and the "
        "certificate says so.",
    ),
    Threat(
        "Somebody with a large quantum computer, one day",
        "What is in git is sealed under random keys of 256 bits, which it does not help with.",
        "A copy of the key store that was kept since today could then be opened: one more reason to keep it out "
        "of git and its backups short.",
    ),
)
LOST = (
    "A lost ssh key: a root person gives you a new one (`arpc access renew`), and a colleague who holds the case "
    "unlocks it once. With fewer than two people on a case, and no recovery key, it is lost for good.",
    "A lost key store: bring it back from its backup. Without one, do not lock and do not switch off: what is "
    "unlocked on a computer now is put into another store by `arpc access store FOLDER`; the rest is lost.",
    "A locked file that is damaged: `git checkout -- FILE` brings it back. Where git has it damaged too, `git log -- "
    "FILE` names the commits, and `git checkout COMMIT -- FILE` brings back an earlier one; tell your lead.",
    "arpc itself lost, or in 75 years: `arpc explain opening` prints a program that opens a case with Python, git "
    "and age alone. Print it, and keep it with the recovery key.",
)
"""What can be lost, and what is done then."""
REFUSED = (
    "A commit is refused since something in it is plain: `git reset` takes nothing from the folder, and `arpc save` "
    "then stores it sealed.",
    "A push is refused since a commit of yours has something plain: `git reset origin/main` takes back what is not "
    "pushed yet and leaves the folder as it is; then `arpc save`. This computer's git still has the plain "
    "text until `git reflog expire --expire=now --all` and `git gc --prune=now`.",
)
"""What is done when git is told to refuse."""
CANNOT = (
    "Git's `add -p` and `blame` of a file in the work tree see sealed text; `blame HEAD -- FILE`, `diff`, `log -p` "
    "and `show --textconv` see plain text. A file that is stored through `git lfs` is refused.",
)
"""What does not work with sealed files."""


def opening_program() -> str:
    """The text of the program that opens a case without arpc."""
    return inspect.getsource(opening)
