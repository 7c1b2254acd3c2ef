"""Twelve installations and more, each as its operator would write it down."""

from typing import Any

BACKUP: dict[str, Any] = {"enabled": True, "keySecret": "tika-backup-key"}
SCALING: dict[str, Any] = {"autoscaling": {"enabled": True}, "live": {"autoscaling": {"enabled": True}}}
SETS: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "small": {
        "replicaCount": 1,
        "live": {"replicaCount": 1},
        "persistence": {"accessMode": "ReadWriteOnce", "size": "5Gi"},
        "ingress": {"className": "", "tls": [], "hosts": [{"host": "tika.local"}]},
    },
    "production": SCALING
    | {
        "image": {"repository": "registry.example.com/tika", "digest": "sha256:" + "0" * 64},
        "monitoring": {"enabled": True, "labels": {"release": "prometheus"}},
        "backup": BACKUP | {"s3": {"url": "s3://backups/tika", "region": "ap-northeast-2", "existingSecret": "bucket"}},
        "mail": {"enabled": True, "from": "Tika <tika@example.com>"},
        "sentry": {"enabled": True},
        "externalDatabase": {"pgbouncer": True},
        "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"cpu": "1", "memory": "512Mi"}},
    },
    "a cluster of CloudNativePG": {"postgresql": {"enabled": True}, "backup": BACKUP, "monitoring": {"enabled": True}},
    "a cluster behind PgBouncer": SCALING | {"postgresql": {"enabled": True, "pooler": {"enabled": True}}},
    "a database elsewhere": {
        "existingSecret": "tika-addresses",
        "networkPolicy": {"database": {"port": 6432, "to": [{"ipBlock": {"cidr": "10.20.0.0/24"}}]}},
        "externalDatabase": {"pgbouncer": True},
    },
    "Redis": {"redis": {"enabled": True, "port": 6380}},
    "backups into a bucket by a role": {
        "backup": BACKUP
        | {
            "s3": {"url": "s3://backups", "endpoint": "https://minio.example.com"},
            "accountAnnotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111111111111:role/tika-backup"},
        }
    },
    "TLS by cert-manager": {
        "ingress": {
            "annotations": {"cert-manager.io/cluster-issuer": "letsencrypt-prod"},
            "hosts": [{"host": "board.example.com"}, {"host": "tika.example.org"}],
            "tls": [{"secretName": "board-tls", "hosts": ["board.example.com", "tika.example.org"]}],
        },
        "trustedProxies": 2,
    },
    "another ingress controller": {
        "ingress": {
            "className": "haproxy",
            "liveAnnotations": {"haproxy.org/timeout-server": "1h"},
        },
        "networkPolicy": {"ingressController": {"namespaceSelector": {"matchLabels": {"name": "haproxy"}}}},
    },
    "a gateway": {
        "ingress": {"enabled": False, "hosts": [{"host": "tika.example.com"}]},
        "gateway": {"enabled": True, "parentRefs": [{"name": "public", "namespace": "gateways"}]},
    },
    "seen from outside": {
        "monitoring": {"enabled": True},
        "tracing": {"endpoint": "http://collector.monitoring:4318"},
        "sentry": {"enabled": True},
    },
    "scaled by open streams": {
        "autoscaling": {"enabled": True, "minReplicas": 4, "maxReplicas": 20},
        "live": {"autoscaling": {"enabled": True, "streamsPerPod": 2000}},
        "externalDatabase": {"pgbouncer": True},
    },
    "no network policies": {"networkPolicy": {"enabled": False}, "exporter": {"enabled": False}},
    "a site without internet": {
        "image": {"registry": "registry.internal:5000", "repository": "tika/tika", "pullPolicy": "Never"},
        "imagePullSecrets": [{"name": "registry-internal"}],
        "ingress": {
            "hosts": [{"host": "tika.internal"}],
            "tls": [{"secretName": "internal", "hosts": ["tika.internal"]}],
        },
    },
    "Korean, for those invited": {"language": "ko", "signup": "invited", "extraEnv": {"TIKA_FILE_MAX_MB": "100"}},
    "subdomains for workspaces": {
        "tenantDomain": "tika.example.com",
        "ingress": {
            "hosts": [{"host": "tika.example.com"}, {"host": "*.tika.example.com"}],
            "tls": [{"secretName": "wild", "hosts": ["tika.example.com", "*.tika.example.com"]}],
        },
    },
    "canary": SCALING | {"rollout": {"strategy": "canary"}, "monitoring": {"enabled": True}},
    "blue-green": {"rollout": {"strategy": "blueGreen"}, "monitoring": {"enabled": True}},
    "nothing is kept": {"persistence": {"enabled": False}},
}
# (what somebody wrote, what the refusal names)
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a name that is none": ({"replicaCuont": 2}, "replicaCuont"),
    "a word for a number": ({"replicaCount": "three"}, "/replicaCount"),
    "a tag that moves": ({"image": {"tag": "latest"}}, "/image/tag"),
    "a digest that is none": ({"image": {"digest": "sha256:abc"}}, "/image/digest"),
    "a password": ({"postgresql": {"auth": {"password": "hunter2"}}}, "auth"),
    "a secret among settings": ({"extraEnv": {"TIKA_SECRET_KEY": "hunter2"}}, "TIKA_SECRET_KEY"),
    "an address among settings": ({"extraEnv": {"DATABASE_URL_WORKER": "postgres://x"}}, "DATABASE_URL_WORKER"),
    "one pod to scale down to": ({"autoscaling": {"minReplicas": 1}}, "/autoscaling/minReplicas"),
    "memory to scale by": (
        {"autoscaling": {"targetMemoryUtilizationPercentage": 80}},
        "targetMemoryUtilizationPercentage",
    ),
    "a language nobody speaks here": ({"language": "fr"}, "/language"),
    "no limit of memory": (
        {"resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": None}}},
        "/resources/limits",
    ),
    "backups without a key": ({"backup": {"enabled": True}}, "/backup/keySecret"),
    "a bucket that is an address": ({"backup": {"s3": {"url": "https://bucket"}}}, "/backup/s3/url"),
    "a host with its scheme": ({"ingress": {"hosts": [{"host": "https://tika.example.com"}]}}, "/ingress/hosts/0/host"),
    "a gateway nobody knows": ({"gateway": {"enabled": True}}, "/gateway/parentRefs"),
    "mail from nobody": ({"mail": {"enabled": True}}, "/mail/from"),
    "a chart of somebody else's": ({"postgresql": {"primary": {}}}, "primary"),
    "connections nobody grants": (
        {"postgresql": {"enabled": True, "maxConnections": 60}},
        "postgresql.maxConnections is 60",
    ),
}
