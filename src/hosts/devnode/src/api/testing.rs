//! What a test does to a chain and no user could: set accounts, move the clock, go back.

use alloy_primitives::{Address, B256, Bytes, U256};

use super::Devnode;
use crate::{
    arbos::precompiles::pricing::Price,
    chain::{
        error::{TimeError, VersionError},
        request::SnapshotId,
        run::StateSlotsMut,
        seal::seal,
        upgrade::upgrade,
    },
};

impl Devnode {
    /// Sets the balance of an account, in wei.
    pub fn set_balance(&mut self, account: Address, wei: U256) {
        self.data.state_mut().set_balance(account, wei);
    }

    /// Sets the nonce of an account.
    pub fn set_nonce(&mut self, account: Address, nonce: u64) {
        self.data.state_mut().set_nonce(account, nonce);
    }

    /// Sets the code of an account. A program put there this way is active when its code was activated elsewhere.
    pub fn set_code(&mut self, account: Address, code: impl Into<Bytes>) {
        self.data.state_mut().set_code(account, code.into());
    }

    /// Sets a storage slot.
    pub fn set_storage(&mut self, account: Address, slot: U256, value: U256) {
        self.data.state_mut().set_slot(account, slot, value);
    }

    /// Sets the time of the next block, in seconds since 1970. The time of the newest block is allowed.
    ///
    /// # Errors
    /// The time is before the newest block's.
    pub fn set_next_timestamp(&mut self, secs: u64) -> Result<(), TimeError> {
        let newest_secs = self.time_secs();
        if secs < newest_secs {
            return Err(TimeError { given_secs: secs, newest_secs });
        }
        self.data.next.timestamp_secs = Some(secs);
        self.data.next.ahead_secs = 0;
        Ok(())
    }

    /// Puts the next block `secs` later than it would be. Gives how much later it is by now, in seconds.
    pub fn increase_time(&mut self, secs: u64) -> u64 {
        let ahead = &mut self.data.next.ahead_secs;
        *ahead = ahead.saturating_add(secs);
        *ahead
    }

    /// Sets how much later than its parent a block is, in seconds.
    pub fn set_block_time(&mut self, secs: u64) {
        self.data.next.block_time_secs = secs;
    }

    /// Puts each block so many seconds after its parent until told otherwise, whatever a server's clock says; `None` ends that.
    pub fn set_block_interval(&mut self, secs: Option<u64>) {
        self.data.next.interval_secs = secs;
    }

    /// What [`Devnode::set_block_interval`] has set.
    pub fn block_interval_secs(&self) -> Option<u64> {
        self.data.next.interval_secs
    }

    /// Mines `count` blocks. The first takes the queue.
    pub fn mine(&mut self, count: u64) {
        for _ in 0..count {
            seal(&self.config, &mut self.data);
        }
    }

    /// Mines `count` blocks, each `interval_secs` later than its parent; the time asked for the next block holds for the first.
    pub fn mine_spaced(&mut self, count: u64, interval_secs: u64) {
        let usual = self.data.next.interval_secs.replace(interval_secs);
        self.mine(count);
        self.data.next.interval_secs = usual;
    }

    /// Whether a transaction is mined as soon as it is sent; it is at first. What waits already waits for the next block.
    pub fn set_automine(&mut self, on: bool) {
        self.data.automine = on;
    }

    /// Whether a transaction is mined as soon as it is sent.
    pub fn automine(&self) -> bool {
        self.data.automine
    }

    /// Takes a waiting transaction out of the queue; `false` when it does not wait.
    pub fn drop_queued(&mut self, hash: B256) -> bool {
        let before = self.data.queue.len();
        self.data.queue.retain(|queued| queued.hash != hash);
        self.data.queue.len() < before
    }

    /// Sets the base fee of the next block alone, in wei.
    pub fn set_next_base_fee_wei(&mut self, wei: u64) {
        self.data.next.base_fee_wei = Some(wei);
    }

    /// Sets the price of gas from the next block on, in wei. No transaction that offers less is taken.
    pub fn set_base_fee_wei(&mut self, wei: u64) {
        let mut slots = StateSlotsMut(self.data.state_mut());
        for price in [Price::BaseFee, Price::MinimumBaseFee] {
            let Ok(()) = price.set(&mut slots, U256::from(wei));
        }
    }

    /// Sets the gas limit of blocks from the next one on. Transactions that no longer fit wait for the block after.
    pub fn set_block_gas_limit(&mut self, gas: u64) {
        self.data.next.gas_limit = Some(gas);
    }

    /// The gas limit the next block states.
    pub fn block_gas_limit(&self) -> u64 {
        self.data.next.gas_limit()
    }

    /// Sets what `PREVRANDAO` gives in the next block alone; it is 1 otherwise. The block states it in its `mixHash`, as on Ethereum.
    pub fn set_next_prevrandao(&mut self, word: B256) {
        self.data.next.prevrandao = Some(word);
    }

    /// Sets the L1 block number that contracts see from the next block on.
    pub fn set_l1_block_number(&mut self, number: u64) {
        self.data.next.l1_number = number;
    }

    /// Brings ArbOS to a later version at once, as an upgrade does that its owner has scheduled: from 31 on programs that were activated
    /// before must be activated again, from 50 on the stack is smaller, from 60 on there are fragments.
    ///
    /// # Errors
    /// The version is before the chain's, or the node does not know it.
    pub fn set_arbos_version(&mut self, version: u64) -> Result<(), VersionError> {
        upgrade(self.data.state_mut(), version)
    }

    /// Sets what `COINBASE` answers from the next block on.
    pub fn set_coinbase(&mut self, coinbase: Address) {
        self.data.next.coinbase = coinbase;
    }

    /// Remembers the chain as it is: blocks, accounts, queue and clock.
    pub fn snapshot(&mut self) -> SnapshotId {
        let id = self.next_snapshot;
        self.next_snapshot = id.saturating_add(1);
        self.snapshots.insert(id, self.data.clone());
        SnapshotId(id)
    }

    /// The snapshots that one can go back to, with the height and the hash of the newest block of each.
    pub fn snapshots(&self) -> impl Iterator<Item = (SnapshotId, u64, B256)> + '_ {
        self.snapshots.iter().map(|(id, data)| {
            let newest = &data.newest().block;
            (SnapshotId(*id), newest.number(), newest.hash)
        })
    }

    /// Goes back to a snapshot, which is used up, as are all taken after it; `false` when there is none of that name.
    pub fn revert(&mut self, id: SnapshotId) -> bool {
        let Some(data) = self.snapshots.remove(&id.0) else {
            return false;
        };
        self.snapshots.split_off(&id.0);
        self.data = data;
        true
    }
}
