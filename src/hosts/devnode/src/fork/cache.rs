//! What was read of a forked chain, as a file: one for each chain and block. The block's hash is in the name, because development chains share ids
//! and heights. A file that cannot be read counts as empty, one that cannot be written is left out: everything in it can be fetched again.

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
};

use alloy_primitives::{Address, B256, Bytes, U256};
use serde::{Deserialize, Serialize};

/// An account of the forked chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct KnownAccount {
    pub(super) balance_wei: U256,
    pub(super) nonce: u64,
    pub(super) code_hash: B256,
}

/// What was read so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Known {
    pub(super) accounts: BTreeMap<Address, KnownAccount>,
    pub(super) codes: BTreeMap<B256, Bytes>,
    pub(super) storage: BTreeMap<Address, BTreeMap<U256, U256>>,
}

/// Where the file of a block is.
pub(super) fn file(directory: &Path, chain_id: u64, number: u64, hash: B256) -> PathBuf {
    directory.join(chain_id.to_string()).join(format!("{number}-{hash}.json"))
}

/// What the file holds; nothing when it is not there or is not whole. A code that does not have its hash is not whole.
pub(super) fn load(file: &Path) -> Known {
    let read = std::fs::read(file).ok().and_then(|bytes| serde_json::from_slice::<Known>(&bytes).ok());
    read.filter(|known| known.codes.iter().all(|(hash, code)| alloy_primitives::keccak256(code) == *hash))
        .unwrap_or_default()
}

/// Writes the file beside its place and then moves it there, so that a reader never sees half of it.
pub(super) fn store(file: &Path, known: &Known) -> std::io::Result<()> {
    let directory = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory)?;
    let beside = file.with_extension(format!("{}.part", std::process::id()));
    let written = std::fs::File::create(&beside).and_then(|mut output| {
        output.write_all(&serde_json::to_vec(known)?)?;
        output.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, file)).inspect_err(|_| {
        // Half a file is of no use to anybody.
        let _ = std::fs::remove_file(&beside);
    })
}
