"""The transparency log on disk: entries, signed checkpoint, one sequencer, recovery.

ledger/entries       every leaf: two bytes of length, then its bytes (256 of them are a C2SP tlog-tiles bundle)
ledger/checkpoint    signed note: origin, number of leaves, root hash
ledger/log.vkey      public key of the log
ledger/log.vkey.was- signed notes: which key came in the place of an earlier one, and when
ledger/intent        which bytes the running append adds: what recovery needs to tell a whole group from half of one
ledger/lock          held by the one sequencer
"""

from goedebuur.store.ledger.log import Ledger

__all__ = ["Ledger"]
