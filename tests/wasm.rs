//! What every built contract must be before it can be deployed anywhere: small, alone in its exports, without debugging calls, with little
//! static data and one page of memory, and accepted by the chain.

use devnode::{
    Devnode,
    wasm::format::{normalise, program_code},
};
use std::collections::BTreeSet;
use support::{Contract, contract_wasm};
use wasmparser::{Parser, Payload, TypeRef};

/// The most bytes of code a chain takes without fragments.
const MAX_CODE_BYTES: usize = 24_576;

/// The most bytes of static data each contract may bring: what it brings now, and a little. They are copied into memory at every call,
/// and are what creeps in unseen with a message, a table or a panic's place.
const MAX_DATA_BYTES: [(Contract, usize); 6] = [
    (Contract::Oracle, 1_400),
    (Contract::Vault, 1_600),
    (Contract::Auction, 1_200),
    (Contract::Pool, 720),
    (Contract::Reserve, 880),
    (Contract::Lens, 480),
];

/// What a contract of ours may ask of the machine.
const ALLOWED_IMPORTS: [&str; 25] = [
    "account_codehash",
    "account_code_size",
    "block_timestamp",
    "call_contract",
    "chainid",
    "contract_address",
    "emit_log",
    "evm_gas_left",
    "math_div",
    "math_mul_mod",
    "msg_reentrant",
    "msg_sender",
    "msg_value",
    "native_keccak256",
    "pay_for_memory_grow",
    "read_args",
    "read_return_data",
    "return_data_size",
    "static_call_contract",
    "storage_cache_bytes32",
    "storage_flush_cache",
    "storage_load_bytes32",
    "transient_load_bytes32",
    "transient_store_bytes32",
    "write_result",
];

#[derive(Default)]
struct Module {
    imports: BTreeSet<String>,
    exports: BTreeSet<String>,
    memory_pages: Vec<u64>,
    data_bytes: usize,
}

fn read(wasm: &[u8]) -> Module {
    let mut module = Module::default();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.expect("a built module can be parsed") {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.expect("an import");
                    assert!(matches!(import.ty, TypeRef::Func(_)), "{} is imported and no function", import.name);
                    module.imports.insert(format!("{}.{}", import.module, import.name));
                }
            }
            Payload::ExportSection(exports) => {
                module.exports.extend(exports.into_iter().map(|export| export.expect("an export").name.to_owned()));
            }
            Payload::MemorySection(memories) => {
                module.memory_pages.extend(memories.into_iter().map(|memory| memory.expect("a memory").initial));
            }
            Payload::DataSection(segments) => {
                module.data_bytes = segments.into_iter().map(|segment| segment.expect("a segment").data.len()).sum();
            }
            _ => {}
        }
    }
    module
}

#[test]
fn every_contract_fits_into_one_piece_of_code() {
    for contract in Contract::ALL {
        let normal = normalise(&contract_wasm(contract)).unwrap_or_else(|error| panic!("{contract:?}: {error}"));
        let bytes = program_code(&normal).len();
        assert!(bytes <= MAX_CODE_BYTES, "{contract:?} has {bytes} bytes of code, {MAX_CODE_BYTES} are allowed");
    }
}

#[test]
fn every_contract_exports_its_entry_point_and_its_memory() {
    for contract in Contract::ALL {
        let exports = read(&contract_wasm(contract)).exports;
        for name in ["user_entrypoint", "memory"] {
            assert!(exports.contains(name), "{contract:?} does not export {name}: {exports:?}");
        }
    }
}

#[test]
fn every_contract_asks_the_machine_only_for_what_it_needs() {
    let allowed: BTreeSet<String> = ALLOWED_IMPORTS.iter().map(|name| format!("vm_hooks.{name}")).collect();
    for contract in Contract::ALL {
        let imports = read(&contract_wasm(contract)).imports;
        let more: Vec<&String> = imports.difference(&allowed).collect();
        assert!(more.is_empty(), "{contract:?} imports {more:?}");
        assert!(!imports.is_empty(), "{contract:?} imports nothing, so it does nothing");
    }
}

#[test]
fn every_contract_begins_with_one_page_of_memory() {
    for contract in Contract::ALL {
        assert_eq!(read(&contract_wasm(contract)).memory_pages, [1], "{contract:?}");
    }
}

#[test]
fn every_contract_keeps_its_static_data_small() {
    assert_eq!(MAX_DATA_BYTES.map(|(contract, _)| contract), Contract::ALL);
    for (contract, most) in MAX_DATA_BYTES {
        let bytes = read(&contract_wasm(contract)).data_bytes;
        assert!(bytes <= most, "{contract:?} brings {bytes} bytes of data, {most} are allowed");
        assert!(bytes > most / 2, "{contract:?} brings only {bytes} bytes of data: let it be allowed less than {most}");
    }
}

#[test]
fn the_chain_activates_every_contract() {
    for contract in Contract::ALL {
        let mut node = Devnode::builder().build();
        let from = node.accounts()[0].address;
        let address = node
            .deploy_wasm(from, &contract_wasm(contract), alloy_primitives::U256::ZERO)
            .unwrap_or_else(|error| panic!("{contract:?} is not deployed: {error}"));
        let receipt = node.activate(address).unwrap_or_else(|error| panic!("{contract:?} is not activated: {error}"));
        assert!(receipt.success, "{contract:?}: {:?}", receipt.failure);
        assert!(node.program(address).is_some(), "{contract:?} is not known as a program");
    }
}
