# Sourced: installs the one release of cargo-stylus that the tests and the deployment commands use, from crates.io.
# It takes some minutes to build, so it is kept in the user's cache, where other checkouts find it too, and
# target/tools/cargo-stylus points at it.

cargo_stylus_release=0.10.10
cargo_stylus=$repository_root/target/tools/cargo-stylus

# Whether this is cargo-stylus of that release.
is_cargo_stylus() {
  [ -x "$1" ] && [ "$("$1" stylus --version 2>/dev/null)" = "stylus $cargo_stylus_release" ]
}

# Makes sure that target/tools/cargo-stylus is there; fails saying why it cannot be.
ensure_cargo_stylus() {
  is_cargo_stylus "$cargo_stylus" && return 0
  with_lock cargo-stylus provide_cargo_stylus
}

provide_cargo_stylus() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/spillway/cargo-stylus-$cargo_stylus_release found
  # One that the user has installed will do.
  found=$(command -v cargo-stylus || true)
  if ! is_cargo_stylus "$found"; then
    found=$cache/bin/cargo-stylus
    is_cargo_stylus "$found" || build_cargo_stylus "$cache"
  fi
  mkdir -p "$(dirname "$cargo_stylus")"
  ln -sfn "$found" "$cargo_stylus"
}

# Optimised as little as may be: that halves the time it takes to build, and what it does here takes moments.
build_cargo_stylus() {
  local cache=$1
  say "cargo-stylus $cargo_stylus_release: cargo install (once for this user, some minutes)"
  mkdir -p "$cache"
  (
    cd "$repository_root"
    env -u CARGO_TARGET_DIR -u CARGO_BUILD_TARGET -u CARGO_BUILD_TARGET_DIR -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS \
      CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_LTO=off \
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_STRIP=true \
      nice cargo install cargo-stylus --version "$cargo_stylus_release" --locked --quiet \
      --root "$cache" --target-dir "$cache/build" >&2
  ) || fail "cargo-stylus $cargo_stylus_release could not be installed from crates.io"
  rm -rf "$cache/build"
  is_cargo_stylus "$cache/bin/cargo-stylus" || fail "$cache/bin/cargo-stylus does not run"
}
