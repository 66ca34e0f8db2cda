from django.contrib import admin

from samokov_portal.reasoned_admin import ReasonedAdmin
from services.entries import index_services
from services.models import (
    Authority,
    LifeEvent,
    LifeEventService,
    RepealedAct,
    Service,
    ServiceDetail,
    ServiceGroup,
    ServiceOffer,
    Settlement,
    Tenure,
    Unit,
    UnitMember,
)


class ServiceDetailInline(admin.TabularInline):
    model = ServiceDetail
    extra = 0


class ServiceOfferInline(admin.TabularInline):
    model = ServiceOffer
    extra = 0


@admin.register(Service)
class ServiceAdmin(ReasonedAdmin):
    """What is published, to be read: editors change it by drafts; by hand only the administrator does."""

    list_display = ("name", "number", "group", "unit")
    list_filter = ("group", "unit", "number_status")
    list_select_related = ("group", "unit")
    search_fields = ("name", "number")
    inlines = (ServiceOfferInline, ServiceDetailInline)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        index_services()


class LifeEventServiceInline(admin.TabularInline):
    model = LifeEventService
    extra = 0
    autocomplete_fields = ("service",)
    ordering = ("position",)


@admin.register(LifeEvent)
class LifeEventAdmin(ReasonedAdmin):
    list_display = ("name", "position")
    ordering = ("position",)
    inlines = (LifeEventServiceInline,)


@admin.register(RepealedAct)
class RepealedActAdmin(ReasonedAdmin):
    list_display = ("called", "until_on", "replaced_by")
    search_fields = ("called",)


@admin.register(Unit)
class UnitAdmin(ReasonedAdmin):
    list_display = ("name", "kind", "parent", "confidence")
    list_filter = ("kind", "confidence")
    list_select_related = ("parent",)


@admin.register(Authority)
class AuthorityAdmin(ReasonedAdmin):
    """Which authorities there are changes with the law, so none is added here."""

    list_display = ("kind", "email", "phone", "confidence")
    ordering = ("position",)
    readonly_fields = ("kind", "position", "is_body")

    def has_add_permission(self, request):
        return False


@admin.register(Tenure)
class TenureAdmin(ReasonedAdmin):
    """Nobody is removed here: who has left has a last day."""

    list_display = ("holder", "authority", "from_on", "until_on", "confidence")
    list_filter = ("authority",)
    list_select_related = ("authority",)
    ordering = ("authority__position", "-from_on")


@admin.register(UnitMember)
class UnitMemberAdmin(ReasonedAdmin):
    list_display = ("user", "unit")
    list_select_related = ("user", "unit")


admin.site.register([ServiceGroup, Settlement], ReasonedAdmin)
