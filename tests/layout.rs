//! That the repository is laid out as `src/README.md` says: who may depend on whom, a README in each room, files of a size one
//! can read, and nothing in them that belongs to one machine.

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use support::repository_root;

const LIBRARIES: [&str; 3] = ["spillway-units", "spillway-kernel", "spillway-interface"];
const CONTRACTS_ROOM: &str = "src/contracts/";
const HOSTS_ROOM: &str = "src/hosts/";
const COMMON: &str = "spillway-common";
const DEVNODE: &str = "spillway-devnode";
const TEST_SUPPORT: &str = "spillway-test-support";
const CARGO_STYLUS_TESTS: &str = "spillway-cargo-stylus-tests";
const ROOT_PACKAGE: &str = "spillway";
const MAX_README_LINES: usize = 40;
const MAX_SOURCE_LINES: usize = 600;

struct Package {
    name: String,
    room: String,
    /// Those of ours it depends on, for its tests too.
    ours: Vec<String>,
}

fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--locked", "--format-version", "1"])
        .current_dir(repository_root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata answers JSON");
    let all = metadata["packages"].as_array().expect("a list of packages");
    let is_ours = |name: &str| all.iter().any(|package| package["name"] == name);
    all.iter()
        .map(|package| {
            let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
            let room =
                manifest.parent().and_then(|room| room.strip_prefix(repository_root()).ok()).expect("a room of ours");
            let dependencies = package["dependencies"].as_array().expect("a list").iter();
            Package {
                name: package["name"].as_str().expect("a name").to_owned(),
                room: room.to_str().expect("UTF-8").to_owned(),
                ours: dependencies
                    .filter_map(|one| one["name"].as_str())
                    .filter(|name| is_ours(name))
                    .map(str::to_owned)
                    .collect(),
            }
        })
        .collect()
}

/// Whether `package` may depend on another of ours.
fn may_depend(package: &Package, other: &Package) -> bool {
    let libraries = LIBRARIES.contains(&other.name.as_str());
    match package.name.as_str() {
        ROOT_PACKAGE => libraries || other.name == TEST_SUPPORT || other.name == DEVNODE,
        TEST_SUPPORT => true,
        CARGO_STYLUS_TESTS => other.name == DEVNODE,
        "spillway-units" | DEVNODE => false,
        "spillway-kernel" | "spillway-interface" => other.name == "spillway-units",
        COMMON => libraries,
        _ if package.room.starts_with(CONTRACTS_ROOM) => libraries || other.name == COMMON,
        _ if package.room.starts_with(HOSTS_ROOM) => libraries || other.room.starts_with(HOSTS_ROOM),
        _ => false,
    }
}

#[test]
fn dependencies_point_one_way() {
    let packages = packages();
    assert!(packages.len() >= 11, "cargo metadata lists the whole workspace");
    let mut wrong = Vec::new();
    for package in &packages {
        for name in &package.ours {
            let other = packages.iter().find(|other| other.name == *name).expect("it is one of ours");
            if !may_depend(package, other) {
                wrong.push(format!("{} must not depend on {}", package.name, other.name));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_room_has_a_short_readme() {
    // The maps are exempt: the top of the repository and `src`.
    let mut rooms: Vec<PathBuf> =
        packages().into_iter().filter(|package| package.name != ROOT_PACKAGE).map(|one| one.room.into()).collect();
    rooms.extend(["tests", "scripts", "abi", "src/decisions", "src/solidity"].map(PathBuf::from));
    let mut wrong = Vec::new();
    for room in rooms {
        match fs::read_to_string(repository_root().join(&room).join("README.md")) {
            Ok(text) if text.lines().count() > MAX_README_LINES => {
                wrong.push(format!("{}/README.md has {} lines", room.display(), text.lines().count()));
            }
            Ok(_) => {}
            Err(error) => wrong.push(format!("{}/README.md: {error}", room.display())),
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let sources = ["rs", "sol", "mjs", "js", "py", "sh"];
    let mut wrong = Vec::new();
    for (path, text) in files() {
        let is_source = path
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| sources.contains(&extension));
        let lines = text.lines().count();
        if is_source && lines > MAX_SOURCE_LINES {
            wrong.push(format!("{} has {lines} lines", path.display()));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn nothing_is_left_for_later_and_nothing_names_a_machine() {
    // Put together here, so that this file does not hold them.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/wo", "rk/"),
        concat!("/Us", "ers/"),
    ];
    let mut wrong = Vec::new();
    for (path, text) in files() {
        for (index, line) in text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                wrong.push(format!("{}:{}: {word}", path.display(), index + 1));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// All text files of the repository, by their path in it.
fn files() -> Vec<(PathBuf, String)> {
    let root = repository_root();
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() {
                let is_built = ["target", "node_modules", ".git"].contains(&name);
                if !is_built {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                // What is not UTF-8 is no text.
                files.push((path.strip_prefix(&root).expect("inside").to_owned(), text));
            }
        }
    }
    assert!(files.len() > 100, "the repository was found");
    files
}
