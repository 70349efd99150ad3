//! The node as a Rust value: [`Devnode`]. This file holds its parts and its builder; each group of methods has a file below `api/`.
//!
//! The node is synchronous and deterministic. Nothing runs by itself: a block appears when a transaction is sent or [`Devnode::mine`] is called,
//! and the clock moves only with blocks and when told to.

mod build;
mod deploy;
mod draft;
mod forking;
pub mod node_interface;
mod persist;
mod prepare;
mod program;
mod read;
mod send;
mod simulate;
mod testing;
mod trace;

pub use build::DevnodeBuilder;
pub use draft::{BlockDraft, DraftedBlock};
pub use prepare::Declared;
pub use program::ProgramInfo;
pub use simulate::CallOutcome;
pub use trace::{AccountImage, OpcodeReport, StateTrace};

use crate::{
    chain::{
        accounts::DevAccount,
        config::ChainConfig,
        store::{ChainData, Sealed},
    },
    fork::Origin,
};
use std::{collections::BTreeMap, sync::Arc};

/// A chain in memory, its own or one that goes on from another chain.
///
/// ```
/// use alloy_primitives::U256;
/// use spillway_devnode::{Devnode, TxRequest};
///
/// let mut node = Devnode::builder().chain_id(412_346).build();
/// let (alice, bob) = (node.accounts()[0].address, node.accounts()[1].address);
/// let before = node.balance(bob);
/// let receipt = node.transact(TxRequest::new(alice).to(bob).value(U256::from(7)))?;
/// assert!(receipt.success);
/// assert_eq!(receipt.gas_used, 21_000);
/// assert_eq!(node.balance(bob), before.saturating_add(U256::from(7)));
/// # Ok::<(), spillway_devnode::TxError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Devnode {
    /// What it was made of.
    made: DevnodeBuilder,
    config: ChainConfig,
    accounts: Vec<DevAccount>,
    data: ChainData,
    /// The block a fork begins at, and the chain it is of.
    fork: Option<(Sealed, Arc<Origin>)>,
    snapshots: BTreeMap<u64, ChainData>,
    next_snapshot: u64,
}
