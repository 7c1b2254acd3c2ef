from tenancy.models.idempotency import IdempotentReply
from tenancy.models.invitation import Invitation
from tenancy.models.membership import Membership, Role
from tenancy.models.session import Session
from tenancy.models.tenant import Tenant
from tenancy.models.token import ApiToken
from tenancy.models.user import User

__all__ = ["ApiToken", "IdempotentReply", "Invitation", "Membership", "Role", "Session", "Tenant", "User"]
