//! That `abi/*.sol` and the contracts agree: every function is routed and nothing else is, and every error and event is one
//! that the contracts' code can give and the tests look for.

use interface::{IAuction, IErc20, ILens, IOracle, IPool, IReserve, IShared, IVault};
use std::{collections::BTreeSet, fs, path::Path};
use support::{Contract, native, repository_root};

/// A contract's own functions, and those all contracts share.
fn functions(contract: Contract) -> BTreeSet<[u8; 4]> {
    let own = match contract {
        Contract::Oracle => IOracle::IOracleCalls::SELECTORS,
        Contract::Vault => IVault::IVaultCalls::SELECTORS,
        Contract::Auction => IAuction::IAuctionCalls::SELECTORS,
        Contract::Pool => IPool::IPoolCalls::SELECTORS,
        Contract::Reserve => IReserve::IReserveCalls::SELECTORS,
        Contract::Lens => ILens::ILensCalls::SELECTORS,
    };
    own.iter().chain(IShared::ISharedCalls::SELECTORS).copied().collect()
}

fn name_of(selector: [u8; 4]) -> &'static str {
    IOracle::IOracleCalls::name_by_selector(selector)
        .or_else(|| IVault::IVaultCalls::name_by_selector(selector))
        .or_else(|| IAuction::IAuctionCalls::name_by_selector(selector))
        .or_else(|| IPool::IPoolCalls::name_by_selector(selector))
        .or_else(|| IReserve::IReserveCalls::name_by_selector(selector))
        .or_else(|| ILens::ILensCalls::name_by_selector(selector))
        .or_else(|| IShared::ISharedCalls::name_by_selector(selector))
        .unwrap_or("a function of no interface")
}

#[test]
fn every_function_of_the_interface_is_routed() {
    for contract in Contract::ALL {
        for selector in functions(contract) {
            assert!(native::is_routed(contract, selector), "{contract:?} does not route {}", name_of(selector));
        }
    }
}

#[test]
fn a_function_of_another_interface_is_not_routed() {
    let known: Vec<[u8; 4]> =
        Contract::ALL.into_iter().flat_map(functions).chain(IErc20::IErc20Calls::SELECTORS.iter().copied()).collect();
    for contract in Contract::ALL {
        let own = functions(contract);
        for selector in known.iter().filter(|selector| !own.contains(*selector)) {
            assert!(!native::is_routed(contract, *selector), "{contract:?} routes {}", name_of(*selector));
        }
        // Numbers spread over all selectors; a multiplier coprime to 2^32 meets none twice.
        for index in 0..200_000_u32 {
            let selector = index.wrapping_mul(2_654_435_761).to_be_bytes();
            assert!(
                own.contains(&selector) || !native::is_routed(contract, selector),
                "{contract:?} routes {selector:02x?}"
            );
        }
    }
}

/// Errors and events by the interface that declares them.
fn errors_and_events() -> Vec<(&'static str, &'static str)> {
    let mut names = Vec::new();
    let mut add = |interface, list: &[&'static str]| names.extend(list.iter().map(|name| (interface, *name)));
    add("IShared", IShared::ISharedErrors::VARIANT_NAMES);
    add("IShared", IShared::ISharedEvents::VARIANT_NAMES);
    add("IOracle", IOracle::IOracleErrors::VARIANT_NAMES);
    add("IOracle", IOracle::IOracleEvents::VARIANT_NAMES);
    add("IVault", IVault::IVaultErrors::VARIANT_NAMES);
    add("IVault", IVault::IVaultEvents::VARIANT_NAMES);
    add("IAuction", IAuction::IAuctionErrors::VARIANT_NAMES);
    add("IAuction", IAuction::IAuctionEvents::VARIANT_NAMES);
    add("IPool", IPool::IPoolErrors::VARIANT_NAMES);
    add("IPool", IPool::IPoolEvents::VARIANT_NAMES);
    add("IReserve", IReserve::IReserveErrors::VARIANT_NAMES);
    add("IReserve", IReserve::IReserveEvents::VARIANT_NAMES);
    names
}

#[test]
fn every_error_and_event_is_given_by_the_code() {
    let code = rust_sources(&repository_root().join("src/contracts"));
    assert_eq!(missing_from(&code), Vec::<String>::new());
}

#[test]
fn every_error_and_event_is_looked_for_by_a_test() {
    let code = rust_sources(&repository_root().join("tests"));
    assert_eq!(missing_from(&code), Vec::<String>::new());
}

fn missing_from(code: &str) -> Vec<String> {
    let names = errors_and_events().into_iter().map(|(interface, name)| format!("{interface}::{name}"));
    names.filter(|name| !code.contains(&format!("{name} {{"))).collect()
}

/// All Rust text below a folder.
fn rust_sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            text.push_str(&rust_sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(&path).expect("UTF-8"));
        }
    }
    text
}
