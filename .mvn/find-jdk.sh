# Sourced by mvnw and pillion (". find-jdk.sh"): finds a JDK that is new enough and exports it as JAVA_HOME.
# Order: JAVA_HOME, the java on the PATH, the usual locations. Where possible, the version comes from the JDK's
# "release" file, because starting Java is slow.

jdk_wanted=25

# Prints the version of the JDK in $1. Prints nothing if there is no JDK, or only a JRE.
jdk_version() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$1/release"
  else
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac //p'
  fi
}

# Succeeds if the directory $1 is a JDK that is new enough.
jdk_is_new_enough() {
  jdk_major=$(jdk_version "$1")
  jdk_major=${jdk_major%%[!0-9]*}
  [ "${jdk_major:-0}" -ge "$jdk_wanted" ]
}

# Prints the home of the java on the PATH. It can be a link, or a shim whose target only java itself knows.
jdk_on_path() {
  jdk_java=$(command -v java) || return 0
  while [ -L "$jdk_java" ]; do
    jdk_link=$(readlink "$jdk_java")
    case $jdk_link in
      /*) jdk_java=$jdk_link ;;
      *) jdk_java=${jdk_java%/*}/$jdk_link ;;
    esac
  done
  jdk_home=$(cd "${jdk_java%/*}/.." && pwd -P)
  if [ -r "$jdk_home/release" ]; then
    echo "$jdk_home"
  else
    "$jdk_java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
  fi
}

# Prints why the directory $1 is not suitable.
jdk_problem() {
  if [ -z "$1" ]; then
    echo "not set or not found"
  elif [ -n "$(jdk_version "$1")" ]; then
    echo "$1 is version $(jdk_version "$1")"
  elif [ -x "$1/bin/java" ]; then
    echo "$1 has no javac"
  else
    echo "$1 has no bin/java"
  fi
}

# Exports JAVA_HOME, or prints what is missing and fails. $1: the name of the calling script.
find_jdk() {
  jdk_from_path=
  if [ -n "${JAVA_HOME-}" ] && jdk_is_new_enough "$JAVA_HOME"; then
    return 0
  fi
  jdk_from_path=$(jdk_on_path)
  for jdk_home in \
    "$jdk_from_path" \
    /usr/lib/jvm/* \
    "${SDKMAN_DIR:-${HOME-}/.sdkman}"/candidates/java/* \
    "$(/usr/libexec/java_home -v "$jdk_wanted+" 2>/dev/null)"; do
    if jdk_is_new_enough "$jdk_home"; then
      export JAVA_HOME="$jdk_home"
      return 0
    fi
  done
  cat >&2 <<END
$1: Pillion needs a JDK $jdk_wanted or newer with javac, but found none:
  JAVA_HOME:        $(jdk_problem "${JAVA_HOME-}")
  java on the PATH: $(jdk_problem "$jdk_from_path")
  There is none in /usr/lib/jvm, in SDKMAN's directory or in macOS's java_home either.
Install one (for example Eclipse Temurin), or set JAVA_HOME to its directory.
END
  return 1
}
