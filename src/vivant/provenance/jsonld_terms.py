"""Words of the Data Privacy Vocabulary (https://w3id.org/dpv) for what our records say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_LISTS: Final = (
    *("dpv:hasPurpose", "dpv:hasPersonalData", "dpv:hasStorageCondition", "dpv:hasRecipient"),
    *("dpv:hasDataController", "dpv:hasConsentStatus", "dpv:isIndicatedBy", "dpv:hasLocation"),
    *("dct:title", "vivant:languages", "vivant:evidence", "vivant:other_kin", "vivant:photos"),
    *("vivant:post_mortem_photos", "vivant:guardians", "vivant:products", "vivant:territories"),
)
"""Properties that hold lists, also where there is only one thing in them."""

CONTEXT: Final[Mapping[str, Any]] = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "loc": "https://w3id.org/dpv/loc#",
    "dct": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "vivant": "urn:vivant:terms:",
    "dpv:isIndicatedAtTime": {"@id": "dpv:isIndicatedAtTime", "@type": "xsd:dateTime"},
    "dct:created": {"@id": "dct:created", "@type": "xsd:dateTime"},
    **{term: {"@id": term, "@container": "@set"} for term in _LISTS},
}
"""Stands in every document, so that no program fetches anything to read it."""

BASES: Final[Mapping[str, str]] = {"dpv:ExplicitConsent": "dpv:ExplicitlyExpressedConsent"}
"""What statements call their basis, and what the vocabulary calls it by now."""

PURPOSES: Final[Mapping[str, str]] = {
    "portrait-film": "dpv:ServiceProvision",
    "voice-likeness": "dpv:ServiceProvision",
    "family-link": "dpv:ServiceProvision",
    "commerce": "dpv:Advertising",
    "training": "dpv:ResearchAndDevelopment",
}
"""The nearest kinds of purpose; what has none is a ``dpv:Purpose``."""

PERSONAL_DATA: Final[Mapping[str, str]] = {
    "photo": "pd:Picture",
    "video": "dpv:PersonalData",
    "voice-recording": "dpv:PersonalData",
    "name": "pd:Name",
    "face-measure": "pd:FacialPrint",
    "voice-measure": "pd:Biometric",
}

STATES: Final[Mapping[str, str]] = {
    "given": "dpv:ConsentGiven",
    "withdrawn": "dpv:ConsentWithdrawn",
    "held": "dpv:ConsentStatusInvalidForProcessing",
    "expired": "dpv:ConsentExpired",
    "erased": "dpv:ConsentInvalidated",
}

SUBJECTS: Final[Mapping[str, str]] = {"guardians": "dpv:Child"}

TEXT_FIELDS: Final = frozenset({"of_age", "public_figure", "viewers_know"})
"""Answers where no is an answer too."""
