//! Breaks the lines of `lines.txt` one at a time in a copy of the repository, and demands that the test of each fails.
//!
//! A line whose test goes on passing is one that nothing protects. `README.md` says how to run it and what it prints.

mod scratch;
mod table;
#[cfg(test)]
mod tests;

use scratch::{Ended, Scratch};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};
use table::{Line, read};

/// How a broken line was met.
#[derive(Debug)]
enum Met {
    /// By a test that failed, and the identifiers that it named.
    Failed(Vec<String>),
    /// By nothing.
    Survived,
    /// It does not compile, so it says nothing.
    NotCompiled,
    /// The test ran too long.
    Endless,
}

/// The top of the repository.
fn repository_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    match run(&asked) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("break-lines: error: {message}");
            ExitCode::from(2)
        }
    }
}

/// Breaks the lines of the identifiers asked for, or all; whether each was met by a failing test.
fn run(asked: &[String]) -> Result<bool, String> {
    let all = read(&repository_root())?;
    if let Some(unknown) = asked.iter().find(|name| !all.iter().any(|line| line.identifier == **name)) {
        return Err(format!("no line of {unknown}"));
    }
    let lines: Vec<&Line> = all.iter().filter(|line| asked.is_empty() || asked.contains(&line.identifier)).collect();
    let scratch = Scratch::of(&repository_root())?;
    whole_passes(&scratch, &lines)?;
    let mut unmet = Vec::new();
    for line in &lines {
        let met = break_one(&scratch, line)?;
        println!("{:<4} {:<50} {}", line.identifier, line.file, told(&met, &line.identifier));
        if !matches!(met, Met::Failed(_)) {
            unmet.push(line.identifier.as_str());
        }
    }
    println!("{} lines broken, {} met by a test", lines.len(), lines.len() - unmet.len());
    if !unmet.is_empty() {
        println!("not met: {}", unmet.join(" "));
    }
    Ok(unmet.is_empty())
}

/// With nothing broken the tests must pass, or that they fail afterwards says nothing.
fn whole_passes(scratch: &Scratch, lines: &[&Line]) -> Result<(), String> {
    let mut tests: Vec<(&str, &str)> = lines.iter().map(|line| (line.target.as_str(), line.test.as_str())).collect();
    tests.sort_unstable();
    tests.dedup();
    for (target, test) in tests {
        match scratch.test(target, test)? {
            Ended::Passed => {}
            Ended::NotCompiled(output) => return Err(format!("nothing is broken, and it does not compile:\n{output}")),
            Ended::Failed(output) => return Err(format!("nothing is broken, and {test} fails:\n{output}")),
            Ended::Endless => return Err(format!("nothing is broken, and {test} does not end")),
        }
    }
    Ok(())
}

fn break_one(scratch: &Scratch, line: &Line) -> Result<Met, String> {
    let whole = scratch.replace(&line.file, &line.old, &line.new)?;
    let ended = scratch.test(&line.target, &line.test);
    scratch.write(&line.file, &whole)?;
    Ok(match ended? {
        Ended::Passed => Met::Survived,
        Ended::Failed(output) => Met::Failed(table::named_in(&output)),
        Ended::NotCompiled(output) => {
            eprintln!("{output}");
            Met::NotCompiled
        }
        Ended::Endless => Met::Endless,
    })
}

fn told(met: &Met, identifier: &str) -> String {
    match met {
        Met::Failed(named) if named.is_empty() => "a test failed and named none".to_owned(),
        Met::Failed(named) if named.iter().any(|name| name == identifier) => format!("failed: {}", named.join(" ")),
        Met::Failed(named) => format!("failed, by another name: {}", named.join(" ")),
        Met::Survived => "SURVIVED".to_owned(),
        Met::NotCompiled => "DOES NOT COMPILE".to_owned(),
        Met::Endless => "DOES NOT END".to_owned(),
    }
}
