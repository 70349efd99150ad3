//! Sending transactions.

use alloy_primitives::{B256, U256};

use super::Devnode;
use crate::{
    arbos::precompiles::pricing::Price,
    chain::{
        admission::admit,
        error::TxError,
        record::Receipt,
        request::TxRequest,
        run::{StateSlots, next_context},
        seal::{Dropped, seal},
        store::QueuedTransaction,
        transaction::{decode, impersonate},
    },
};

impl Devnode {
    /// Sends a transaction and mines it, together with whatever waits.
    ///
    /// `from` may be any address. A transaction that reverts is mined: look at [`Receipt::success`], or use [`Receipt::succeeded`].
    ///
    /// # Errors
    /// Why it was refused; then nothing has changed.
    pub fn transact(&mut self, request: TxRequest) -> Result<Receipt, TxError> {
        self.whole(|node| {
            let queued = node.prepare(&request)?;
            let hash = queued.hash;
            node.data.queue.push(queued);
            node.mine_queue(hash)?;
            node.receipt(hash).cloned().ok_or_else(|| TxError::Refused("the block left the transaction out".into()))
        })
    }

    /// Sends a transaction. It is mined at once when automining is on, and waits otherwise.
    ///
    /// # Errors
    /// Why it was refused.
    pub fn submit(&mut self, request: TxRequest) -> Result<B256, TxError> {
        self.whole(|node| {
            let queued = node.prepare(&request)?;
            node.enqueue(queued)
        })
    }

    /// Sends a signed transaction, of type 0, 1, 2 or 4, as [`Devnode::submit`] does.
    ///
    /// # Errors
    /// Why it was refused.
    pub fn send_raw(&mut self, raw: &[u8]) -> Result<B256, TxError> {
        let queued = decode(raw)?;
        self.whole(|node| {
            admit(&node.config, &node.data, &queued, node.base_fee_wei())?;
            node.enqueue(queued)
        })
    }

    fn enqueue(&mut self, queued: QueuedTransaction) -> Result<B256, TxError> {
        let hash = queued.hash;
        self.data.queue.push(queued);
        if self.data.automine {
            self.mine_queue(hash)?;
        }
        Ok(hash)
    }

    /// Mines the queue. An error means that `hash` is not in the block after all.
    fn mine_queue(&mut self, hash: B256) -> Result<(), TxError> {
        let dropped = seal(&self.config, &mut self.data);
        match dropped.into_iter().find(|dropped| dropped.transaction.hash == hash) {
            Some(Dropped { error, .. }) => Err(error),
            None => Ok(()),
        }
    }

    /// Fills a request in, signs it when the key is known, and checks it.
    fn prepare(&self, request: &TxRequest) -> Result<QueuedTransaction, TxError> {
        let queued = match self.sign(request)? {
            Some(envelope) => {
                QueuedTransaction { hash: *envelope.tx_hash(), envelope, from: request.from, impersonated: false }
            }
            None => impersonate(self.fill(request)?, request.from),
        };
        admit(&self.config, &self.data, &queued, self.base_fee_wei())?;
        Ok(queued)
    }

    /// The price of a unit of L1 data in wei, as the owner set it; zero on a fresh chain.
    pub fn l1_data_price_wei(&self) -> U256 {
        let Ok(wei) = Price::L1DataUnit.get(&mut StateSlots(&self.data.newest().state));
        wei
    }

    /// The price of a unit of gas in the next block, in wei.
    pub fn base_fee_wei(&self) -> u64 {
        next_context(&self.data).base_fee
    }
}
