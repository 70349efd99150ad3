//! That the table fits the code and the invariants.

use crate::{
    repository_root,
    table::{Line, named_in, parse, read},
};
use std::{collections::BTreeSet, fs};

fn lines() -> Vec<Line> {
    read(&repository_root()).expect("the table")
}

#[test]
fn every_line_is_there_once() {
    let mut wrong = Vec::new();
    for line in lines() {
        let text = fs::read_to_string(repository_root().join(&line.file)).unwrap_or_default();
        let times = text.matches(&line.old).count();
        if times != 1 {
            wrong.push(format!("{}: {} has {times} times: {}", line.identifier, line.file, line.old));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_invariant_has_a_line_and_every_line_an_invariant() {
    let document = fs::read_to_string(repository_root().join("tests/INVARIANTS.md")).expect("tests/INVARIANTS.md");
    let written: BTreeSet<String> = document
        .lines()
        .filter_map(|line| line.strip_prefix("- **")?.split_once("** "))
        .map(|(name, _)| name.to_owned())
        .collect();
    assert!(written.len() > 50, "the document was read: {written:?}");
    let broken: BTreeSet<String> = lines().into_iter().map(|line| line.identifier).collect();
    assert_eq!(written, broken);
}

#[test]
fn every_test_that_a_line_names_is_there() {
    let mut wrong = Vec::new();
    for line in lines() {
        let folder = repository_root().join("tests").join(&line.target);
        let sources = fs::read_dir(&folder).expect("the folder of a test").map(|entry| entry.expect("an entry").path());
        let code: String = sources.filter_map(|path| fs::read_to_string(path).ok()).collect();
        if !code.contains(&format!("fn {}(", line.test)) {
            wrong.push(format!("{}: no {} in tests/{}", line.identifier, line.test, line.target));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_table_is_read_as_it_is_written() {
    let text = "# a remark\nS1 src/a.rs\n- old + 1\n+ old - 1\n\nW1 src/b.rs\n- x\n+ y\n? vault some_test\n";
    let found = parse(text).expect("a table");
    let [first, second] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((first.identifier.as_str(), first.old.as_str(), first.new.as_str()), ("S1", "old + 1", "old - 1"));
    assert_eq!((first.target.as_str(), second.target.as_str()), ("invariants", "vault"));
    assert_eq!(second.test, "some_test");
    assert!(parse("S1 src/a.rs\n- same\n+ same\n").is_err());
    assert!(parse("S1 src/a.rs\n").is_err());
}

#[test]
fn the_names_of_a_failure_are_found_in_what_it_prints() {
    let output =
        "thread 'a' panicked:\nassertion `left == right` failed: [S1] of [\"x\"]\n left: [1]\n[C4] books, [S1] again";
    assert_eq!(named_in(output), ["C4", "S1"]);
}
