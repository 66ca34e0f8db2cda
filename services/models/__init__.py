"""The tables of the catalogue, and of the applications for its services."""

from services.models.applications import Application, ApplicationEvent, Visit
from services.models.authorities import Authority, Tenure
from services.models.catalogue import (
    LEVA_PER_EURO,
    OWN,
    OWN_TERM_SOURCE,
    Service,
    ServiceDetail,
    ServiceGroup,
    ServiceOffer,
    Settlement,
    Unit,
    UnitMember,
    euro,
)
from services.models.drafts import RepealedAct, ServiceDraft
from services.models.imports import CatalogueImport
from services.models.life_events import LifeEvent, LifeEventService
from services.models.votes import PageVotes

__all__ = [
    "LEVA_PER_EURO",
    "OWN",
    "OWN_TERM_SOURCE",
    "Application",
    "ApplicationEvent",
    "Authority",
    "CatalogueImport",
    "LifeEvent",
    "LifeEventService",
    "PageVotes",
    "RepealedAct",
    "Service",
    "ServiceDetail",
    "ServiceDraft",
    "ServiceGroup",
    "ServiceOffer",
    "Settlement",
    "Tenure",
    "Unit",
    "UnitMember",
    "Visit",
    "euro",
]
