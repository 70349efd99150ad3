//! The DAO: every change goes through OpenZeppelin's timelock, is scheduled first and executed after its delay.

use super::parameters::TIMELOCK_DELAY_SECS;
use crate::chain::{Chain, ChainError, peers::Timelock};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::SolCall;

/// The timelock and who may propose to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Governance {
    pub(super) timelock: Address,
    pub(super) proposer: Address,
}

/// Calls that the timelock shall make, all or none.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    name: &'static str,
    targets: Vec<Address>,
    payloads: Vec<Bytes>,
}

/// A proposal that waits for its time.
#[derive(Debug, Clone)]
pub(super) struct Scheduled {
    proposal: Proposal,
    /// When it may be executed, seconds since 1970.
    pub(super) ready_at_secs: u64,
}

impl Proposal {
    pub(super) const fn named(name: &'static str) -> Self {
        Self { name, targets: Vec::new(), payloads: Vec::new() }
    }

    /// Adds a call.
    pub(super) fn call<C: SolCall>(mut self, target: Address, call: &C) -> Self {
        self.targets.push(target);
        self.payloads.push(call.abi_encode().into());
        self
    }

    /// Two proposals of the same calls differ by their names.
    fn salt(&self) -> B256 {
        keccak256(self.name)
    }

    fn values(&self) -> Vec<U256> {
        vec![U256::ZERO; self.targets.len()]
    }
}

impl Governance {
    pub(super) fn schedule(&self, chain: &mut Chain, proposal: Proposal) -> Result<Scheduled, ChainError> {
        let call = Timelock::scheduleBatchCall {
            targets: proposal.targets.clone(),
            values: proposal.values(),
            payloads: proposal.payloads.clone(),
            predecessor: B256::ZERO,
            salt: proposal.salt(),
            delay: U256::from(TIMELOCK_DELAY_SECS),
        };
        chain.send(&format!("schedule {}", proposal.name), self.proposer, self.timelock, &call)?;
        Ok(Scheduled { proposal, ready_at_secs: chain.now_secs().saturating_add(TIMELOCK_DELAY_SECS) })
    }

    pub(super) fn execute(&self, chain: &mut Chain, scheduled: Scheduled) -> Result<(), ChainError> {
        let proposal = scheduled.proposal;
        let call = Timelock::executeBatchCall {
            values: proposal.values(),
            salt: proposal.salt(),
            targets: proposal.targets,
            payloads: proposal.payloads,
            predecessor: B256::ZERO,
        };
        chain.send(&format!("execute {}", proposal.name), self.proposer, self.timelock, &call)?;
        Ok(())
    }
}
