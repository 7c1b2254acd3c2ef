"""What the doctor looks at here: settings, the machine, PostgreSQL's own, how this version was delivered."""

from tika.doctor import configured, database, delivery, machine, outside

__all__ = ["configured", "database", "delivery", "machine", "outside"]
