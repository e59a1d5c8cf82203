"""The stages of a case in which a rule has a say, named as rules speak of them."""

from arpc.provisions import Stage

BEFORE_ISSUE = frozenset((Stage.REFERRAL, Stage.ASSESSMENT, Stage.REPORTING))
AFTER_ISSUE = frozenset((Stage.POST_REPORT, Stage.TREATMENT, Stage.FOLLOW_UP))
