# Sourced: the npm packages of src/solidity, and the artifacts that forge makes of its contracts.

solidity_room=$repository_root/src/solidity
solidity_artifacts=$repository_root/target/solidity

# Installs what the lock file says, unless exactly that is installed already. No package's own script is run.
ensure_node_packages() {
  with_lock node-packages install_node_packages
}

install_node_packages() {
  local stamp=$solidity_room/node_modules/.lock-digest wanted
  wanted=$(printf '%s\n' "$solidity_room/package.json" "$solidity_room/package-lock.json" | digest_of_files)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    say "npm packages: current"
    return 0
  fi
  say "npm packages: npm ci"
  (cd "$solidity_room" && npm ci --ignore-scripts --no-fund --no-audit --loglevel=error >&2) ||
    fail "npm ci failed in src/solidity"
  echo "$wanted" >"$stamp"
}

# Compiles both generations of contracts, unless nothing that decides the result has changed.
ensure_solidity_artifacts() {
  with_lock solidity compile_solidity
}

compile_solidity() {
  local stamp=$solidity_artifacts/.sources-digest wanted
  wanted=$(cd "$solidity_room" && find src legacy tools foundry.toml package-lock.json -type f | digest_of_files)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    say "Solidity: current"
    return 0
  fi
  local forge
  forge=$(PATH="$solidity_room/node_modules/.bin:$PATH" command -v forge) ||
    fail "'forge' is missing: npm has it for Linux on x86-64 only; elsewhere install Foundry 1.7.1"
  # Folders left from other sources would keep artifacts of contracts that are gone.
  rm -rf "$solidity_artifacts" "$repository_root/target/solidity-cache"
  local profile said
  for profile in default legacy; do
    say "Solidity: forge build ($profile)"
    # What forge says is shown when it fails: old compilers warn of published code that is not ours to change.
    said=$(cd "$solidity_room" && FOUNDRY_PROFILE=$profile FOUNDRY_DISABLE_NIGHTLY_WARNING=1 "$forge" build 2>&1) ||
      fail "forge build failed in src/solidity (profile $profile):"$'\n'"$said"
  done
  echo "$wanted" >"$stamp"
}
