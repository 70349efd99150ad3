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
  wanted=$(cd "$repository_root" && find abi src/solidity/{src,legacy,tools,foundry.toml,package-lock.json} \
    -type f ! -name '*.md' | digest_of_files)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    say "Solidity: current"
    return 0
  fi
  local forge
  forge=$(PATH="$solidity_room/node_modules/.bin:$PATH" command -v forge) ||
    fail "'forge' is missing: npm has it for Linux on x86-64 only; elsewhere install Foundry 1.7.1"
  # Built in a folder of its own, so that a failed build leaves the old artifacts and a good one no contract that is gone.
  local fresh=$solidity_artifacts.new profile said
  rm -rf "$fresh"
  for profile in default legacy; do
    say "Solidity: forge build ($profile)"
    # What forge says is shown when it fails: old compilers warn of published code that is not ours to change.
    said=$(cd "$repository_root" && env FOUNDRY_PROFILE="$profile" FOUNDRY_OUT="$fresh" \
      FOUNDRY_CACHE_PATH="$fresh/.cache-$profile" FOUNDRY_CONFIG="$solidity_room/foundry.toml" \
      "$forge" build --root "$repository_root" 2>&1) ||
      fail "forge build failed in src/solidity (profile $profile):"$'\n'"$said"
  done
  rm -rf "$solidity_artifacts"
  mv "$fresh" "$solidity_artifacts"
  echo "$wanted" >"$stamp"
}
