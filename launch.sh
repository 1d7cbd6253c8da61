# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What ./multus-eni and infra-cdk/app share; they source it. It finds a JDK, tells whether something is
# as new as its sources, and runs Maven. The caller has set:
#   program   what it is called in messages
#   root      folder of the whole project
: "${program:?}" "${root:?}"

jdk_needed=25

# Ends with a message and the code for bad input.
fail() {
  printf '%s: %s\n' "$program" "$1" >&2
  exit 2
}

# Whether $1 is the home of a JDK that is new enough. The file "release" is there in every JDK and
# spares starting it.
is_jdk() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  version=
  if [ -r "$1/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  fi
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  fi
  [ "${version:-0}" -ge "$jdk_needed" ]
}

# The home of the java that the PATH leads to.
java_home_on_path() {
  on_path=$(command -v java 2>/dev/null) || return 0
  [ -n "$on_path" ] || return 0
  resolved=$(readlink -f "$on_path" 2>/dev/null || printf '%s' "$on_path")
  dirname "$(dirname "$resolved")"
}

# Takes the first of the folders that is a JDK which is new enough; its home is in $jdk then.
take_jdk() {
  for home in "$@"; do
    if [ -n "$home" ] && is_jdk "$home"; then
      jdk=$home
      return 0
    fi
  done
  return 1
}

# Finds a JDK; its home is in $jdk then. MULTUS_ENI_JDKS names the one folder to look into, beside
# JAVA_HOME and the PATH, in place of the usual ones.
find_jdk() {
  on_path_home=$(java_home_on_path)
  if [ -n "${MULTUS_ENI_JDKS:-}" ]; then
    places="$MULTUS_ENI_JDKS/*"
    set -- "$MULTUS_ENI_JDKS"/*
  else
    places="/usr/lib/jvm/*, /opt/*jdk*, ~/.sdkman/candidates/java/*,
                   /Library/Java/JavaVirtualMachines/*/Contents/Home"
    set -- /usr/lib/jvm/* /opt/*jdk* "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home
  fi
  take_jdk "${JAVA_HOME:-}" "$on_path_home" "$@" || fail "no JDK $jdk_needed or newer is found.
  JAVA_HOME:       ${JAVA_HOME:-not set}
  java on PATH:    ${on_path_home:-none}
  looked in:       $places
Install one (https://adoptium.net has them) or set JAVA_HOME to where it is."
}

# Whether the file $1 is there and nothing that the modules $2 are made of is newer.
is_fresh() {
  made=$1
  [ -f "$made" ] || return 1
  modules=$2
  set -- "$root/pom.xml"
  for module in $modules; do
    set -- "$@" "$root/$module/pom.xml" "$root/$module/src/main" "$root/$module/src/shrink"
  done
  [ -z "$(find "$@" -newer "$made" 2>/dev/null | head -n 1)" ]
}

# Runs Maven with the given arguments; $mark is then a file as old as the begin of the build, since
# what was changed during it is newer than what it made.
build() {
  command -v mvn >/dev/null 2>&1 ||
    fail "Maven (mvn) is needed to build it and is not on the PATH; install it, 3.8.7 or newer."
  mark=$(mktemp)
  trap 'rm -f "$mark"' EXIT
  # Libraries of Maven use what newer JDKs warn about; that is nobody's concern here.
  (cd "$root" && JAVA_HOME=$jdk \
    MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}" \
    mvn -B -q -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true -Djacoco.skip=true "$@" >&2) ||
    fail "the build failed; what Maven says is above."
}

# Removes what build left.
built() {
  rm -f "$mark"
  trap - EXIT
}
