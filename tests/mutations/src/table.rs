//! The table of lines to break.

use std::{collections::BTreeSet, fs, path::Path};

/// Where it is.
const TABLE: &str = "tests/mutations/lines.txt";
/// The test that meets a line of which the table says nothing else.
const USUAL_TEST: (&str, &str) = ("invariants", "no_sequence_of_actions_breaks_an_invariant");

/// A line to break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The invariant of `tests/INVARIANTS.md` that it is for.
    pub(crate) identifier: String,
    pub(crate) file: String,
    pub(crate) old: String,
    pub(crate) new: String,
    /// A test of the root package, and the test function in it.
    pub(crate) target: String,
    pub(crate) test: String,
}

/// Reads the table of a repository.
pub(crate) fn read(root: &Path) -> Result<Vec<Line>, String> {
    let path = root.join(TABLE);
    parse(&fs::read_to_string(&path).map_err(|error| format!("{TABLE}: {error}"))?)
}

/// Reads a table: for each line an identifier and a file, `- ` and the old text, `+ ` and the new one, and where it is another,
/// `? ` and the test. What begins with `#` is a remark.
pub(crate) fn parse(text: &str) -> Result<Vec<Line>, String> {
    let mut lines = Vec::<Line>::new();
    for (index, row) in text.lines().enumerate() {
        let wrong = |what: &str| format!("{TABLE}:{}: {what}", index + 1);
        match (row.get(..2).unwrap_or(row), lines.last_mut()) {
            (_, _) if row.trim().is_empty() || row.starts_with('#') => {}
            ("- ", Some(line)) => line.old = row[2..].to_owned(),
            ("+ ", Some(line)) => line.new = row[2..].to_owned(),
            ("? ", Some(line)) => {
                let (target, test) = row[2..].split_once(' ').ok_or_else(|| wrong("a test file and a test"))?;
                (line.target, line.test) = (target.to_owned(), test.to_owned());
            }
            _ => {
                let (identifier, file) = row.split_once(' ').ok_or_else(|| wrong("an identifier and a file"))?;
                let (target, test) = USUAL_TEST;
                lines.push(Line {
                    identifier: identifier.to_owned(),
                    file: file.to_owned(),
                    old: String::new(),
                    new: String::new(),
                    target: target.to_owned(),
                    test: test.to_owned(),
                });
            }
        }
    }
    match lines.iter().find(|line| line.old.is_empty() || line.old == line.new) {
        Some(line) => Err(format!("{TABLE}: {} of {} breaks nothing", line.identifier, line.file)),
        None => Ok(lines),
    }
}

/// The identifiers between square brackets in what a test printed, each once.
pub(crate) fn named_in(output: &str) -> Vec<String> {
    let names = output.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(name, _)| name);
    let is_identifier = |name: &&str| {
        let mut letters = name.chars();
        letters.next().is_some_and(|first| first.is_ascii_uppercase())
            && name.len() > 1
            && letters.all(|digit| digit.is_ascii_digit())
    };
    names.filter(is_identifier).map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}
