data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  name     = "tika-${var.environment}"
  account  = data.aws_caller_identity.this.account_id
  emulated = var.endpoint != null
  # What loses data when it is replaced carries this tag; plan_gate.py refuses it.
  stateful = { "tika:stateful" = "true" }

  tags = merge(var.tags, {
    "Project"     = "tika"
    "Environment" = var.environment
    "ManagedBy"   = "terraform"
    "CostCenter"  = var.cost_center
  })
}
