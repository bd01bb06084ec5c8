"""Managing the people who may sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from goedebuur.store.accounts.models import User
from goedebuur.store.casework.memberships import Membership


class _Creation(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email",)


class _Change(UserChangeForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = "__all__"


class _Roles(admin.TabularInline):  # type: ignore[type-arg]
    """The roles of one person. One that ends stays as a row: it is never deleted."""

    model = Membership
    extra = 0
    can_delete = False


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]
    """The list and the form of users."""

    form = _Change
    add_form = _Creation
    ordering = ("email",)
    list_display = ("email", "name", "organisation", "is_staff", "is_active")
    list_filter: ClassVar = ("is_staff", "is_superuser", "is_active", "groups")
    search_fields = ("email", "name", "organisation")
    readonly_fields = ("last_login", "joined")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("name", "organisation")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Moments"), {"fields": ("last_login", "joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> tuple[type[Any], ...]:
        """Return the table of roles, for an account that is there already."""
        return (_Roles,) if obj is not None else ()
