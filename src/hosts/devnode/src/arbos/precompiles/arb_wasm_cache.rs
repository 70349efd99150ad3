//! `ArbWasmCache` at 0x72: which programs are kept compiled, so that entering them costs less.

use alloy_primitives::B256;
use alloy_sol_types::{SolCall, SolInterface};
use revm::Database;

use self::ArbWasmCache::{ArbWasmCacheCalls as Calls, *};
use super::{
    arb_wasm::unusable,
    call::{Call, Done, Fault},
    method::Method,
};
use crate::arbos::state::{self, ProgramError};

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// The cache of programs.
        #[sol(all_derives)]
        interface ArbWasmCache {
            function isCacheManager(address manager) external view returns (bool isManager);
            function allCacheManagers() external view returns (address[] memory managers);
            function cacheCodehash(bytes32 codehash) external;
            function cacheProgram(address program) external;
            function evictCodehash(bytes32 codehash) external;
            function codehashIsCached(bytes32 codehash) external view returns (bool isCached);

            event UpdateProgramCache(address indexed manager, bytes32 indexed codehash, bool cached);
        }
    }
}
pub use abi::ArbWasmCache;

pub(super) const METHODS: &[Method] = &[
    Method::view(isCacheManagerCall::SELECTOR),
    Method::view(allCacheManagersCall::SELECTOR),
    Method::write(cacheCodehashCall::SELECTOR).until(30),
    Method::write(cacheProgramCall::SELECTOR).since(31),
    Method::write(evictCodehashCall::SELECTOR),
    Method::view(codehashIsCachedCall::SELECTOR),
];

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    Ok(match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        Calls::isCacheManager(arguments) => {
            call.burn_reads(1)?;
            isCacheManagerCall::abi_encode_returns(&state::cache_managers().contains(call.ctx, arguments.manager)?)
        }
        Calls::allCacheManagers(_) => {
            let managers = state::cache_managers().all(call.ctx)?;
            call.burn_reads(managers.len() as u64 + 1)?;
            allCacheManagersCall::abi_encode_returns(&managers)
        }
        Calls::cacheCodehash(arguments) => {
            authorise(call)?;
            set_cached(call, arguments.codehash, true)?
        }
        Calls::cacheProgram(arguments) => {
            authorise(call)?;
            let code_hash = call.code_hash(arguments.program)?;
            set_cached(call, code_hash, true)?
        }
        Calls::evictCodehash(arguments) => {
            authorise(call)?;
            set_cached(call, arguments.codehash, false)?
        }
        Calls::codehashIsCached(arguments) => {
            codehashIsCachedCall::abi_encode_returns(&call.record(arguments.codehash)?.cached)
        }
    })
}

/// Lets cache managers and owners of the chain pass; anybody else loses all gas.
fn authorise<DB: Database>(call: &mut Call<'_, DB>) -> Done<(), DB> {
    let caller = call.caller();
    call.burn_reads(1)?;
    if state::cache_managers().contains(call.ctx, caller)? {
        return Ok(());
    }
    call.burn_reads(1)?;
    if state::chain_owners().contains(call.ctx, caller)? { Ok(()) } else { Err(Fault::BurnAll) }
}

/// Puts a program into the cache or takes it out; nothing happens when it is there or gone already.
///
/// A program that may not run is not put in, but one that is in may be taken out.
fn set_cached<DB: Database>(call: &mut Call<'_, DB>, code_hash: B256, cached: bool) -> Done<Vec<u8>, DB> {
    let params = call.params()?;
    let mut record = call.record(code_hash)?;
    if cached {
        if record.version != params.version {
            return unusable(ProgramError::NeedsUpgrade { program: record.version, stylus: params.version });
        }
        if let Err(error) = record.check(&params, call.now_secs()) {
            return unusable(error);
        }
    }
    if record.cached == cached {
        return Ok(Vec::new());
    }
    let manager = call.caller();
    call.emit(&UpdateProgramCache { manager, codehash: code_hash, cached })?;
    call.burn(u64::from(record.init_cost))?;
    // The module is looked up by its hash.
    call.burn_reads(1)?;
    record.cached = cached;
    call.set_record(code_hash, &record)?;
    Ok(Vec::new())
}
