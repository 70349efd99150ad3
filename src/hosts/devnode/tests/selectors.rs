//! Every function, event and error of the precompiles beside a list of what the chain has: `selectors.tsv`, one a line, with its signature,
//! its selector or topic, and whether this node has it. A setter of ArbOwner whose argument is a structure is left out.

use std::collections::BTreeSet;

use alloy_primitives::{hex, keccak256};
use spillway_devnode::arbos::precompiles::{
    arb_address_table::ArbAddressTable, arb_aggregator::ArbAggregator, arb_debug::ArbDebug, arb_gas_info::ArbGasInfo,
    arb_info::ArbInfo, arb_owner::ArbOwner, arb_owner_public::ArbOwnerPublic, arb_retryable_tx::ArbRetryableTx,
    arb_statistics::ArbStatistics, arb_sys::ArbSys, arb_wasm::ArbWasm, arb_wasm_cache::ArbWasmCache,
    arbos_acts::ArbosActs, arbos_test::ArbosTest,
};

const LIST: &str = include_str!("selectors.tsv");

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    interface: &'static str,
    kind: &'static str,
    signature: String,
    selector: String,
}

/// The list, each entry with whether this node has it.
fn listed() -> Vec<(Entry, bool)> {
    LIST.lines()
        .map(|line| {
            let [interface, kind, signature, selector, place] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("five columns: {line}")
            };
            let entry = Entry { interface, kind, signature: signature.into(), selector: selector.into() };
            (entry, place == "here")
        })
        .collect()
}

fn entries<const N: usize>(
    interface: &'static str,
    kind: &'static str,
    signatures: &[&str],
    selectors: &[[u8; N]],
) -> Vec<Entry> {
    assert_eq!(signatures.len(), selectors.len());
    let pairs = signatures.iter().zip(selectors);
    pairs
        .map(|(signature, selector)| Entry {
            interface,
            kind,
            signature: (*signature).to_owned(),
            selector: hex::encode(selector),
        })
        .collect()
}

/// What the interfaces in this crate declare.
macro_rules! declared {
    ($($interface:ident { $($kind:literal $of:ident),* })*) => {
        [$($(entries(
            stringify!($interface),
            $kind,
            $interface::$of::SIGNATURES,
            $interface::$of::SELECTORS,
        )),*),*].into_iter().flatten().collect::<BTreeSet<Entry>>()
    };
}

fn declared() -> BTreeSet<Entry> {
    declared! {
        ArbAddressTable { "function" ArbAddressTableCalls }
        ArbAggregator { "function" ArbAggregatorCalls }
        ArbDebug { "function" ArbDebugCalls, "error" ArbDebugErrors, "event" ArbDebugEvents }
        ArbGasInfo { "function" ArbGasInfoCalls }
        ArbInfo { "function" ArbInfoCalls }
        ArbOwner { "function" ArbOwnerCalls, "event" ArbOwnerEvents }
        ArbOwnerPublic { "function" ArbOwnerPublicCalls, "event" ArbOwnerPublicEvents }
        ArbRetryableTx { "function" ArbRetryableTxCalls, "error" ArbRetryableTxErrors }
        ArbStatistics { "function" ArbStatisticsCalls }
        ArbSys { "function" ArbSysCalls, "error" ArbSysErrors, "event" ArbSysEvents }
        ArbWasm { "function" ArbWasmCalls, "error" ArbWasmErrors, "event" ArbWasmEvents }
        ArbWasmCache { "function" ArbWasmCacheCalls, "event" ArbWasmCacheEvents }
        ArbosActs { "function" ArbosActsCalls, "error" ArbosActsErrors }
        ArbosTest { "function" ArbosTestCalls }
    }
}

#[test]
fn every_selector_of_the_list_is_the_hash_of_its_signature() {
    let all = listed();
    assert_eq!(all.len(), 215);
    for (entry, _) in all {
        let hash = hex::encode(keccak256(&entry.signature));
        let length = if entry.kind == "event" { 64 } else { 8 };
        assert_eq!(entry.selector, hash[..length], "{} {}", entry.interface, entry.signature);
    }
}

#[test]
fn this_node_has_what_the_list_says_and_nothing_else() {
    let here: BTreeSet<Entry> = listed().into_iter().filter(|(_, here)| *here).map(|(entry, _)| entry).collect();
    let declared = declared();
    let (more, less): (Vec<_>, Vec<_>) = (declared.difference(&here).collect(), here.difference(&declared).collect());
    assert!(more.is_empty() && less.is_empty(), "not in the list: {more:?}\nnot in the interfaces: {less:?}");
}

/// Figures that clients and tools hold in their own code, so that a wrong list is found out too.
#[test]
fn the_selectors_clients_know_are_in_the_list() {
    let known = [
        ("ArbSys", "arbBlockNumber()", "a3b1b31d"),
        ("ArbSys", "arbBlockHash(uint256)", "2b407a82"),
        ("ArbSys", "arbChainID()", "d127f54a"),
        ("ArbSys", "arbOSVersion()", "051038f2"),
        ("ArbSys", "withdrawEth(address)", "25e16063"),
        ("ArbSys", "sendTxToL1(address,bytes)", "928c169a"),
        ("ArbSys", "InvalidBlockNumber(uint256,uint256)", "d5dc642d"),
        ("ArbInfo", "getBalance(address)", "f8b2cb4f"),
        ("ArbInfo", "getCode(address)", "7e105ce2"),
        ("ArbGasInfo", "getPricesInWei()", "41b247a8"),
        ("ArbGasInfo", "getL1BaseFeeEstimate()", "f5d6ded7"),
        ("ArbGasInfo", "getMultiGasBaseFee()", "c0e10bbb"),
        ("ArbWasm", "activateProgram(address)", "58c780c2"),
        ("ArbWasm", "codehashVersion(bytes32)", "d70c0ca7"),
        ("ArbWasm", "stylusVersion()", "a996e0c2"),
        ("ArbWasm", "programInitGas(address)", "62b688aa"),
        ("ArbWasm", "ProgramNotWasm()", "27f38212"),
        ("ArbWasm", "ProgramNotActivated()", "6f809c4e"),
        ("ArbWasm", "ProgramNeedsUpgrade(uint16,uint16)", "637d968f"),
        ("ArbWasm", "ProgramExpired(uint64)", "c9b12e52"),
        ("ArbWasm", "ProgramUpToDate()", "cc944bf2"),
        ("ArbWasm", "ProgramKeepaliveTooSoon(uint64)", "16bd0cf8"),
        ("ArbWasm", "ProgramInsufficientValue(uint256,uint256)", "09781ab7"),
        ("ArbWasmCache", "allCacheManagers()", "0ec1d773"),
        ("ArbWasmCache", "cacheProgram(address)", "e73ac9f2"),
        ("ArbOwner", "scheduleArbOSUpgrade(uint64,uint64)", "e388b381"),
        ("ArbOwner", "setInkPrice(uint32)", "8c1d4fda"),
        ("ArbOwnerPublic", "rectifyChainOwner(address)", "6fe86373"),
        ("ArbRetryableTx", "redeem(bytes32)", "eda1122c"),
        ("ArbStatistics", "getStats()", "c59d4847"),
        ("ArbDebug", "becomeChainOwner()", "0e5bbc11"),
        ("ArbosTest", "burnArbGas(uint256)", "bb3480f9"),
        ("ArbosActs", "startBlock(uint256,uint64,uint64,uint64)", "6bf6a42d"),
    ];
    let all = listed();
    for (interface, signature, selector) in known {
        let found = all.iter().find(|(entry, _)| entry.interface == interface && entry.signature == signature);
        assert_eq!(found.map(|(entry, _)| entry.selector.as_str()), Some(selector), "{interface} {signature}");
    }
    let topics = [
        ("ProgramActivated", "c0e812780707128d9a180db8ee4d1c1f1300b6dd0626d577b5d9ac759b76253c"),
        ("ProgramLifetimeExtended", "03802ba32e3bd489d2ab04abb93d10687e0b6883bcb091206ca75172d248f2ec"),
        ("UpdateProgramCache", "1bfaa29b4618e78f5b398027d530826dbb266dc976a5067f67fdad15434ecfab"),
        ("L2ToL1Tx", "3e7aafa77dbf186b7fd488006beff893744caa3c4f6f299e8a709fa2087374fc"),
        ("OwnerActs", "3c9e6a772755407311e3b35b3ee56799df8f87395941b3a658eee9e08a67ebda"),
    ];
    for (name, topic) in topics {
        let found = all.iter().find(|(entry, _)| entry.signature.starts_with(&format!("{name}(")));
        assert_eq!(found.map(|(entry, _)| entry.selector.as_str()), Some(topic), "{name}");
    }
}
