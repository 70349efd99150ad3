//! `ArbWasm` at 0x71: activates Stylus programs and tells what is known of them.

use std::fmt::Display;

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolInterface};
use revm::{
    Database,
    context_interface::{ContextTr, JournalTr},
};

use self::ArbWasm::{ArbWasmCalls as Calls, *};
use super::{
    call::{Call, Done, Fault, STORAGE_WRITE_GAS, WORD_GAS, revert, words},
    fees,
    method::Method,
};
use crate::{
    arbos::state::{self, PAGE_RAMP, ProgramError, ProgramRecord, StylusParams},
    vm::{ModuleKey, prepare},
    wasm::{
        format::{self, FormatError},
        fragments::{self, Root},
        price::{cached_gas, init_gas},
        program::{ActivationConfig, activate_wasm},
    },
};

mod abi {
    #![allow(missing_docs, clippy::too_many_arguments)]
    alloy_sol_types::sol! {
        /// Stylus programs: activation and what is known of them.
        #[sol(all_derives)]
        interface ArbWasm {
            function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
            function codehashKeepalive(bytes32 codehash) external payable;
            function stylusVersion() external view returns (uint16 version);
            function codehashVersion(bytes32 codehash) external view returns (uint16 version);
            function codehashAsmSize(bytes32 codehash) external view returns (uint32 size);
            function programVersion(address program) external view returns (uint16 version);
            function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
            function programMemoryFootprint(address program) external view returns (uint16 footprint);
            function programTimeLeft(address program) external view returns (uint64 secs);
            function inkPrice() external view returns (uint32 price);
            function maxStackDepth() external view returns (uint32 depth);
            function freePages() external view returns (uint16 pages);
            function pageGas() external view returns (uint16 gas);
            function pageRamp() external view returns (uint64 ramp);
            function pageLimit() external view returns (uint16 limit);
            function minInitGas() external view returns (uint64 gas, uint64 cached);
            function initCostScalar() external view returns (uint64 percent);
            function expiryDays() external view returns (uint16 numDays);
            function keepaliveDays() external view returns (uint16 numDays);
            function blockCacheSize() external view returns (uint16 count);
            function activationGas() external view returns (uint64 gas);

            event ProgramActivated(bytes32 indexed codehash, bytes32 moduleHash, address program, uint256 dataFee, uint16 version);
            event ProgramLifetimeExtended(bytes32 indexed codehash, uint256 dataFee);

            error ProgramNotWasm();
            error ProgramNotActivated();
            error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
            error ProgramExpired(uint64 ageInSeconds);
            error ProgramUpToDate();
            error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
            error ProgramInsufficientValue(uint256 have, uint256 want);
        }
    }
}
pub use abi::ArbWasm;

pub(super) const METHODS: &[Method] = &[
    Method::payable(activateProgramCall::SELECTOR),
    Method::payable(codehashKeepaliveCall::SELECTOR),
    Method::view(stylusVersionCall::SELECTOR),
    Method::view(codehashVersionCall::SELECTOR),
    Method::view(codehashAsmSizeCall::SELECTOR),
    Method::view(programVersionCall::SELECTOR),
    Method::view(programInitGasCall::SELECTOR),
    Method::view(programMemoryFootprintCall::SELECTOR),
    Method::view(programTimeLeftCall::SELECTOR),
    Method::view(inkPriceCall::SELECTOR),
    Method::view(maxStackDepthCall::SELECTOR),
    Method::view(freePagesCall::SELECTOR),
    Method::view(pageGasCall::SELECTOR),
    Method::view(pageRampCall::SELECTOR),
    Method::view(pageLimitCall::SELECTOR),
    Method::view(minInitGasCall::SELECTOR).since(31),
    Method::view(initCostScalarCall::SELECTOR),
    Method::view(expiryDaysCall::SELECTOR),
    Method::view(keepaliveDaysCall::SELECTOR),
    Method::view(blockCacheSizeCall::SELECTOR),
    Method::view(activationGasCall::SELECTOR).since(60),
];

/// Gas taken before an activation looks at anything.
const ACTIVATION_GAS: u64 = 1_659_168;
/// The version of ArbOS that brought programs in fragments.
const FRAGMENTS: u64 = 60;
const COLD_ACCOUNT_GAS: u64 = 2_600;
const WARM_GAS: u64 = 100;
const SECS_PER_DAY: u64 = 86_400;
const BYTES_PER_KB: u32 = 1_024;

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    Ok(match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        Calls::activateProgram(arguments) => {
            let (version, fee_wei) = activate(call, arguments.program)?;
            activateProgramCall::abi_encode_returns(&activateProgramReturn { version, dataFee: fee_wei })
        }
        Calls::codehashKeepalive(arguments) => {
            keep_alive(call, arguments.codehash)?;
            Vec::new()
        }
        Calls::stylusVersion(_) => stylusVersionCall::abi_encode_returns(&call.params()?.version),
        Calls::codehashVersion(arguments) => {
            codehashVersionCall::abi_encode_returns(&usable(call, arguments.codehash)?.1.version)
        }
        Calls::codehashAsmSize(arguments) => {
            let (_, record) = usable(call, arguments.codehash)?;
            codehashAsmSizeCall::abi_encode_returns(&record.asm_estimate_kb.saturating_mul(BYTES_PER_KB))
        }
        Calls::programVersion(arguments) => {
            programVersionCall::abi_encode_returns(&usable_at(call, arguments.program)?.1.version)
        }
        Calls::programInitGas(arguments) => {
            let (params, record) = usable_at(call, arguments.program)?;
            let cached = cached_gas(record.cached_cost, params.min_cached_init_gas, params.cached_cost_scalar);
            let own = init_gas(record.init_cost, params.min_init_gas, params.init_cost_scalar);
            let gas = if record.version > 1 { own.saturating_add(cached) } else { own };
            programInitGasCall::abi_encode_returns(&programInitGasReturn { gas, gasWhenCached: cached })
        }
        Calls::programMemoryFootprint(arguments) => {
            programMemoryFootprintCall::abi_encode_returns(&usable_at(call, arguments.program)?.1.footprint_pages)
        }
        Calls::programTimeLeft(arguments) => {
            let (params, record) = usable_at(call, arguments.program)?;
            let life = u64::from(params.expiry_days).saturating_mul(SECS_PER_DAY);
            programTimeLeftCall::abi_encode_returns(&life.saturating_sub(record.age_secs(call.now_secs())))
        }
        Calls::inkPrice(_) => inkPriceCall::abi_encode_returns(&call.params()?.ink_price),
        Calls::maxStackDepth(_) => maxStackDepthCall::abi_encode_returns(&call.params()?.max_stack_depth),
        Calls::freePages(_) => freePagesCall::abi_encode_returns(&call.params()?.free_pages),
        Calls::pageGas(_) => pageGasCall::abi_encode_returns(&call.params()?.page_gas),
        Calls::pageRamp(_) => {
            call.params()?;
            pageRampCall::abi_encode_returns(&PAGE_RAMP)
        }
        Calls::pageLimit(_) => pageLimitCall::abi_encode_returns(&call.params()?.page_limit),
        Calls::minInitGas(_) => {
            let params = call.params()?;
            minInitGasCall::abi_encode_returns(&minInitGasReturn {
                gas: u64::from(params.min_init_gas) * MIN_INIT_GAS_UNIT,
                cached: u64::from(params.min_cached_init_gas) * MIN_CACHED_INIT_GAS_UNIT,
            })
        }
        Calls::initCostScalar(_) => {
            initCostScalarCall::abi_encode_returns(&(u64::from(call.params()?.init_cost_scalar) * SCALAR_PERCENT_UNIT))
        }
        Calls::expiryDays(_) => expiryDaysCall::abi_encode_returns(&call.params()?.expiry_days),
        Calls::keepaliveDays(_) => keepaliveDaysCall::abi_encode_returns(&call.params()?.keepalive_days),
        Calls::blockCacheSize(_) => blockCacheSizeCall::abi_encode_returns(&call.params()?.block_cache_size),
        Calls::activationGas(_) => activationGasCall::abi_encode_returns(&extra_activation_gas(call)?),
    })
}

/// Gas in one unit of the least init gas.
pub(super) const MIN_INIT_GAS_UNIT: u64 = 128;
/// Gas in one unit of the least cached init gas.
pub(super) const MIN_CACHED_INIT_GAS_UNIT: u64 = 32;
/// Percent in one unit of a cost scalar.
pub(super) const SCALAR_PERCENT_UNIT: u64 = 2;

/// The fault of a program that may not run.
pub(super) fn unusable<T, E>(error: ProgramError) -> Result<T, Fault<E>> {
    match error {
        ProgramError::NotActivated => revert(ProgramNotActivated {}),
        ProgramError::NeedsUpgrade { program, stylus } => {
            revert(ProgramNeedsUpgrade { version: program, stylusVersion: stylus })
        }
        ProgramError::Expired { age_secs } => revert(ProgramExpired { ageInSeconds: age_secs }),
    }
}

/// The parameters and the record of a program that may run.
fn usable<DB: Database>(call: &mut Call<'_, DB>, code_hash: B256) -> Done<(StylusParams, ProgramRecord), DB> {
    let params = call.params()?;
    let record = call.record(code_hash)?;
    match record.check(&params, call.now_secs()) {
        Ok(()) => Ok((params, record)),
        Err(error) => unusable(error),
    }
}

fn usable_at<DB: Database>(call: &mut Call<'_, DB>, program: Address) -> Done<(StylusParams, ProgramRecord), DB> {
    let code_hash = call.code_hash(program)?;
    usable(call, code_hash)
}

/// Checks and meters the code of `program`, records it under its hash and takes the data fee. Gives the version and the fee in wei.
fn activate<DB: Database>(call: &mut Call<'_, DB>, program: Address) -> Done<(u16, U256), DB> {
    if call.chain().arbos_version >= FRAGMENTS {
        let extra_gas = extra_activation_gas(call)?;
        call.burn(extra_gas)?;
    }
    call.burn(ACTIVATION_GAS)?;
    let params = call.params()?;
    let (code_hash, code) = call.code(program)?;
    let old = call.record(code_hash)?;
    let now = call.now_secs();
    if old.check(&params, now).is_ok() {
        return revert(ProgramUpToDate {});
    }

    let max_wasm_size = usize::try_from(params.max_wasm_size_bytes).unwrap_or(usize::MAX);
    let wasm = unpack(call, &code, max_wasm_size, params.max_fragment_count)?;
    let config = ActivationConfig {
        arbos_version: call.chain().arbos_version,
        max_wasm_size,
        page_limit: params.page_limit.saturating_sub(call.frame.open_pages),
        debug: call.chain().debug_precompiles,
    };
    let failed = |error: &dyn Display| Fault::Fatal(format!("program activation failed: {error}"));
    let activated = activate_wasm(wasm, &config).map_err(|error| failed(&error))?;
    let hash = module_hash(code_hash, params.version, &activated.wasm);
    let key = ModuleKey {
        codehash: if fragments::is_root(&code, config.arbos_version) { hash } else { code_hash },
        params_version: params.version,
        arbos_version: config.arbos_version,
        debug: config.debug,
    };
    prepare(key, &activated.instrumented).map_err(|error| failed(&error))?;
    call.burn(activated.parse_gas)?;

    call.burn(STORAGE_WRITE_GAS)?;
    state::set_module_hash(call.ctx, code_hash, hash)?;
    if old.cached {
        // A cached program is compiled anew, and its old module is looked up for that.
        call.burn_reads(1)?;
    }
    let fee_wei = fees::quote(call, activated.asm_estimate_bytes)?;
    let record = ProgramRecord {
        version: params.version,
        init_cost: activated.init_cost,
        cached_cost: activated.cached_cost,
        footprint_pages: activated.footprint_pages,
        activated_at_hours: ProgramRecord::hours_at(now),
        asm_estimate_kb: activated.asm_estimate_bytes.div_ceil(BYTES_PER_KB),
        cached: old.cached,
    };
    call.set_record(code_hash, &record)?;
    fees::pay(call, fee_wei)?;
    call.emit(&ProgramActivated {
        codehash: code_hash,
        moduleHash: hash,
        program,
        dataFee: fee_wei,
        version: params.version,
    })?;
    Ok((params.version, fee_wei))
}

/// The module in the code of a program, or in the fragments its code names.
fn unpack<DB: Database>(
    call: &mut Call<'_, DB>,
    code: &[u8],
    max_wasm_size: usize,
    max_fragments: u8,
) -> Done<Vec<u8>, DB> {
    let version = call.chain().arbos_version;
    if code.is_empty() || (version >= FRAGMENTS && !format::is_stylus_component(code, version)) {
        return revert(ProgramNotWasm {});
    }
    if !fragments::is_root(code, version) {
        return format::decompress(code, max_wasm_size).map_err(not_unpacked);
    }
    let root = Root::read(code, max_wasm_size, usize::from(max_fragments)).map_err(not_unpacked)?;
    let mut stream = Vec::new();
    for address in &root.fragments {
        let fragment = read_fragment(call, *address)?;
        stream.extend(fragments::payload(&fragment).map_err(not_unpacked)?);
    }
    root.unpack(&stream).map_err(not_unpacked)
}

/// A stream that cannot be unpacked reverts without words, as on a real chain. One that needs the chain's own dictionary would be unpacked there,
/// so here it fails in words.
fn not_unpacked<E>(error: FormatError) -> Fault<E> {
    match error {
        FormatError::ChainDictionary => Fault::Fatal(format!("program activation failed: {error}")),
        _ => Fault::Plain,
    }
}

/// Reads a fragment: the account's access and a copy of its code. The gas for the longest code must be there, though less is taken.
fn read_fragment<DB: Database>(call: &mut Call<'_, DB>, address: Address) -> Done<Bytes, DB> {
    let worst_gas = COLD_ACCOUNT_GAS + WORD_GAS * words(call.chain().max_code_size);
    if call.metered && call.gas_left < worst_gas {
        return Err(Fault::BurnAll);
    }
    let account = call.ctx.journal_mut().load_account_with_code(address)?;
    let access_gas = if account.is_cold { COLD_ACCOUNT_GAS } else { WARM_GAS };
    let code = account.data.info.code.as_ref().map(|code| code.original_bytes()).unwrap_or_default();
    call.burn(access_gas + WORD_GAS * words(code.len()))?;
    Ok(code)
}

/// Gas the chain asks for an activation on top of all else; zero unless it was set.
fn extra_activation_gas<DB: Database>(call: &mut Call<'_, DB>) -> Done<u64, DB> {
    call.burn_reads(1)?;
    Ok(state::activation_gas(call.ctx)?)
}

/// A name for the module that was activated: keccak256(code hash ‖ version as 2 bytes ‖ module).
///
/// A real node announces the Merkle root of its proving machine here, which only the prover can compute.
fn module_hash(code_hash: B256, version: u16, wasm: &[u8]) -> B256 {
    keccak256([code_hash.as_slice(), &version.to_be_bytes(), wasm].concat())
}

/// Renews an activation that is old enough, for the data fee of its size.
fn keep_alive<DB: Database>(call: &mut Call<'_, DB>, code_hash: B256) -> Done<(), DB> {
    let (params, mut record) = usable(call, code_hash)?;
    let now = call.now_secs();
    let age_secs = record.age_secs(now);
    if age_secs < u64::from(params.keepalive_days).saturating_mul(SECS_PER_DAY) {
        return revert(ProgramKeepaliveTooSoon { ageInSeconds: age_secs });
    }
    let fee_wei = fees::quote(call, record.asm_estimate_kb.saturating_mul(BYTES_PER_KB))?;
    record.activated_at_hours = ProgramRecord::hours_at(now);
    call.set_record(code_hash, &record)?;
    fees::pay(call, fee_wei)?;
    call.emit(&ProgramLifetimeExtended { codehash: code_hash, dataFee: fee_wei })
}
