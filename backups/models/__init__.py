from backups.models.archive import Archive
from backups.models.backup import Backup, Kind, State
from backups.models.drill import RestoreDrill

__all__ = ["Archive", "Backup", "Kind", "RestoreDrill", "State"]
