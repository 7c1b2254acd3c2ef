"""Browser sessions, which know their user: one statement finds both, and one ends all of a person's."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    user_id = models.UUIDField(null=True, db_index=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        from tenancy.sessions import SessionStore

        return SessionStore
