//! Finding what the scripts have built: our WASM and the Solidity artifacts. What is missing is named, with the command that makes it.

use crate::world::Contract;
use alloy_primitives::hex;
use std::path::{Path, PathBuf};

/// The top of the repository.
pub fn repository_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("the crate lies two folders deep").to_owned()
}

/// The WASM of one of our contracts, as `scripts/build-wasm` leaves it.
///
/// # Panics
/// When it has not been built.
pub fn contract_wasm(contract: Contract) -> Vec<u8> {
    let path = repository_root().join(format!("target/wasm/{}.wasm", contract.name()));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; run scripts/build-wasm first", path.display()))
}

/// The init code of a Solidity contract, as `scripts/setup` leaves it.
///
/// # Panics
/// When it has not been compiled, or is no artifact.
pub(crate) fn solidity_init_code(file: &str, name: &str) -> Vec<u8> {
    let path = repository_root().join(format!("target/solidity/{file}.sol/{name}.json"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run scripts/setup first", path.display()));
    let artifact: serde_json::Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let code =
        artifact["bytecode"]["object"].as_str().unwrap_or_else(|| panic!("{}: no bytecode.object", path.display()));
    hex::decode(code).unwrap_or_else(|error| panic!("{}: bytecode.object: {error}", path.display()))
}
