//! Compiled Solidity, as forge leaves it: `FILE.sol/CONTRACT.json` with the creation code under `bytecode.object`.

use crate::error::Failure;
use alloy_primitives::{Bytes, hex};
use std::path::PathBuf;

/// A folder of artifacts.
#[derive(Debug, Clone)]
pub struct Artifacts {
    folder: PathBuf,
}

impl Artifacts {
    /// The artifacts in `folder`.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The creation code of a contract whose file bears its name.
    ///
    /// # Errors
    /// An artifact that is missing, unreadable, or has no code of its own (an interface, or one with libraries to link).
    pub fn creation_code(&self, contract: &str) -> Result<Bytes, Failure> {
        let file = self.folder.join(format!("{contract}.sol")).join(format!("{contract}.json"));
        let path = file.display().to_string();
        let text = std::fs::read_to_string(&file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                Failure::MissingInput { path: path.clone(), remedy: "scripts/setup makes it".into() }
            }
            _ => Failure::UnreadableInput { path: path.clone(), reason: error.to_string() },
        })?;
        let bad = |reason: String| Failure::BadArtifact { path: path.clone(), reason };
        let artifact: serde_json::Value = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
        let object = artifact
            .pointer("/bytecode/object")
            .and_then(serde_json::Value::as_str)
            .ok_or_else(|| bad("there is no text at bytecode.object".into()))?;
        match hex::decode(object) {
            Ok(code) if !code.is_empty() => Ok(code.into()),
            Ok(_) => Err(bad("it has no code: it is abstract or an interface".into())),
            Err(error) => Err(bad(format!("bytecode.object is not hex: {error}"))),
        }
    }
}

#[cfg(test)]
mod tests;
