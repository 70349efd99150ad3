//! The command under test, and the inputs that scripts make.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The command, as it was built for this test, run in the repository.
pub(crate) fn spillway() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spillway"));
    command.current_dir(repository());
    command
}

/// The repository's root.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).unwrap().to_owned()
}

/// The flags that name the built contracts and the compiled Solidity; fails naming the script that makes what is absent.
pub(crate) fn built_inputs() -> Vec<String> {
    let mut flags = Vec::new();
    for (flag, folder, probe, script) in [
        ("--wasm", "target/wasm", "auction.wasm", "scripts/build-wasm"),
        ("--solidity", "target/solidity", "ExampleTaker.sol/ExampleTaker.json", "scripts/setup"),
    ] {
        let path = repository().join(folder);
        assert!(path.join(probe).exists(), "{folder}/{probe} is missing: run {script}");
        flags.extend([flag.to_owned(), path.display().to_string()]);
    }
    flags
}
