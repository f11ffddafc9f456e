# RocketMQ: programs of bench/servers, for scripts/servers.

built="$root/bench/servers/target"
main_class=io.hongyan.servers.ServersMain
module_options=(--add-exports java.base/jdk.internal.ref=ALL-UNNAMED --add-opens java.base/sun.nio.ch=ALL-UNNAMED
  --add-opens java.base/java.nio=ALL-UNNAMED --add-opens java.base/java.util=ALL-UNNAMED)

rocketmq_members() {
  if [ -e "$directory/apart" ]; then apart=yes; fi
  if [ "$apart" = yes ]; then members=(namesrv broker); else members=(rocketmq); fi
}

rocketmq_ports() {
  namesrv_port="$(port_of namesrv "${namesrv_port:-$port}" 9876)"
  broker_port="$(port_of broker "${broker_port:-$port}" 10911)"
  if [ -e "$directory/proxy" ]; then proxy=yes; fi
  if [ "$proxy" = yes ]; then proxy_port="$(port_of proxy "${proxy_port:-$port}" 8081)"; fi
}

rocketmq_line() {
  local line="namesrv=127.0.0.1:$namesrv_port broker=127.0.0.1:$broker_port"
  if [ "$proxy" = yes ]; then line="$line proxy=127.0.0.1:$proxy_port"; fi
  say "$line"
}

rocketmq_show() {
  cat <<NEXT

Hongyan sends its feed there with
  HONGYAN_ROCKETMQ_NAME_SERVERS=127.0.0.1:$namesrv_port scripts/hongyan start

NEXT
}

rocketmq_is_ready() {
  local member
  for member in "${members[@]}"; do logged "$member" '^ready' || return 1; done
}

rocketmq_build() {
  if [ "${SERVERS_BUILD:-}" = no ]; then
    [ -d "$built/classes" ] && [ -d "$built/lib" ] || fail "bench/servers is not built: there is nothing in $built"
    return 0
  fi
  if [ -e "$built/built" ] && [ -d "$built/lib" ] && [ -z "$(find "$root/bench/servers/pom.xml" \
    "$root/bench/servers/src/main" -type f -newer "$built/built" -print -quit)" ]; then
    return 0
  fi
  command -v mvn >/dev/null || fail "building needs Maven and a JDK (Debian: apt-get install maven openjdk-17-jdk)"
  say "Building (the first time fetches 100 MB of libraries)" >&2
  local started
  started="$(mktemp)"
  (cd "$root" && mvn -q -B -ntp -Dspotless.check.skip=true -pl bench/servers process-classes) >&2 \
    || { rm -f "$started"; fail "the build failed"; }
  touch -r "$started" "$built/built"
  rm -f "$started"
}

# Sets program: Java with the class path. rocketmq_java HEAP [FIRST-OF-THE-CLASS-PATH:]
rocketmq_java() {
  local java options
  java="$(java_program)" || exit 1
  rocketmq_build
  read -ra options <<<"${java_options:--Xmx$1 -XX:+UseSerialGC -XX:TieredStopAtLevel=1}"
  program=("$java" "${options[@]}" "-Drocketmq.log.root=$directory/clients" "${module_options[@]}"
    -cp "${2:-}$built/classes:$built/lib/*" "$main_class")
}

rocketmq_start() {
  local member
  keep_ports "namesrv=$namesrv_port" "broker=$broker_port"
  if [ "$apart" = yes ]; then : >"$directory/apart"; fi
  if [ "$proxy" = yes ]; then keep_ports "proxy=$proxy_port"; : >"$directory/proxy"; fi
  [ "$topics" -gt 0 ] || made+=(--topic hongyan-feed:8)
  for member in "${members[@]}"; do
    if running "$member"; then continue; fi
    "rocketmq_start_$member"
  done
}

rocketmq_start_rocketmq() {
  fresh_port namesrv "$namesrv_port" --port-namesrv
  rocketmq_start_server rocketmq 256m "$directory" broker
}

rocketmq_start_namesrv() {
  fresh_port namesrv "$namesrv_port" --port-namesrv
  rocketmq_start_server namesrv 64m "$directory/namesrv" namesrv --only NAME_SERVER
}

rocketmq_start_broker() { rocketmq_start_server broker 256m "$directory/broker" broker --only BROKER; }

# rocketmq_start_server MEMBER HEAP DIRECTORY PART OPTION...
rocketmq_start_server() {
  local member="$1" heap="$2" its_directory="$3" part="$4" its_port options=()
  shift 4
  options=(rocketmq --directory "$its_directory" --port-namesrv "$namesrv_port" "$@")
  if [ "$part" = broker ]; then
    for its_port in "$broker_port" $((broker_port - 2)); do fresh_port broker "$its_port" --port-broker; done
    options+=(--port-broker "$broker_port" --requests "$directory/requests" "${made[@]}")
    if [ "$proxy" = yes ]; then
      fresh_port proxy "$proxy_port" --port-proxy
      options+=(--proxy --port-proxy "$proxy_port")
    fi
    if [ "$sync_flush" = yes ]; then options+=(--sync-flush); fi
    # For tests: while this file exists the broker refuses messages.
    options+=(--full-while "$directory/full")
  fi
  rocketmq_java "$heap"
  launch "$member" "${program[@]}" "${options[@]}" ${server_options[@]+"${server_options[@]}"}
}

# The server process creates them: starting another program takes longer.
rocketmq_topic() {
  [ ${#made[@]} -gt 0 ] || misused "name topics with --topic NAME:QUEUES, groups with --group NAME"
  local requests="$directory/requests" id="$$-$RANDOM" at
  mkdir -p "$requests"
  for ((at = 0; at < ${#made[@]}; at += 2)); do printf '%s %s\n' "${made[at]#--}" "${made[at + 1]}"; done >"$requests/$id.asked"
  mv "$requests/$id.asked" "$requests/$id.request"
  local deadline=$((SECONDS + ready_seconds_max))
  until [ -e "$requests/$id.done" ] || [ -e "$requests/$id.failed" ]; do
    needs_running
    [ "$SECONDS" -lt "$deadline" ] || fail "not created within $ready_seconds_max s"
    sleep 0.1
  done
  at="$(cat "$requests/$id.failed" 2>/dev/null || true)"
  rm -f "$requests/$id."*
  [ -z "$at" ] || fail "$at"
}

# For tests: a consumer of RocketMQ's remoting client, or with --grpc of its gRPC client, in the foreground.
rocketmq_consume() {
  rocketmq_ports
  local first= address=(--namesrv "127.0.0.1:$namesrv_port")
  case " ${made[*]} " in *" --topic "*" --group "*) ;; *) misused "consume needs --topic NAME --group NAME" ;; esac
  if [ "$grpc" = yes ]; then
    first="$built/grpc-client/*:"
    address=(--grpc "127.0.0.1:$proxy_port")
  fi
  rocketmq_java 128m "$first"
  exec "${program[@]}" consume "${made[@]}" "${address[@]}"
}
