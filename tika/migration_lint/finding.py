"""What is wrong with a migration: where, by which rule, why, and what to do instead."""

from dataclasses import asdict, dataclass
from typing import Any

# Rules of ours, and those of squawk whose own advice does not know Django.
NOT_NULL = (
    "add CHECK (column IS NOT NULL) with AddConstraintNotValid, validate it with ValidateConstraint, and set NOT NULL a"
    " release later"
)
REMEDIES = {
    "contract": (
        "take it out of the models in this release (SeparateDatabaseAndState with state_operations alone; make the"
        " column nullable or give it a db_default first) and drop it in the next one"
    ),
    "rename": "add the new one beside it, write to both, fill it with Backfill, and drop the old one a release later",
    "python-default": (
        "give the field a db_default: Django drops a Python default again, and then the INSERT of who does not know the"
        " column fails"
    ),
    "long-lock": (
        "do it without the lock (CONCURRENTLY, in batches), or in an announced maintenance window with the reason here"
    ),
    "unbatched": "use tenancy.backfill.Backfill in a migration of its own with atomic = False",
    "mixed-backfill": "put it into a migration of its own, with atomic = False",
    "no-wall": (
        "inherit from tenancy.base.TenantModel; a table that really belongs to no tenant is named in GLOBAL_TABLES of"
        " tenancy/management/commands/migrate.py"
    ),
    "lock-timeout": "leave it alone: migrate waits 2 seconds for a lock, lets readers through and tries again",
    "released": "leave it as it was released, and write a new migration",
    "removed": "put it back: installations have run it, and squashing needs a replaces= list",
    "bad-allowance": "write # allow(RULE) YYYY-MM-DD: REASON above the operation, for something that is found there",
    "adding-required-field": "make it nullable, or give the field a db_default",
    "adding-not-nullable-field": NOT_NULL,
    "require-concurrent-index-creation": (
        "use AddIndexConcurrently (django.contrib.postgres.operations) in a migration of its own with atomic = False"
    ),
    "require-concurrent-index-deletion": (
        "use RemoveIndexConcurrently (django.contrib.postgres.operations) in a migration of its own with atomic = False"
    ),
    "constraint-missing-not-valid": "use AddConstraintNotValid, and ValidateConstraint in a later migration",
    "adding-foreign-key-constraint": (
        "add it NOT VALID with RunSQL (SeparateDatabaseAndState), and VALIDATE CONSTRAINT in a later migration"
    ),
    "disallowed-unique-constraint": "build the unique index CONCURRENTLY first, then ADD CONSTRAINT ... USING INDEX",
    "changing-column-type": (
        "add a column of the new type beside it, write to both, fill it with Backfill, drop the old one later"
    ),
}


@dataclass(frozen=True, order=True)
class Finding:
    """`path` from the root of the sources, `line` from 1."""

    path: str
    line: int
    rule: str
    reason: str
    advice: str = ""

    @property
    def remedy(self) -> str:
        return REMEDIES.get(self.rule) or self.advice or "see docs/upgrading.md"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.reason}\n    instead: {self.remedy}"

    def as_json(self) -> dict[str, Any]:
        return {**{name: value for name, value in asdict(self).items() if name != "advice"}, "remedy": self.remedy}
