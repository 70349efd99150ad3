//! What anvil's help names, against the table in which the local chain says what it has of it.

use crate::served::tool;
use std::{collections::BTreeSet, process::Command};
use support::repository_root;

#[test]
fn the_table_of_flags_names_every_flag_of_anvil_as_anvil_does_and_no_other() {
    let output = Command::new(tool("anvil")).arg("--help").output().expect("anvil starts");
    let help = String::from_utf8(output.stdout).expect("its help is text");
    // Flags are indented less than what is said of them.
    let theirs: BTreeSet<&str> = help
        .lines()
        .filter(|line| line.len() - line.trim_start().len() < 8)
        .map(str::trim)
        .filter(|line| line.starts_with('-'))
        .collect();
    let path = repository_root().join("src/hosts/devnode/FLAGS.md");
    let table = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let named: BTreeSet<&str> =
        table.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|row| row.split('`').next()).collect();
    assert_eq!(named, theirs);
}
