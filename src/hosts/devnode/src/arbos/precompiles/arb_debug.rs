//! `ArbDebug` at 0xff, on chains that allow it: takes the chain over, changes code, and fails in every way a precompile can.

use alloy_sol_types::{SolCall, SolInterface};
use revm::{
    Database,
    bytecode::Bytecode,
    context_interface::{ContextTr, JournalTr},
};

use self::ArbDebug::{ArbDebugCalls as Calls, *};
use super::{
    call::{Call, Done, Fault, STORAGE_READ_GAS, STORAGE_WRITE_GAS, revert},
    method::Method,
};
use crate::{arbos::state, evm::without_warming};

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// For development chains only.
        #[sol(all_derives)]
        interface ArbDebug {
            function becomeChainOwner() external;
            function overwriteContractCode(address target, bytes calldata newCode) external returns (bytes memory oldCode);
            function customRevert(uint64 number) external pure;
            function legacyError() external pure;
            function events(bool flag, bytes32 value) external payable returns (address caller, uint256 paid);
            function eventsView() external view;
            function panic() external;

            event Basic(bool flag, bytes32 indexed value);
            event Mixed(bool indexed flag, bool not, bytes32 indexed value, address conn, address indexed caller);
            event Store(bool indexed flag, address indexed field, uint24 number, bytes32 value, bytes store);

            error Custom(uint64 number, string message, bool flag);
            error Unused();
        }
    }
}
pub use abi::ArbDebug;

pub(super) const METHODS: &[Method] = &[
    Method::write(becomeChainOwnerCall::SELECTOR),
    Method::write(overwriteContractCodeCall::SELECTOR),
    Method::pure(customRevertCall::SELECTOR),
    Method::pure(legacyErrorCall::SELECTOR),
    Method::payable(eventsCall::SELECTOR),
    Method::view(eventsViewCall::SELECTOR),
    Method::write(panicCall::SELECTOR).since(30),
];

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        Calls::becomeChainOwner(_) => become_owner(call),
        Calls::overwriteContractCode(arguments) => {
            let (_, old) = call.code(arguments.target)?;
            // Bytes that only look like a delegation are kept as they are.
            let code = Bytecode::new_raw_checked(arguments.newCode.clone())
                .unwrap_or_else(|_| Bytecode::new_legacy(arguments.newCode));
            without_warming(call.ctx, &[arguments.target], |ctx| -> Result<(), DB::Error> {
                ctx.journal_mut().load_account(arguments.target)?;
                ctx.journal_mut().set_code(arguments.target, code);
                Ok(())
            })?;
            Ok(overwriteContractCodeCall::abi_encode_returns(&old))
        }
        Calls::customRevert(arguments) => {
            revert(Custom { number: arguments.number, message: "as it was asked to".into(), flag: true })
        }
        Calls::legacyError(_) => Err(Fault::Plain),
        Calls::events(eventsCall { flag, value }) => {
            let (caller, conn) = (call.caller(), call.address());
            call.emit(&Basic { flag: !flag, value })?;
            call.emit(&Mixed { flag, not: !flag, value, conn, caller })?;
            Ok(eventsCall::abi_encode_returns(&eventsReturn { caller, paid: call.value }))
        }
        // A function that only looks has nothing to announce.
        Calls::eventsView(_) => Err(Fault::Plain),
        // A real node recovers from it, and drops the transaction; here it fails as one that cannot go on.
        Calls::panic(_) => Err(Fault::Fatal("called ArbDebug's debug-only Panic method".into())),
    }
}

/// Makes the caller an owner of the chain.
fn become_owner<DB: Database>(call: &mut Call<'_, DB>) -> Done<Vec<u8>, DB> {
    let caller = call.caller();
    call.burn(STORAGE_READ_GAS)?;
    if !state::chain_owners().contains(call.ctx, caller)? {
        // The count is read, then the member, its place and the count are written.
        call.burn(STORAGE_READ_GAS + 3 * STORAGE_WRITE_GAS)?;
        state::chain_owners().add(call.ctx, caller)?;
    }
    Ok(Vec::new())
}
