//! The crate as it is published: what goes into the package, and that what it says holds outside the repository it is kept in.

use std::{path::Path, process::Command};

const ROOM: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_package_has_its_licence_its_documents_its_examples_and_the_bytecode_of_genesis() {
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline", "--manifest-path"])
        .arg(Path::new(ROOM).join("Cargo.toml"))
        .output()
        .expect("cargo starts");
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for file in [
        "LICENSE",
        "README.md",
        "METHODS.md",
        "FLAGS.md",
        "VECTORS.md",
        "examples/program.rs",
        "examples/served.rs",
        "examples/fork.rs",
        "benches/ratios.rs",
        "src/chain/bytecode/StylusDeployer.hex",
        "src/chain/bytecode/CacheManager.hex",
        "src/chain/bytecode/Multicall3.hex",
        "solidity/StylusDeployer.sol",
    ] {
        assert!(list.lines().any(|line| line == file), "{file} is missing: {list}");
    }
}

#[test]
fn the_licence_is_that_of_the_repository() {
    let own = std::fs::read(Path::new(ROOM).join("LICENSE")).expect("the licence is there");
    // In a published package there is no repository around it.
    if let Ok(theirs) = std::fs::read(Path::new(ROOM).join("../../../LICENSE")) {
        assert!(own == theirs, "copy LICENSE here");
    }
}

#[test]
fn the_readme_links_to_what_there_is_outside_the_repository_too() {
    let readme = include_str!("../README.md");
    let targets: Vec<&str> = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(targets.len() >= 3, "{targets:?}");
    for target in targets {
        assert!(target.starts_with("https://docs.rs/"), "{target}");
    }
}
