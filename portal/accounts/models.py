"""People: who they are, what they come for, and the country they speak for."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.countries.models import Country


class Role(models.TextChoices):
    OFFICER = "officer", _("Programme officer")
    OFFICIAL = "official", _("Partner-country official")
    AUDITOR = "auditor", _("Auditor")


class UserManager(BaseUserManager["User"]):
    """Makes people. There is no superuser: nobody stands above the four eyes."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. `actor` is the opaque name that audit entries and seals carry."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("country")
    )
    actor = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role=Role.OFFICIAL, country__isnull=False)
                | (~Q(role=Role.OFFICIAL) & Q(country__isnull=True)),
                name="official_has_country",
                violation_error_message=_("An official speaks for one country; nobody else does."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_officer(self) -> bool:
        return self.role == Role.OFFICER

    @property
    def is_official(self) -> bool:
        return self.role == Role.OFFICIAL

    @property
    def is_auditor(self) -> bool:
        return self.role == Role.AUDITOR

    @property
    def reads_everything(self) -> bool:
        """Officers and auditors read drafts, history and restricted records too."""
        return self.role in {Role.OFFICER, Role.AUDITOR}


def display_name(user: User) -> str:
    """How a person is greeted."""
    return user.name
