//! A copy of the repository in which lines are broken, so that no mistake and no interruption can leave one broken in the original.
//!
//! It lies in `target/mutations`, is brought up to date by what differs, and keeps what was built: the next line costs what
//! depends on its file.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How many steps the random sequences take with a broken line, where `SPILLWAY_STEPS` says nothing.
const STEPS: &str = "20000";
/// How long a test may run.
const LIMIT: Duration = Duration::from_secs(1_800);

/// How a test ended.
pub(crate) enum Ended {
    Passed,
    /// What it printed.
    Failed(String),
    /// What the compiler said.
    NotCompiled(String),
    /// It was ended after half an hour.
    Endless,
}

/// The copy.
pub(crate) struct Scratch {
    tree: PathBuf,
    built: PathBuf,
}

impl Scratch {
    /// Makes the copy, or brings it up to date.
    pub(crate) fn of(root: &Path) -> Result<Self, String> {
        let here = root.join("target/mutations");
        let scratch = Self { tree: here.join("tree"), built: here.join("built") };
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .map_err(|error| format!("git: {error}"))?;
        let names = String::from_utf8_lossy(&listed.stdout).into_owned();
        let files: BTreeSet<PathBuf> =
            names.split('\0').filter(|name| !name.is_empty() && root.join(name).is_file()).map(PathBuf::from).collect();
        if files.is_empty() {
            return Err("git lists no file of the repository".to_owned());
        }
        scratch.forget_all_but(&files, Path::new(""))?;
        for file in &files {
            let text = fs::read(root.join(file)).map_err(|error| at(file, &error))?;
            let copy = scratch.tree.join(file);
            if fs::read(&copy).is_ok_and(|known| known == text) {
                continue;
            }
            let folder = copy.parent().ok_or("a file without a folder")?;
            fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
            fs::write(&copy, text).map_err(|error| at(&copy, &error))?;
        }
        // The contracts as WASM and the Solidity artifacts are those of the original: what is broken is what runs natively.
        let link = scratch.tree.join("target");
        if !link.exists() {
            std::os::unix::fs::symlink(root.join("target"), &link).map_err(|error| at(&link, &error))?;
        }
        Ok(scratch)
    }

    /// Removes from a folder of the copy what the original has not.
    fn forget_all_but(&self, files: &BTreeSet<PathBuf>, folder: &Path) -> Result<(), String> {
        let Ok(entries) = fs::read_dir(self.tree.join(folder)) else { return Ok(()) };
        for entry in entries.flatten() {
            let inner = folder.join(entry.file_name());
            let kind = entry.file_type().map_err(|error| at(&inner, &error))?;
            if kind.is_dir() {
                self.forget_all_but(files, &inner)?;
            } else if kind.is_file() && !files.contains(&inner) {
                fs::remove_file(self.tree.join(&inner)).map_err(|error| at(&inner, &error))?;
            }
        }
        Ok(())
    }

    /// Puts one text in the place of another, which must be there once; answers what the whole file was.
    pub(crate) fn replace(&self, file: &str, old: &str, new: &str) -> Result<String, String> {
        let path = self.tree.join(file);
        let whole = fs::read_to_string(&path).map_err(|error| at(&path, &error))?;
        match whole.matches(old).count() {
            1 => self.write(file, &whole.replacen(old, new, 1))?,
            times => return Err(format!("{file} has {times} times: {old}")),
        }
        Ok(whole)
    }

    /// Writes a whole file of the copy.
    pub(crate) fn write(&self, file: &str, whole: &str) -> Result<(), String> {
        let path = self.tree.join(file);
        fs::write(&path, whole).map_err(|error| at(&path, &error))
    }

    /// Builds and runs one test.
    pub(crate) fn test(&self, target: &str, test: &str) -> Result<Ended, String> {
        let (built, output) = self.cargo(&["test", "--no-run", "--test", target])?;
        match built {
            None => return Ok(Ended::Endless),
            Some(status) if !status.success() => return Ok(Ended::NotCompiled(output)),
            Some(_) => {}
        }
        let (ran, output) = self.cargo(&["test", "--test", target, test])?;
        Ok(match ran {
            None => Ended::Endless,
            Some(status) if status.success() && output.contains("1 passed") => Ended::Passed,
            Some(status) if status.success() => return Err(format!("there is no one test {test} in tests/{target}")),
            Some(_) => Ended::Failed(output),
        })
    }

    /// Runs cargo in the copy; nothing where it did not end in time.
    fn cargo(&self, arguments: &[&str]) -> Result<(Option<ExitStatus>, String), String> {
        let log = self.built.with_extension("log");
        let file = File::create(&log).map_err(|error| at(&log, &error))?;
        let same = file.try_clone().map_err(|error| at(&log, &error))?;
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(arguments).current_dir(&self.tree).stdin(Stdio::null()).stdout(file).stderr(same);
        cargo.env("CARGO_TARGET_DIR", &self.built).env_remove("CARGO_MANIFEST_DIR");
        if std::env::var_os("SPILLWAY_STEPS").is_none() {
            cargo.env("SPILLWAY_STEPS", STEPS);
        }
        let mut running = cargo.spawn().map_err(|error| format!("cargo: {error}"))?;
        let began = Instant::now();
        let ended = loop {
            if let Some(status) = running.try_wait().map_err(|error| format!("cargo: {error}"))? {
                break Some(status);
            }
            if began.elapsed() > LIMIT {
                drop(running.kill());
                drop(running.wait());
                break None;
            }
            thread::sleep(Duration::from_millis(200));
        };
        let output = fs::read(&log).map_err(|error| at(&log, &error))?;
        Ok((ended, String::from_utf8_lossy(&output).into_owned()))
    }
}

fn at(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
