# Sourced: finds, and where it may installs, the one Rust release that contracts are built with.
# The release is pinned because a contract's bytes are its identity on chain. It comes from rustup where rustup may
# download, else from Debian's packages of the same release; both bring the sources of the standard library, which is
# built along with each contract (see scripts/build-wasm).

contract_rust_release=$(sed -n 's/^channel = "\(.*\)"$/\1/p' "$repository_root/src/contracts/rust-toolchain.toml")
contract_target=wasm32-unknown-unknown
debian_packages=(rustc-web cargo-web rust-web-src rust-web-llvm lld-22)

rustup_has_contract_rust() {
  command -v rustup >/dev/null 2>&1 || return 1
  local cargo
  cargo=$(RUSTUP_AUTO_INSTALL=0 rustup which --toolchain "$contract_rust_release" cargo 2>/dev/null) || return 1
  local root=${cargo%/bin/cargo}
  [ -f "$root/lib/rustlib/src/rust/library/Cargo.lock" ] && [ -d "$root/lib/rustlib/$contract_target" ]
}

debian_has_contract_rust() {
  [ -x /usr/bin/cargo ] && [ -f /usr/lib/rustlib/src/rust/library/Cargo.lock ] || return 1
  [[ $(/usr/bin/rustc --version 2>/dev/null) == "rustc $contract_rust_release "* ]] || return 1
  /usr/bin/rust-lld -flavor wasm --version >/dev/null 2>&1
}

install_from_rustup() {
  command -v rustup >/dev/null 2>&1 || return 1
  if [ "${RUSTUP_AUTO_INSTALL:-1}" = 0 ]; then
    say "rustup may not download here (RUSTUP_AUTO_INSTALL=0)"
    return 1
  fi
  say "asking rustup for Rust $contract_rust_release with $contract_target"
  rustup toolchain install "$contract_rust_release" --profile minimal -c rust-src -t "$contract_target" >&2
}

install_from_debian() {
  command -v apt-get >/dev/null 2>&1 || return 1
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || { say "apt-get needs root, and sudo is missing"; return 1; }
    as_root=(sudo)
  fi
  say "asking apt-get for ${debian_packages[*]}"
  "${as_root[@]}" apt-get update -qq >&2 || return 1
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${debian_packages[@]}" >&2
}

# Makes sure the toolchain is there; fails naming what is missing.
ensure_wasm_toolchain() {
  rustup_has_contract_rust || debian_has_contract_rust && return 0
  if install_from_rustup && rustup_has_contract_rust; then return 0; fi
  if install_from_debian && debian_has_contract_rust; then return 0; fi
  fail "Rust $contract_rust_release for the contracts is missing: neither rustup (rustup toolchain install" \
    "$contract_rust_release -c rust-src -t $contract_target) nor apt-get (${debian_packages[*]}) could give it"
}

# contract_cargo ARGUMENTS...: cargo of the pinned release, for the contracts as they go on chain. RUSTC_BOOTSTRAP lets
# this stable release take the unstable build-std flags.
contract_cargo() {
  with_contract_rust RUSTC_BOOTSTRAP=1 CARGO_PROFILE_RELEASE_PANIC=immediate-abort -- "$@"
}

# with_contract_rust [NAME=VALUE...] -- ARGUMENTS...: cargo of the pinned release, with these variables. Whatever in the
# environment would choose another compiler or other flags is taken away first.
with_contract_rust() {
  local chosen variables=()
  while [ "$1" != -- ]; do
    variables+=("$1")
    shift
  done
  shift
  if rustup_has_contract_rust; then
    chosen=("RUSTUP_TOOLCHAIN=$contract_rust_release" "$(rustup which --toolchain "$contract_rust_release" cargo)")
    chosen=("PATH=$(dirname "${chosen[1]}"):$PATH" "${chosen[@]}")
  else
    chosen=(RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc /usr/bin/cargo)
  fi
  env -u RUSTC -u RUSTDOC -u RUSTC_WRAPPER -u RUSTC_WORKSPACE_WRAPPER -u RUSTUP_TOOLCHAIN -u RUSTFLAGS \
    -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_RUSTFLAGS -u CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS \
    -u CARGO_BUILD_TARGET -u CARGO_TARGET_DIR -u CARGO_BUILD_TARGET_DIR \
    "${variables[@]}" "${chosen[@]}" "$@"
}

# Where the pinned release keeps the sources of the standard library, as the compiler would write it into a contract.
contract_rust_sources() {
  if rustup_has_contract_rust; then
    local cargo
    cargo=$(rustup which --toolchain "$contract_rust_release" cargo)
    echo "${cargo%/bin/cargo}/lib/rustlib/src/rust"
  else
    echo /usr/lib/rustlib/src/rust
  fi
}
