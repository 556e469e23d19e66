"""The hop graph: who listens, whom it believes, who sends what to whom.

Everything here is free of products and file formats: profiles and adapters fill it, the walk and
the rules read it. This module gathers the names; they live beside it, one subject a module.
"""

from __future__ import annotations

from truehop.model.graph import HopGraph, Networks
from truehop.model.listeners import Admission, HeaderPolicy, Hop, Listener, TrustEntry, TrustList
from truehop.model.observed import AddressUse, ApiUse, Misuse, Probe, Switch, TlsPolicy, ValueGap
from truehop.model.routes import Backend, Door, Front, Link, Route, Router
from truehop.model.terms import (
    INTERNAL_ONLY,
    PUBLIC_MAIL,
    WELL_KNOWN,
    DoorKind,
    Effect,
    Header,
    Rewrite,
    Role,
    RouterTls,
    Serves,
    Tls,
    TrustUse,
    Untrusted,
    Wire,
)

__all__ = [
    "INTERNAL_ONLY",
    "PUBLIC_MAIL",
    "WELL_KNOWN",
    "AddressUse",
    "Admission",
    "ApiUse",
    "Backend",
    "Door",
    "DoorKind",
    "Effect",
    "Front",
    "Header",
    "HeaderPolicy",
    "Hop",
    "HopGraph",
    "Link",
    "Listener",
    "Misuse",
    "Networks",
    "Probe",
    "Rewrite",
    "Role",
    "Route",
    "Router",
    "RouterTls",
    "Serves",
    "Switch",
    "Tls",
    "TlsPolicy",
    "TrustEntry",
    "TrustList",
    "TrustUse",
    "Untrusted",
    "ValueGap",
    "Wire",
]
