//! Blocks that are only tried out, one after another on the chain as it is or was.

use super::Devnode;
use crate::chain::{
    error::{CallError, TxError},
    record::{Block, MinedTransaction, Receipt},
    request::{BlockOverrides, BlockRef, StateOverrides, TxRequest},
    seal::seal,
    transaction::impersonate,
};

/// A block to try out: what changes before it, its header, and its transactions. `from` may be any address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockDraft {
    /// Accounts changed before the first transaction; they stay so in the blocks that follow.
    pub state_overrides: StateOverrides,
    /// Values of the header other than those it would get.
    pub block_overrides: BlockOverrides,
    /// What is sent, in order.
    pub transactions: Vec<TxRequest>,
}

/// A block that was tried out. No chain has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftedBlock {
    /// The block, with the header it would have.
    pub block: Block,
    /// Its transactions.
    pub transactions: Vec<MinedTransaction>,
    /// What became of each.
    pub receipts: Vec<Receipt>,
}

impl Devnode {
    /// Tries blocks out after the block `base`, each on what the one before it left. Nothing is kept.
    ///
    /// Unless `checked`, gas is free: the base fee is zero where a draft does not set one, and nonces and fee caps are not looked at.
    ///
    /// ```
    /// use alloy_primitives::U256;
    /// use spillway_devnode::{BlockDraft, BlockRef, Devnode, TxRequest};
    ///
    /// let node = Devnode::default();
    /// let (alice, bob) = (node.accounts()[0].address, node.accounts()[1].address);
    /// let send = TxRequest::new(alice).to(bob).value(U256::from(7));
    /// let draft = BlockDraft { transactions: vec![send], ..BlockDraft::default() };
    /// let blocks = node.try_blocks(BlockRef::Latest, vec![draft.clone(), draft], false)?;
    /// assert!(blocks.iter().all(|drafted| drafted.receipts[0].success));
    /// assert_eq!((blocks[1].block.number(), node.block_number()), (2, 0));
    /// # Ok::<(), spillway_devnode::CallError>(())
    /// ```
    ///
    /// # Errors
    /// The block does not exist, a header does not follow the one before, or a transaction could not be put into its block.
    pub fn try_blocks(
        &self,
        base: impl Into<BlockRef>,
        drafts: Vec<BlockDraft>,
        checked: bool,
    ) -> Result<Vec<DraftedBlock>, CallError> {
        let base = base.into();
        self.sure(|node| {
            let mut ahead = node.clone();
            match base {
                BlockRef::Pending => ahead.mine(1),
                base => ahead.data = ahead.data.until(node.data.find(base)?.block.number()),
            }
            drafts.into_iter().map(|draft| ahead.draft(draft, checked)).collect()
        })
    }

    /// Mines a draft.
    fn draft(&mut self, draft: BlockDraft, checked: bool) -> Result<DraftedBlock, CallError> {
        let refused = |reason: String| CallError::from(TxError::Refused(reason));
        let BlockDraft { state_overrides, block_overrides, transactions } = draft;
        let BlockOverrides { number, l1_number, timestamp_secs, base_fee_wei, coinbase, gas_limit, prevrandao } =
            block_overrides;
        let next_number = self.block_number().saturating_add(1);
        if let Some(given) = number.filter(|given| *given != next_number) {
            return Err(refused(format!("block number {given} does not follow, the next is {next_number}")));
        }
        if let Some(secs) = timestamp_secs {
            self.set_next_timestamp(secs).map_err(|error| refused(error.to_string()))?;
        }
        let changed = self.data.newest().state.with_overrides(&state_overrides);
        *self.data.state_mut() = changed;
        let next = &mut self.data.next;
        next.l1_number = l1_number.unwrap_or(next.l1_number);
        next.coinbase = coinbase.unwrap_or(next.coinbase);
        next.gas_limit = gas_limit.or(next.gas_limit);
        next.prevrandao = prevrandao;
        next.base_fee_wei = base_fee_wei.or((!checked).then_some(0));
        let base_fee_wei = u128::from(self.base_fee_wei());
        for request in transactions {
            let request = if checked {
                request
            } else {
                TxRequest {
                    nonce: None,
                    gas_price_wei: None,
                    max_fee_per_gas_wei: Some(base_fee_wei),
                    max_priority_fee_per_gas_wei: None,
                    ..request
                }
            };
            let queued = impersonate(self.fill(&request)?, request.from);
            self.data.queue.push(queued);
        }
        if let Some(dropped) = seal(&self.config, &mut self.data).into_iter().next() {
            return Err(dropped.error.into());
        }
        let limit = self.data.next.gas_limit();
        if let Some(left) = self.data.queue.first() {
            let given = alloy_consensus::Transaction::gas_limit(&left.envelope);
            return Err(TxError::GasAboveBlock { given, limit }.into());
        }
        let sealed = self.data.newest();
        Ok(DraftedBlock {
            block: sealed.block.clone(),
            transactions: sealed.transactions.clone(),
            receipts: sealed.receipts.clone(),
        })
    }
}
