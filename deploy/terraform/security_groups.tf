# Who may talk to whom. Everybody reaches the load balancer on 443 and 80; it reaches web and live; tasks reach the data.
resource "aws_security_group" "balancer" {
  name        = "${local.name}-balancer"
  description = "The load balancer"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${local.name}-balancer" }
}

resource "aws_vpc_security_group_ingress_rule" "balancer" {
  for_each = toset(["80", "443"])

  security_group_id = aws_security_group.balancer.id
  description       = "People; 80 answers with the address of 443"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "balancer" {
  for_each = local.ports

  security_group_id            = aws_security_group.balancer.id
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  referenced_security_group_id = aws_security_group.tasks.id
}

resource "aws_security_group" "tasks" {
  name        = "${local.name}-tasks"
  description = "Tika's processes"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${local.name}-tasks" }
}

resource "aws_vpc_security_group_ingress_rule" "tasks" {
  for_each = local.ports

  security_group_id            = aws_security_group.tasks.id
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  referenced_security_group_id = aws_security_group.balancer.id
}

# The registry, webhooks, mail, single sign-on: where they are is not known here. The data's own groups let in what they know.
resource "aws_vpc_security_group_egress_rule" "tasks" {
  security_group_id = aws_security_group.tasks.id
  description       = "Out"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

locals {
  ports = { web = 8000, live = 8001 }
  # What the tasks may reach where the data is, and nobody else.
  data_ports = merge({ database = 5432, files = 2049 }, var.redis.enabled ? { redis = 6379 } : {})
}

resource "aws_security_group" "data" {
  for_each = local.data_ports

  name        = "${local.name}-${each.key}"
  description = "Tika's ${each.key}"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${local.name}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "data" {
  for_each = local.data_ports

  security_group_id            = aws_security_group.data[each.key].id
  description                  = "From Tika's processes"
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  referenced_security_group_id = aws_security_group.tasks.id
}
