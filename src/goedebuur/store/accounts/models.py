"""The user model: a person who signs in with an e-mail address.

It is our own from the first migration, because Django cannot change it later without rewriting every foreign key.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def normal_email(email: str) -> str:
    """Return the address as it is stored: without spaces around it, in lower case.

    >>> normal_email(" Ada@Example.ORG ")
    'ada@example.org'
    """
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Makes users; one address, whatever its capitals, is one person."""

    use_in_migrations = True

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user who signs in with this address."""
        return self.get(email=normal_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Return a new user. Without a password nobody can sign in as this user until one is set."""
        address = normal_email(email)
        if not address:
            raise ValueError("a user has an e-mail address")
        user = self.model(email=address, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Return a new user who may do everything."""
        return self.create_user(email, password, **{**extra, "is_staff": True, "is_superuser": True})


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    organisation = models.CharField(_("organisation"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("may manage"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined = models.DateTimeField(_("since"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("email",)
        constraints = (
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_user_email_lower"),
        )

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Bring the address to its stored form."""
        super().clean()
        self.email = normal_email(self.email)

    def get_full_name(self) -> str:
        """Return the name, or the address where there is none."""
        return self.name or self.email

    def get_short_name(self) -> str:
        """Return the same as the full name: names are not cut."""
        return self.get_full_name()
