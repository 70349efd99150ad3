//! Texts that may only change on purpose, kept in `tests/snapshots`; `SPILLWAY_BLESS=1` writes them anew.

use crate::repository_root;
use std::fs;

/// Compares a text with the file of that name, or writes it when asked to.
///
/// # Panics
/// When the file says otherwise; the message has the lines that differ.
pub fn compare(name: &str, text: &str) {
    let path = repository_root().join("tests/snapshots").join(name);
    if std::env::var("SPILLWAY_BLESS").is_ok_and(|value| value == "1") {
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("the folder can be made");
        return fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let kept = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let missing = |these: &str, those: &str, sign: &str| -> Vec<String> {
        these
            .lines()
            .filter(|line| !those.lines().any(|other| other == *line))
            .map(|line| format!("{sign} {line}"))
            .collect()
    };
    let (changed, new) = (missing(&kept, text, "-"), missing(text, &kept, "+"));
    assert!(
        kept == text,
        "tests/snapshots/{name} says otherwise; if that is on purpose, run with SPILLWAY_BLESS=1 and review the change:\n{}\n{}",
        changed.join("\n"),
        new.join("\n")
    );
}
