//! Keeping a chain: writing it to a document, reading one, and starting over.

use super::Devnode;
use crate::chain::{
    dump::{self, LoadError},
    genesis,
    store::ChainData,
};

impl Devnode {
    /// The whole chain as a JSON document: blocks, receipts, the state after each block, the queue and the clock. Snapshots are left out.
    ///
    /// ```
    /// use alloy_primitives::U256;
    /// use spillway_devnode::{Devnode, TxRequest};
    ///
    /// let mut node = Devnode::default();
    /// let (alice, bob) = (node.accounts()[0].address, node.accounts()[1].address);
    /// node.transact(TxRequest::new(alice).to(bob).value(U256::from(7)))?;
    /// let mut other = Devnode::default();
    /// other.load_state(&node.dump_state())?;
    /// assert_eq!((other.block_number(), other.balance(bob)), (1, node.balance(bob)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn dump_state(&self) -> Vec<u8> {
        dump::write(&self.config, &self.data, self.fork.as_ref().map(|(base, _)| base))
    }

    /// Replaces the chain by one that [`Devnode::dump_state`] wrote. Snapshots taken before still lead back to the chain before.
    ///
    /// # Errors
    /// Why the document is not taken; then nothing has changed.
    pub fn load_state(&mut self, document: &[u8]) -> Result<(), LoadError> {
        self.data = dump::read(&self.config, document, self.fork.as_ref().map(|(base, _)| base))?;
        Ok(())
    }

    /// Goes back to block 0 as it was made, or to the block a fork begins at. Automining, queue, clock and snapshots start over too.
    pub fn reset(&mut self) {
        let first = match &self.fork {
            Some((base, _)) => base.clone(),
            None => genesis::sealed(&self.config, &self.accounts),
        };
        self.data = ChainData::new(first, &self.config);
        self.snapshots.clear();
    }
}
