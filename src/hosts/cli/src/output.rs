//! Writing to stdout and to files: a reader that has gone away and a file that cannot be written are told apart from each other.

use crate::error::Failure;
use std::{
    io::{ErrorKind, Write},
    path::Path,
};

/// Writes one line to stdout.
pub(crate) fn print_line(line: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::OutputClosed,
        _ => Failure::Unwritable { path: "stdout".into(), reason: error.to_string() },
    })
}

/// A file that is written later, and whose place is known to be writable now.
///
/// The text is written beside the target and renamed onto it, so that a reader finds the old file or the whole new one.
pub(crate) struct PendingFile {
    target: std::path::PathBuf,
    draft: tempfile::NamedTempFile,
}

impl PendingFile {
    /// Makes sure that `target` can be written, creating its folder where that is missing.
    pub(crate) fn prepare(target: &Path) -> Result<Self, Failure> {
        let unwritable = |reason: String| Failure::Unwritable { path: target.display().to_string(), reason };
        if target.is_dir() {
            return Err(unwritable("it is a directory".into()));
        }
        let folder = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        std::fs::create_dir_all(folder).map_err(|error| unwritable(error.to_string()))?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".spillway-");
        // A report is to be read by others too; temporary files are not, unless told so.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        let draft = builder.tempfile_in(folder).map_err(|error| unwritable(error.to_string()))?;
        Ok(Self { target: target.to_owned(), draft })
    }

    /// Puts `text` in place.
    pub(crate) fn write(mut self, text: &str) -> Result<(), Failure> {
        let unwritable = |reason: String| Failure::Unwritable { path: self.target.display().to_string(), reason };
        self.draft.write_all(text.as_bytes()).map_err(|error| unwritable(error.to_string()))?;
        self.draft.persist(&self.target).map_err(|error| unwritable(error.error.to_string()))?;
        Ok(())
    }
}
