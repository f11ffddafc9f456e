# Redis alone, as a cluster, and with sentinels, for scripts/servers.

sentinel_name=hongyan
slots=16384

redis_is_there() { has redis-server && has redis-cli; }
needs_redis() { need Redis redis_is_there redis-server; }

# ask PORT COMMAND...
ask() { timeout 5 redis-cli -h 127.0.0.1 -p "$1" "${@:2}" 2>/dev/null || true; }

# has_said PORT LINE COMMAND...: whether the answer has that line.
has_said() { ask "$1" "${@:3}" | tr -d '\r' | grep -qx "$2"; }

answers() { has_said "$1" PONG ping; }

# redis_launch MEMBER PORT SETTING...: writes its file only once, because Redis changes it when roles change.
redis_launch() {
  local member="$1" its_port="$2"
  shift 2
  fresh_port port "$its_port" --port
  mkdir -p "$directory/$member"
  if [ ! -e "$directory/$member/redis.conf" ]; then
    printf '%s\n' "bind 127.0.0.1" "port $its_port" "dir \"$directory/$member\"" "$@" >"$directory/$member/redis.conf"
  fi
  launch "$member" redis-server "$directory/$member/redis.conf" ${mode[@]+"${mode[@]}"} \
    ${server_options[@]+"${server_options[@]}"}
}

# Whether the selected members answer; for servers with ports in the order of all members.
all_answer() {
  local at
  for at in "${!all_members[@]}"; do
    case " ${members[*]} " in *" ${all_members[at]} "*) answers "${ports[at]}" || return 1 ;; esac
  done
}

# Acknowledged writes survive the end of the process.
durable=("appendonly yes" "appendfsync everysec" 'save ""')
mode=()

# --- One --------------------------------------------------------------------------------------------------------

redis_members() { members=(redis); }
redis_ports() { port="$(port_of port "$port" 6379)"; }
redis_line() { say "uri=redis://127.0.0.1:$port host=127.0.0.1 port=$port"; }
redis_is_ready() { answers "$port"; }

redis_start() {
  needs_redis
  keep_ports "port=$port"
  redis_launch redis "$port" "${durable[@]}"
}

# --- Cluster ----------------------------------------------------------------------------------------------------

redis_cluster_members() { members=(node-1 node-2 node-3); }

# Sets ports and bus_ports, both in the order of all members.
redis_cluster_ports() {
  local first="$port" at=0 member
  ports=() bus_ports=()
  for member in "${all_members[@]}"; do
    ports+=("$(port_of "$member" "$(next_port "$first" "$at")" $((7001 + at)))")
    bus_ports+=("$(port_of "$member-bus" "$(next_port "$first" $((at + 10000)))" $((17001 + at)))")
    at=$((at + 1))
  done
}

# next_port FIRST DISTANCE: an empty FIRST and 0 stay as they are.
next_port() {
  if [ -z "$1" ] || [ "$1" = 0 ]; then printf '%s' "$1"; else printf '%s' $(($1 + $2)); fi
}

redis_cluster_line() {
  local list
  list="$(printf ',127.0.0.1:%s' "${ports[@]}")"
  say "nodes=${list:1}"
}

redis_cluster_is_ready() {
  local its_port
  if [ ${#members[@]} -lt 3 ]; then all_answer; return; fi
  for its_port in "${ports[@]}"; do
    has_said "$its_port" cluster_state:ok cluster info && has_said "$its_port" cluster_known_nodes:3 cluster info \
      && has_said "$its_port" "cluster_slots_ok:$slots" cluster info || return 1
  done
}

redis_cluster_start() {
  needs_redis
  local at member new=no
  for at in 0 1 2; do
    keep_ports "${all_members[at]}=${ports[at]}" "${all_members[at]}-bus=${bus_ports[at]}"
  done
  for at in 0 1 2; do
    member="${all_members[at]}"
    case " ${members[*]} " in *" $member "*) ;; *) continue ;; esac
    if running "$member"; then continue; fi
    redis_launch "$member" "${ports[at]}" "${durable[@]}" "cluster-enabled yes" "cluster-port ${bus_ports[at]}" \
      "cluster-config-file nodes.conf" "cluster-node-timeout 2000"
  done
  if [ ${#members[@]} = 3 ] && [ ! -e "$directory/joined" ]; then
    await_that all_answer
    redis_cluster_join
    await_ready
    : >"$directory/joined"
  fi
}

redis_cluster_join() {
  local at bounds=(0 5461 10923 "$slots")
  for at in 0 1 2; do
    ask "${ports[at]}" cluster set-config-epoch $((at + 1)) >/dev/null
    ask "${ports[at]}" cluster addslotsrange "${bounds[at]}" $((bounds[at + 1] - 1)) >/dev/null
    ask "${ports[at]}" cluster meet 127.0.0.1 "${ports[0]}" "${bus_ports[0]}" >/dev/null
  done
  ask "${ports[0]}" cluster meet 127.0.0.1 "${ports[1]}" "${bus_ports[1]}" >/dev/null
}

# --- Sentinel ---------------------------------------------------------------------------------------------------

redis_sentinel_members() {
  local count="$sentinels" number
  if [ -e "$directory/sentinels" ]; then count="$(cat "$directory/sentinels")"; fi
  sentinels="${count:-3}"
  members=(master replica)
  for ((number = 1; number <= sentinels; number++)); do members+=("sentinel-$number"); done
}

# Sets ports, in the order of all members; by default the sentinels have the usual port and those behind it.
redis_sentinel_ports() {
  local usual=(26382 26383 26379 26380 26381) order=(3 4 0 1 2) at
  ports=()
  for ((at = 0; at < ${#all_members[@]}; at++)); do
    ports+=("$(port_of "${all_members[at]}" "$(next_port "$port" "${order[at]}")" "${usual[at]}")")
  done
}

redis_sentinel_line() {
  local list
  list="$(printf ',127.0.0.1:%s' "${ports[@]:2}")"
  say "sentinels=${list:1} master=$sentinel_name"
}

replica_is_linked() { has_said "$1" master_link_status:up info replication; }

# One of the two is master, the other follows it, and each sentinel knows all of them.
redis_sentinel_is_ready() {
  local its_port state
  if [ ${#members[@]} -lt ${#all_members[@]} ]; then all_answer; return; fi
  for its_port in "${ports[@]:2}"; do
    state="$(ask "$its_port" sentinel master "$sentinel_name" | tr -d '\r' | paste -s -d' ')"
    case " $state " in *" flags master "*) ;; *) return 1 ;; esac
    case " $state " in *" num-slaves 1 "*) ;; *) return 1 ;; esac
    case " $state " in *" num-other-sentinels $((sentinels - 1)) "*) ;; *) return 1 ;; esac
  done
  replica_is_linked "${ports[0]}" || replica_is_linked "${ports[1]}"
}

redis_sentinel_start() {
  needs_redis
  local at member
  printf '%s\n' "$sentinels" >"$directory/sentinels"
  for at in "${!ports[@]}"; do keep_ports "${all_members[at]}=${ports[at]}"; done
  for at in "${!ports[@]}"; do
    member="${all_members[at]}"
    case " ${members[*]} " in *" $member "*) ;; *) continue ;; esac
    if running "$member"; then continue; fi
    mode=()
    case "$member" in
      master) redis_launch master "${ports[0]}" "${durable[@]}" "repl-diskless-sync-delay 0" ;;
      replica)
        redis_launch replica "${ports[1]}" "${durable[@]}" "repl-diskless-sync-delay 0" \
          "replicaof 127.0.0.1 ${ports[0]}" ;;
      *)
        mode=(--sentinel)
        redis_launch "$member" "${ports[at]}" \
          "sentinel monitor $sentinel_name 127.0.0.1 ${ports[0]} $((sentinels / 2 + 1))" \
          "sentinel down-after-milliseconds $sentinel_name 1000" "sentinel failover-timeout $sentinel_name 5000" ;;
    esac
    # Sentinels ask a master for its replicas when they start, and then rarely.
    if [ "$member" = replica ] && [ ! -e "$directory/sentinel-1" ]; then await_that replica_is_linked "${ports[1]}"; fi
  done
}
