//! The state as ArbOS sees and changes it: nothing it looks at becomes warm for the transaction, as only contracts pay for access.

use revm::{
    Database,
    context_interface::ContextTr,
    primitives::{Address, KECCAK_EMPTY, U256},
    state::AccountInfo,
};

use super::context::Ctx;

/// An account as it stands in this transaction, its code included; empty when there is none.
pub(crate) fn peek<DB: Database>(ctx: &mut Ctx<DB>, address: Address) -> Result<AccountInfo, DB::Error> {
    let mut info = match ctx.journaled_state.state.get(&address) {
        Some(account) => account.info.clone(),
        None => ctx.db_mut().basic(address)?.unwrap_or_default(),
    };
    if info.code.is_none() && info.code_hash != KECCAK_EMPTY {
        info.code = Some(ctx.db_mut().code_by_hash(info.code_hash)?);
    }
    Ok(info)
}

/// A storage slot as it stands in this transaction.
pub(crate) fn peek_slot<DB: Database>(ctx: &mut Ctx<DB>, address: Address, slot: U256) -> Result<U256, DB::Error> {
    let account = ctx.journaled_state.state.get(&address);
    match account.and_then(|account| account.storage.get(&slot)) {
        Some(known) => Ok(known.present_value),
        None => ctx.db_mut().storage(address, slot),
    }
}

/// Makes a change for which the journal has to load `accounts`, and leaves those cold that were.
pub(crate) fn without_warming<DB: Database, R>(
    ctx: &mut Ctx<DB>,
    accounts: &[Address],
    change: impl FnOnce(&mut Ctx<DB>) -> R,
) -> R {
    let transaction = ctx.journaled_state.transaction_id;
    let is_cold = |account: &&Address| match ctx.journaled_state.state.get(*account) {
        Some(known) => known.is_cold_transaction_id(transaction),
        None => true,
    };
    let cold: Vec<Address> = accounts.iter().filter(is_cold).copied().collect();
    let changed = change(ctx);
    for address in &cold {
        if let Some(account) = ctx.journaled_state.state.get_mut(address) {
            account.mark_cold();
        }
    }
    changed
}
