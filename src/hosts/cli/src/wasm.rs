//! `spillway wasm`: whether built contracts can be deployed on any Stylus chain, and how much room they have left.

mod inspect;

pub use inspect::{Inspected, Problem, WasmError, inspect};

use crate::{args::WasmArguments, error::Failure, output::print_line};
use serde::Serialize;
use std::path::{Path, PathBuf};

const BUILT: &str = "target/wasm";
const REMEDY: &str = "scripts/build-wasm makes it";

/// One contract, as the JSON document has it.
#[derive(Debug, Serialize)]
struct Checked {
    name: String,
    #[serde(flatten)]
    inspected: Inspected,
    problems: Vec<String>,
    warnings: Vec<String>,
}

/// Checks the files and prints what was found.
///
/// # Errors
/// A file that is missing or no WASM, and a contract that breaks a rule; the table is printed first.
pub fn run(arguments: &WasmArguments) -> Result<(), Failure> {
    let files = if arguments.files.is_empty() { built_files()? } else { arguments.files.clone() };
    let checked = files.iter().map(|file| check(file)).collect::<Result<Vec<_>, _>>()?;
    if arguments.json {
        let document = serde_json::to_string_pretty(&checked).unwrap_or_default();
        print_line(&document)?;
    } else {
        print_table(&checked)?;
    }
    match checked.iter().filter(|contract| !contract.problems.is_empty()).count() {
        0 => Ok(()),
        broken => Err(Failure::BadContracts { broken, checked: checked.len() }),
    }
}

fn built_files() -> Result<Vec<PathBuf>, Failure> {
    let missing = || Failure::MissingInput { path: format!("{BUILT}/*.wasm"), remedy: REMEDY.to_owned() };
    let entries = std::fs::read_dir(BUILT).map_err(|_| missing())?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .collect();
    files.sort();
    if files.is_empty() { Err(missing()) } else { Ok(files) }
}

fn check(file: &Path) -> Result<Checked, Failure> {
    let path = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::MissingInput { path: path.clone(), remedy: REMEDY.to_owned() },
        _ => Failure::UnreadableInput { path: path.clone(), reason: error.to_string() },
    })?;
    let inspected = inspect(&bytes).map_err(|problem| Failure::BadWasm { path, problem })?;
    let name = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let problems = inspected.problems().iter().map(ToString::to_string).collect();
    let warnings = inspected.warning().into_iter().collect();
    Ok(Checked { name, inspected, problems, warnings })
}

fn print_table(checked: &[Checked]) -> Result<(), Failure> {
    print_line(&format!(
        "{:<12} {:>10} {:>10} {:>8} {:>6} {:>8} {:>6}  imports",
        "contract", "wasm", "on chain", "of size", "pages", "static", "hooks"
    ))?;
    for contract in checked {
        let found = &contract.inspected;
        let share_percent = found.code_bytes.saturating_mul(100).div_ceil(inspect::MAX_CODE_BYTES);
        print_line(&format!(
            "{:<12} {:>10} {:>10} {:>7}% {:>6} {:>8} {:>6}  {}",
            contract.name,
            found.wasm_bytes,
            found.code_bytes,
            share_percent,
            found.initial_pages.map_or_else(|| "-".to_owned(), |pages| pages.to_string()),
            found.static_data_bytes,
            found.imports.len(),
            found.imports.join(" ")
        ))?;
        for problem in &contract.problems {
            print_line(&format!("  refused: {problem}"))?;
        }
        for warning in &contract.warnings {
            print_line(&format!("  warning: {warning}"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
