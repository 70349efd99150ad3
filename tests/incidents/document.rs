//! That `README.md` names tests that are there.

use std::fs;
use support::repository_root;

#[test]
fn every_incident_and_every_trap_names_a_test_that_is_there() {
    let document =
        fs::read_to_string(repository_root().join("tests/incidents/README.md")).expect("tests/incidents/README.md");
    let mut rows = 0;
    for row in
        document.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what") && !line.contains("---"))
    {
        let mut cited = 0;
        for name in row.split('`').skip(1).step_by(2).filter(|name| name.contains("::")) {
            let (file, test) = name.split_once("::").expect("a file and a test");
            let root = repository_root();
            let path = if file.starts_with("src/") { root.join(file) } else { root.join("tests").join(file) };
            let code = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert!(code.contains(&format!("fn {test}(")), "there is no {test} in {file}");
            cited += 1;
        }
        assert!(cited > 0, "no test is named in: {row}");
        rows += 1;
    }
    assert!(rows >= 30, "{rows} incidents and traps");
}
