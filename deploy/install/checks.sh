# shellcheck shell=sh
# Is the machine fit? Each check passes, warns or fails, and says what to do about it.

number() { case $1 in '' | *[!0-9]*) printf 0 ;; *) printf '%s' "$1" ;; esac; }

# less WHAT HAVE LEAST GOOD UNIT FIX
enough() {
    have=$(number "$2")
    if [ "$have" -lt "$3" ]; then
        fail "$1: $have $5, at least $3 are needed" "$6"
    elif [ "$have" -lt "$4" ]; then
        warn "$1: $have $5; $4 or more are comfortable" "$6"
    else
        pass "$1: $have $5"
    fi
}

check_machine() {
    check_architecture
    check_kernel
    enough "processors" "$(getconf _NPROCESSORS_ONLN 2>/dev/null)" 1 2 "cores" "give the machine more processors"
    memory=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo 2>/dev/null)
    enough "memory" "$(($(number "$memory") / 1024))" 900 1800 "MB" "give the machine more memory: 2 GB are enough for a team"
    check_clock
    enough "entropy" "$(cat /proc/sys/kernel/random/entropy_avail 2>/dev/null)" 64 200 "bits" "install haveged or rng-tools: secrets need chance"
    check_folder
}

check_architecture() {
    case $(uname -m) in
    x86_64 | amd64 | aarch64 | arm64) pass "architecture: $(uname -m)" ;;
    *) fail "architecture: $(uname -m)" "use a machine with x86-64 or arm64; for others there is no image" ;;
    esac
}

check_kernel() {
    release=$(uname -r)
    major=$(number "${release%%.*}")
    if [ "$(uname -s)" != Linux ]; then
        warn "kernel: $(uname -s) $release" "for a team use Linux; here Docker Desktop must be allowed enough memory"
    elif [ "$major" -lt 4 ]; then
        fail "kernel: $release" "upgrade to a system with Linux 4.18 or newer"
    else
        pass "kernel: $release"
    fi
}

# Sessions, certificates and the log trust the clock.
check_clock() {
    fix="switch time synchronisation on: timedatectl set-ntp true, or install chrony"
    built=$(date -r Caddyfile +%s 2>/dev/null || echo 0)
    if [ "$(date +%s)" -lt "$(($(number "$built") - 86400))" ]; then
        fail "clock: $(date -u) is before this version was made" "$fix"
    elif [ "$(timedatectl show -p NTPSynchronized --value 2>/dev/null)" = yes ]; then
        pass "clock: synchronised"
    else
        warn "clock: nobody says that it is synchronised" "$fix"
    fi
}

check_folder() {
    free=$(df -Pk . | awk 'NR == 2 {print int($4 / 1024)}')
    enough "disk of this folder" "$free" 200 1000 "MB" "free some space"
    probe=.probe.$$
    if ! (umask 077 && : >"$probe") 2>/dev/null; then
        fail "this folder: cannot be written" "install as a user who owns $PWD"
        return
    fi
    chmod 600 "$probe"
    mine=$(find "$probe" -perm 600)
    rm -f "$probe"
    if [ -n "$mine" ]; then
        pass "this folder: keeps the modes of files"
    else
        fail "this folder: does not keep the modes of files" "install on a file system of the machine's own; secrets must be readable by one account"
    fi
}

check_docker() {
    if ! command -v docker >/dev/null 2>&1; then
        fail "docker: not found" "install Docker Engine: https://docs.docker.com/engine/install/"
        return
    fi
    if ! docker info >/dev/null 2>&1; then
        fail "docker: its engine does not answer" "start it (systemctl start docker), or install as a user of the group docker"
        return
    fi
    version=$(docker version --format '{{.Server.Version}}')
    enough "docker engine" "${version%%.*}" 20 23 "(major version)" "upgrade Docker Engine"
    case $compose in
    "") fail "compose: not found" "install docker-compose-plugin (compose 2), or docker-compose 1.29" ;;
    *) check_compose ;;
    esac
    check_docker_disk
    check_limits
    check_ports
    check_earlier
}

check_compose() {
    version=$($compose version --short 2>/dev/null)
    version=${version#v}
    if [ "$(number "${version%%.*}")" -ge 2 ] || [ "${version#1.29}" != "$version" ]; then
        pass "compose: $version"
    else
        fail "compose: $version" "upgrade to compose 2 (docker-compose-plugin) or docker-compose 1.29"
    fi
}

check_docker_disk() {
    place=$(docker info --format '{{.DockerRootDir}}')
    # The engine may be another machine's, whose disk cannot be seen from here.
    [ -d "$place" ] || place=.
    free=$(df -Pk "$place" | awk 'NR == 2 {print int($4 / 1048576)}')
    enough "disk of docker ($place)" "$free" 3 10 "GB" "free some space, or give docker a larger disk (data-root)"
    free=$(df -Pi "$place" | awk 'NR == 2 {print $4}')
    [ "$free" != - ] && [ "$free" != 0 ] || free=1000000
    enough "inodes of docker" "$free" 20000 100000 "free" "delete what nobody needs: docker system prune"
}

check_limits() {
    if docker info 2>&1 | grep -q 'No memory limit support'; then
        warn "limits of memory: the kernel does not hold them" "boot with cgroup_enable=memory swapaccount=1"
    else
        pass "limits of memory are held"
    fi
}

# listens PORT: somebody has it open, by /proc/net, for no tool is everywhere.
listens() {
    hex=$(printf ':%04X' "$1")
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port="$hex" '$4 == "0A" && substr($2, length($2) - 4) == port {found = 1} END {exit !found}'
}

check_ports() {
    mine=$(docker ps --filter "label=com.docker.compose.service=caddy" --format '{{.Ports}}')
    for port in "$HTTP_PORT" "$HTTPS_PORT"; do
        if [ "$(number "$port")" -lt 1 ] || [ "$port" -gt 65535 ]; then
            fail "port $port: is none" "set HTTP_PORT and HTTPS_PORT in .env to numbers"
        elif ! listens "$port"; then
            pass "port $port: free"
        elif printf '%s' "$mine" | grep -q ":$port->"; then
            pass "port $port: has this installation's proxy"
        else
            fail "port $port: somebody listens there" "stop that server, or set HTTP_PORT and HTTPS_PORT in .env"
        fi
    done
}
