"""Identifiers that are the same on every run.

KiCad gives each thing it draws a random UUID. Ours is the hash of what the thing is, so that a schematic made twice is
the same file twice, and a change shows in a diff as what changed.
"""

import uuid

from .expression import Text

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "meterscope/hardware/boards")


def identifier(*what):
    """The UUID, as text, of what `what` names."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(str(part) for part in what)))


def uuid_of(*what):
    """The `(uuid "…")` of what `what` names."""
    return ["uuid", Text(identifier(*what))]
