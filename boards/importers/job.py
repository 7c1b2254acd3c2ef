"""What the work on an import needs to know, whether it comes from a row or from a command line."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from boards.models.importing import Import
from tenancy.context import Actor


@dataclass(frozen=True)
class Job:
    """`files` is a folder or ZIP with attachments; only commands name one."""

    tenant_id: uuid.UUID
    path: Path
    name: str
    source: str = "trello"
    language: str = "en"
    timezone: str = "UTC"
    by_id: uuid.UUID | None = None
    import_id: uuid.UUID | None = None
    attempt: int = 0
    files: Path | None = None

    @property
    def actor(self) -> Actor:
        return Actor("import", str(self.by_id or "tika"))


def upload_path(tenant_id: uuid.UUID, import_id: uuid.UUID) -> Path:
    """Where an uploaded file waits; it holds secrets and is removed as soon as it is no longer needed."""
    return Path(settings.IMPORTS_DIR) / str(tenant_id) / str(import_id)


def job_of(row: Import) -> Job:
    return Job(
        tenant_id=row.tenant_id,
        path=upload_path(row.tenant_id, row.pk),
        name=row.file_name,
        source=row.source,
        language=row.language,
        timezone=row.timezone,
        by_id=row.created_by_id,
        import_id=row.pk,
        attempt=row.attempt,
    )
