//! `VECTORS.md` names a test for every fact; here it is checked that those tests exist.

use std::{fs, path::Path};

/// The name of a test behind each reference in the last column, with the file it is in.
fn references(document: &str) -> Vec<(&str, &str)> {
    let rows = document.lines().filter(|line| line.starts_with('|') && line.contains("::"));
    rows.map(|row| {
        let cell = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default().trim();
        let reference = cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`'));
        reference.and_then(|reference| reference.split_once("::")).unwrap_or_else(|| panic!("no test in the row {row}"))
    })
    .collect()
}

/// Whether a source has a test of this name: the attribute, then the function.
fn has_test(source: &str, name: &str) -> bool {
    let function = format!("fn {name}()");
    let mut lines = source.lines().map(str::trim_start);
    while let Some(line) = lines.next() {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            let next = lines.next().unwrap_or_default();
            if next.strip_prefix("async ").unwrap_or(next).starts_with(&function) {
                return true;
            }
        }
    }
    false
}

#[test]
fn every_test_the_vectors_name_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("VECTORS.md")).unwrap();
    let references = references(&document);
    assert!(references.len() > 80, "{}", references.len());
    for (file, name) in references {
        let source = fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(has_test(&source, name), "{file} has no test {name}");
    }
}

#[test]
fn a_function_that_is_no_test_does_not_count() {
    assert!(has_test("#[test]\nfn one() {}", "one"));
    assert!(!has_test("fn one() {}", "one"));
    assert!(!has_test("#[test]\nfn one_more() {}", "one"));
}
