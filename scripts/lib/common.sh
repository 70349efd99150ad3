# Sourced by every script: where the repository is, how to say something, how to fail, how to read the arguments.
# Nothing here writes to stdout, so a script's stdout is its command's own.

set -euo pipefail

repository_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
script_name=$(basename "$0")

say() { printf '%s: %s\n' "$script_name" "$*" >&2; }

# A failure of the work itself: exit code 1.
fail() { say "error: $*"; exit 1; }

# A mistake in the arguments: exit code 2, and where to read more.
refuse_argument() { say "error: $* (see scripts/$script_name --help)"; exit 2; }

# The comment that opens a script is its help text.
print_help() { sed -n '2,/^[^#]/{/^#/!d;s/^# \{0,1\}//;p;}' "$0"; }

# For scripts that take no argument but --help.
take_no_arguments() {
  for argument in "$@"; do
    case $argument in
      -h | --help) print_help; exit 0 ;;
      *) refuse_argument "unknown argument '$argument'" ;;
    esac
  done
}

# need TOOL WHY: fails naming the tool that is missing.
need() { command -v "$1" >/dev/null 2>&1 || fail "'$1' is missing: $2"; }

# One digest over the names and the contents of the files listed on stdin, one a line.
digest_of_files() {
  python3 -c '
import hashlib, sys
digest = hashlib.sha256()
for name in sorted(sys.stdin.read().splitlines()):
    with open(name, "rb") as file:
        content = file.read()
    digest.update(f"{name}\n{len(content)}\n".encode() + content)
print(digest.hexdigest())'
}

# with_lock NAME COMMAND...: one run at a time in this checkout, where the machine has flock.
with_lock() {
  local name=$1
  shift
  mkdir -p "$repository_root/target"
  if command -v flock >/dev/null 2>&1; then
    (
      flock 9
      "$@"
    ) 9>"$repository_root/target/.$name.lock"
  else
    "$@"
  fi
}
