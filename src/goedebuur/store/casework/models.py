"""The tables of casework, by subject; Django finds them here."""

from goedebuur.store.casework.alert_models import AlertReader, AlertVersion
from goedebuur.store.casework.case_models import Case, CaseEvent, Party, Publication, Task
from goedebuur.store.casework.drafts import Draft, DraftChange, DraftReading
from goedebuur.store.casework.memberships import Membership
from goedebuur.store.casework.message_models import ApiToken, Attachment, Message, Subscriber

__all__ = [
    "AlertReader",
    "AlertVersion",
    "ApiToken",
    "Attachment",
    "Case",
    "CaseEvent",
    "Draft",
    "DraftChange",
    "DraftReading",
    "Membership",
    "Message",
    "Party",
    "Publication",
    "Subscriber",
    "Task",
]
