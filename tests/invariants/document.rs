//! That `tests/INVARIANTS.md` and the code name the same invariants.

use crate::sequences::STEPS_IN_SEQUENCE;
use std::{collections::BTreeSet, fs, path::Path};
use support::repository_root;

/// Identifiers in a text: a capital letter and a number between two given marks.
fn identifiers(text: &str, open: &str, close: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (start, _) in text.match_indices(open) {
        let Some((name, _)) = text[start + open.len()..].split_once(close) else { continue };
        let mut letters = name.chars();
        let begins = letters.next().is_some_and(|letter| letter.is_ascii_uppercase());
        if begins && name.len() > 1 && letters.all(|digit| digit.is_ascii_digit()) {
            found.insert(name.to_owned());
        }
    }
    found
}

fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("the folder of the tests").map(|entry| entry.expect("an entry").path());
    let files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files.map(|path| fs::read_to_string(path).expect("UTF-8")).collect()
}

#[test]
fn every_invariant_of_the_document_is_checked_and_every_check_is_in_the_document() {
    let document = fs::read_to_string(repository_root().join("tests/INVARIANTS.md")).expect("tests/INVARIANTS.md");
    let written = identifiers(&document, "**", "**");
    let checked = identifiers(&sources(&repository_root().join("tests/invariants")), "\"[", "]");
    assert!(written.len() > 20, "the document was read: {written:?}");
    assert_eq!(written, checked);
}

#[test]
fn no_two_nights_have_a_seed_in_common() {
    let nightly = fs::read_to_string(repository_root().join(".ci/nightly")).expect(".ci/nightly");
    let number = |mark: &str| -> u64 {
        let (_, rest) = nightly.split_once(mark).unwrap_or_else(|| panic!("no {mark} in .ci/nightly"));
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().expect("a number")
    };
    let (steps, seeds_of_a_day) = (number("${SPILLWAY_STEPS:-"), number("seeds_of_a_day="));
    assert!(steps >= 1_000_000, "{steps} steps");
    assert!(steps.div_ceil(STEPS_IN_SEQUENCE) <= seeds_of_a_day, "{steps} steps take more than {seeds_of_a_day} seeds");
}

#[test]
fn every_test_the_document_cites_is_there() {
    let document = fs::read_to_string(repository_root().join("tests/INVARIANTS.md")).expect("tests/INVARIANTS.md");
    let mut cited = 0;
    for name in document.split('`').skip(1).step_by(2).filter(|name| name.contains(".rs::")) {
        let (file, test) = name.split_once("::").expect("a file and a test");
        let root = repository_root();
        let path = if file.starts_with("src/") { root.join(file) } else { root.join("tests").join(file) };
        let code = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(code.contains(&format!("fn {test}(")), "there is no {test} in tests/{file}");
        cited += 1;
    }
    assert!(cited > 5, "the document cites tests");
}

#[test]
fn every_property_of_others_names_what_holds_it_here_or_why_it_does_not_apply() {
    let document = fs::read_to_string(repository_root().join("tests/INVARIANTS.md")).expect("tests/INVARIANTS.md");
    let written = identifiers(&document, "**", "**");
    let rows: Vec<&str> = document.lines().filter(|line| line.starts_with("| X")).collect();
    assert_eq!(rows.len(), 44);
    for (index, row) in rows.into_iter().enumerate() {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [number, theirs, here] = cells.as_slice() else { panic!("{row} has not three cells") };
        assert_eq!(*number, format!("X{}", index + 1));
        assert!(!theirs.is_empty());
        // Names of tests between backticks are looked up by another test; what is left names sentences.
        let plain: String = here.split('`').step_by(2).collect();
        let named: Vec<&str> = plain
            .split(|mark: char| !mark.is_ascii_alphanumeric())
            .filter(|word| word.starts_with(|first: char| first.is_ascii_uppercase()) && word.len() > 1)
            .collect();
        for name in &named {
            assert!(written.contains(*name), "{number}: there is no {name}");
        }
        let is_held = !named.is_empty() || here.contains(".rs::");
        assert!(is_held || here.contains("does not apply"), "{number} is held by nothing");
    }
}
