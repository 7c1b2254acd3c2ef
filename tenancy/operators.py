"""The operators' workspace: in every installation, the tenant that what concerns the whole of it belongs to.

So an operator's grant, a maintenance window or an override is walled and logged like any tenant's rows, and the
operators have a board of their own. It is made by a migration, with an id that every process knows without asking.
"""

import uuid
from typing import Final

OPERATORS_ID: Final = uuid.UUID("00000000-0000-7000-8000-000000000001")
OPERATORS_SLUG: Final = "ops"
