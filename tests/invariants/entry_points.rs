//! That the handler calls every function of `abi/I*.sol` that can change something.

use crate::ledger::contracts;
use alloy_primitives::Address;
use interface::{IAuction, IOracle, IPool, IReserve, IShared, IVault};
use std::{collections::BTreeSet, fs};
use support::{System, repository_root};

/// The interfaces of the contracts in the order of [`contracts`], and what calls them by selector.
type Named = fn([u8; 4]) -> Option<&'static str>;
const INTERFACES: [(&str, Named); 6] = [
    ("IOracle", IOracle::IOracleCalls::name_by_selector),
    ("IVault", IVault::IVaultCalls::name_by_selector),
    ("IAuction", IAuction::IAuctionCalls::name_by_selector),
    ("IPool", IPool::IPoolCalls::name_by_selector),
    ("IReserve", IReserve::IReserveCalls::name_by_selector),
    ("ILens", |_| None),
];

/// What the handler cannot call, and why.
const EXCEPTIONS: [(&str, &str); 1] =
    // A buyer's contract has it and the auction contract calls it, in each take with a callback.
    [("IAuction", "onSpillwayTake")];

/// Calls by the names of interface and function; what is shared by the interface of the contract that was called.
pub(crate) fn named(system: &System, called: &BTreeSet<(Address, [u8; 4])>) -> BTreeSet<(&'static str, &'static str)> {
    let of = |(to, selector): &(Address, [u8; 4])| {
        let index = contracts(system).iter().position(|contract| contract == to)?;
        let (interface, name) = INTERFACES[index];
        let name = name(*selector).or_else(|| IShared::ISharedCalls::name_by_selector(*selector))?;
        Some((interface, name))
    };
    called.iter().filter_map(of).collect()
}

/// The functions of an interface that are no views, as its Solidity has them.
fn changing(interface: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(repository_root().join(format!("abi/{interface}.sol"))).expect("an interface");
    let mut found = BTreeSet::new();
    for part in text.split("\n    function ").skip(1) {
        let declaration = part.split_once(';').expect("a declaration").0;
        let (name, rest) = declaration.split_once('(').expect("parameters");
        if !rest.contains(" view") && !rest.contains(" pure") {
            found.insert(name.to_owned());
        }
    }
    found
}

/// Fails where there is a function that was never called.
pub(crate) fn all_are_called(called: &BTreeSet<(&'static str, &'static str)>) {
    let shared = changing("IShared");
    let mut missing = Vec::new();
    for (interface, _) in INTERFACES {
        let own = changing(interface);
        assert!(!own.is_empty() || interface == "ILens", "{interface} was read");
        for name in own.iter().chain(&shared) {
            let is_called = called.contains(&(interface, name.as_str()));
            let is_exempt = EXCEPTIONS.contains(&(interface, name.as_str()));
            if is_called == is_exempt {
                missing.push(format!("{interface}.{name}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "never called, or called and excepted");
}
