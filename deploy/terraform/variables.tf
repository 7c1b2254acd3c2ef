variable "environment" {
  description = "staging or production: a state, a network and a database of its own."
  type        = string

  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "environment must be staging or production."
  }
}

variable "region" {
  description = "Where everything is."
  type        = string
  default     = "ap-northeast-2"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the name of one, such as ap-northeast-2."
  }
}

variable "domain" {
  description = "The name under which people reach Tika."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\\.[a-z]{2,}$", var.domain))
    error_message = "domain must be a name such as tika.example.com, without https:// and path."
  }
}

variable "certificate_arn" {
  description = "The certificate of that name in ACM, in the same region."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.certificate_arn))
    error_message = "certificate_arn must be one of ACM: arn:aws:acm:REGION:ACCOUNT:certificate/ID."
  }
}

variable "image" {
  description = "The first image by its digest; deployments replace it without Terraform (deploy/pipeline/release.py)."
  type        = string

  validation {
    condition     = can(regex("^[\\w./:-]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image must be named by its digest: ghcr.io/example/tika@sha256:..."
  }
}

variable "github_repository" {
  description = "OWNER/NAME of the repository whose workflows may deploy."
  type        = string

  validation {
    condition     = can(regex("^[\\w.-]+/[\\w.-]+$", var.github_repository))
    error_message = "github_repository must be OWNER/NAME, without a wildcard."
  }
}

variable "github_provider_exists" {
  description = "Whether the account has the identity provider of GitHub Actions already; it can have one only."
  type        = bool
  default     = false
}

variable "cidr" {
  description = "The addresses of the network; a /16 leaves room for everything below."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrnetmask(var.cidr)) ? tonumber(split("/", var.cidr)[1]) <= 20 : false
    error_message = "cidr must be a network of IPv4 addresses, /20 or larger."
  }
}

variable "zones" {
  description = "Availability zones; two at least, so that one may fail."
  type        = list(string)

  validation {
    condition     = length(var.zones) >= 2 && length(var.zones) <= 4 && length(distinct(var.zones)) == length(var.zones)
    error_message = "zones must name two to four different ones."
  }
}

variable "database" {
  description = "PostgreSQL: class, gigabytes now and at most, days of point-in-time recovery."
  type = object({
    class       = optional(string, "db.t4g.medium")
    version     = optional(string, "17")
    storage     = optional(number, 50)
    storage_max = optional(number, 500)
    backup_days = optional(number, 14)
  })
  default = {}

  validation {
    condition     = contains(["16", "17", "18"], split(".", var.database.version)[0])
    error_message = "database.version must be PostgreSQL 16, 17 or 18: Tika needs 16 at least."
  }

  validation {
    condition     = var.database.backup_days >= 7 && var.database.backup_days <= 35
    error_message = "database.backup_days must be 7 to 35."
  }

  validation {
    condition     = var.database.storage >= 20 && var.database.storage_max >= var.database.storage
    error_message = "database.storage must be 20 GB at least, and storage_max not less than it."
  }
}

variable "database_ca" {
  description = "Where the image has the PEM of AWS's authorities (global-bundle.pem); without it traffic is encrypted and the server not verified."
  type        = string
  default     = null
}

variable "processes" {
  description = "How many of each process, with how much: cpu in 1/1024 of a core, memory in MiB."
  type = object({
    web    = optional(object({ min = optional(number, 2), max = optional(number, 8), cpu = optional(number, 512), memory = optional(number, 1024) }), {})
    live   = optional(object({ min = optional(number, 2), max = optional(number, 4), cpu = optional(number, 256), memory = optional(number, 512) }), {})
    worker = optional(object({ min = optional(number, 1), max = optional(number, 2), cpu = optional(number, 256), memory = optional(number, 512) }), {})
  })
  default = {}

  validation {
    condition     = alltrue([for process in values(var.processes) : process.min >= 1 && process.max >= process.min])
    error_message = "processes: min must be 1 at least, and max not less than it."
  }

  validation {
    condition     = var.processes.web.min >= 2 && var.processes.live.min >= 2
    error_message = "processes: web and live need two at least, or a deployment interrupts people."
  }
}

variable "redis" {
  description = "ElastiCache for limits and fan-out that several web and live processes share."
  type = object({
    enabled = optional(bool, false)
    class   = optional(string, "cache.t4g.small")
  })
  default = {}
}

variable "monthly_budget" {
  description = "US dollars a month; at 80 % expected and at 100 % spent somebody is told."
  type        = number
  default     = 500

  validation {
    condition     = var.monthly_budget > 0
    error_message = "monthly_budget must be more than 0."
  }
}

variable "alarm_emails" {
  description = "Who is told of alarms and of the budget."
  type        = list(string)

  validation {
    condition     = length(var.alarm_emails) > 0 && alltrue([for one in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+$", one))])
    error_message = "alarm_emails must name one address at least."
  }
}

variable "log_days" {
  description = "How long the logs are kept."
  type        = number
  default     = 90

  validation {
    condition     = contains([30, 60, 90, 120, 180, 365, 400], var.log_days)
    error_message = "log_days must be 30, 60, 90, 120, 180, 365 or 400."
  }
}

variable "cost_center" {
  description = "Whom it is billed to; a tag on everything."
  type        = string
  default     = "tika"
}

variable "tags" {
  description = "More tags on everything."
  type        = map(string)
  default     = {}
}

variable "endpoint" {
  description = "The address of an emulator of AWS, for trials."
  type        = string
  default     = null

  validation {
    condition     = var.endpoint == null ? true : can(regex("^http://(127\\.0\\.0\\.1|localhost)(:[0-9]+)?$", var.endpoint))
    error_message = "endpoint must be one of this machine; for AWS itself leave it out."
  }
}
