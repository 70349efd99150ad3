//! The fuzz targets: whatever bytes claim to be a program, the node activates or refuses them, and what it activates it can run.
//!
//! `cargo test` takes the corpus in `__fuzz__` and a fixed number of random inputs. `.ci/run` lets each run for a minute, by
//! `BOLERO_RANDOM_ITERATIONS` and `BOLERO_RANDOM_TEST_TIME_MS`, and `cargo bolero test` guides it by coverage where there is a fuzzer.
//! A failure prints its seed.

mod common;

use alloy_primitives::Address;
use spillway_devnode::{
    CallRequest, Devnode,
    wasm::{
        format,
        fragments::{self, Root},
        program::{ActivationConfig, activate_wasm},
    },
};
use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

/// The longest module of the chain, and the most fragments of one, under the default parameters.
const MAX_WASM_BYTES: usize = 131_072;
const MAX_FRAGMENTS: usize = 2;

/// The version from which programs may be in fragments.
const ARBOS_VERSION: u64 = 60;

/// A fresh chain. Chains share what they have in common, so that one is made and the others are copies.
fn chain() -> Devnode {
    static CHAIN: OnceLock<Devnode> = OnceLock::new();
    CHAIN.get_or_init(|| Devnode::builder().arbos_version(ARBOS_VERSION).build()).clone()
}

/// Modules that the changed ones are made from.
fn modules() -> &'static [Vec<u8>] {
    static MODULES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    MODULES.get_or_init(|| {
        let texts = [
            common::WRITE_ARGS,
            r#"(module (import "vm_hooks" "storage_load_bytes32" (func (param i32 i32)))
                (memory (export "memory") 1 1) (table 2 2 funcref) (elem (i32.const 0) func 1 1)
                (data (i32.const 8) "words") (global (mut i64) (i64.const 5))
                (func (param i32) (result i32) (loop (br_if 0 (i32.eqz (local.get 0)))) (call 0 (i32.const 0) (i32.const 32)) i32.const 1)
                (func (export "user_entrypoint") (param i32) (result i32) (call_indirect (param i32) (result i32) (local.get 0) (i32.const 1))))"#,
        ];
        texts.iter().map(|text| common::wasm(text)).collect()
    })
}

/// Modules of the features the chain knows, with the exports it wants, that use what they import of these host calls.
fn generator() -> wasm_smith::Config {
    let exports = common::wasm(
        r#"(module (memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32) unreachable))"#,
    );
    let imports = common::wasm(
        r#"(module
            (import "vm_hooks" "read_args" (func (param i32)))
            (import "vm_hooks" "write_result" (func (param i32 i32)))
            (import "vm_hooks" "storage_load_bytes32" (func (param i32 i32)))
            (import "vm_hooks" "storage_cache_bytes32" (func (param i32 i32)))
            (import "vm_hooks" "storage_flush_cache" (func (param i32)))
            (import "vm_hooks" "call_contract" (func (param i32 i32 i32 i32 i64 i32) (result i32)))
            (import "vm_hooks" "read_return_data" (func (param i32 i32 i32) (result i32)))
            (import "vm_hooks" "emit_log" (func (param i32 i32 i32)))
            (import "vm_hooks" "account_code" (func (param i32 i32 i32 i32) (result i32)))
            (import "vm_hooks" "native_keccak256" (func (param i32 i32 i32)))
            (import "vm_hooks" "evm_gas_left" (func (result i64))))"#,
    );
    wasm_smith::Config {
        exports: Some(exports),
        available_imports: Some(imports),
        max_memories: 0,
        max_tables: 1,
        max_table_elements: 100,
        allow_start_export: false,
        allow_floats: false,
        bulk_memory_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        compact_imports_enabled: false,
        custom_page_sizes_enabled: false,
        memory64_enabled: false,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        extended_const_enabled: false,
        ..wasm_smith::Config::default()
    }
}

/// A module made from random bytes: as they are, of the bytes by a generator of valid modules, or a known module with some bytes changed.
fn module(input: &[u8]) -> Vec<u8> {
    let Some((kind, rest)) = input.split_first() else { return Vec::new() };
    match kind % 4 {
        0 => rest.to_vec(),
        1 => {
            let mut source = arbitrary::Unstructured::new(rest);
            wasm_smith::Module::new(generator(), &mut source).map_or_else(|_| Vec::new(), |module| module.to_bytes())
        }
        _ => changed(modules()[usize::from(kind / 4) % modules().len()].clone(), rest),
    }
}

/// Changes, adds and removes single bytes, by three bytes for each change.
fn changed(mut bytes: Vec<u8>, changes: &[u8]) -> Vec<u8> {
    for change in changes.chunks_exact(3) {
        let place = usize::from(u16::from_le_bytes([change[0], change[1]])) % bytes.len();
        match change[2] % 3 {
            0 => bytes[place] = change[2],
            1 => bytes.insert(place, change[2]),
            _ if bytes.len() > 1 => drop(bytes.remove(place)),
            _ => {}
        }
    }
    bytes
}

#[test]
fn any_module_is_activated_or_refused_and_what_is_activated_runs() {
    static GENERATED: AtomicU64 = AtomicU64::new(0);
    static ACTIVATED: AtomicU64 = AtomicU64::new(0);
    static RETURNED: AtomicU64 = AtomicU64::new(0);
    bolero::check!().with_iterations(2_000).with_max_len(4_096).for_each(|input: &[u8]| {
        let is_generated = input.first().is_some_and(|kind| kind % 4 == 1);
        let module = module(input);
        if is_generated && !module.is_empty() {
            GENERATED.fetch_add(1, Ordering::Relaxed);
        }
        let Ok(activated) = activate_wasm(module, &ActivationConfig::default()) else { return };
        let mut node = chain();
        let program = Address::repeat_byte(0xf0);
        node.set_code(program, format::program_code(&activated.wasm));
        // The engine may know a limit of its own; then it is refused here, by name.
        if node.activate(program).is_ok() {
            let ended = node.call(CallRequest::new(program, input.to_vec()).gas(2_000_000));
            if is_generated {
                ACTIVATED.fetch_add(1, Ordering::Relaxed);
                RETURNED.fetch_add(u64::from(ended.is_ok()), Ordering::Relaxed);
            }
        }
    });
    // The target means little unless what the generator makes goes all the way.
    let [generated, activated, returned] =
        [&GENERATED, &ACTIVATED, &RETURNED].map(|count| count.load(Ordering::Relaxed));
    println!("{generated} modules generated, {activated} activated, {returned} returned");
    assert!(activated > generated / 2, "{activated} of {generated}");
    assert!(returned > 0, "of {activated}");
}

#[test]
fn any_code_is_decoded_or_refused() {
    bolero::check!().with_iterations(20_000).with_max_len(4_096).for_each(|input: &[u8]| {
        let code = match input.split_first() {
            // Every other one has the prefix of a program, so that the stream behind it is looked at.
            Some((kind, rest)) if kind % 2 == 0 => [&[0xef, 0xf0, 0x00, 0x00][..], rest].concat(),
            _ => input.to_vec(),
        };
        if let Ok(module) = format::decompress(&code, MAX_WASM_BYTES) {
            assert!(module.len() <= MAX_WASM_BYTES);
        }
    });
}

/// What joins fragments: a root over a known module's with some bytes changed, or random bytes behind the prefix of a root; and the fragments, of
/// which one may be changed.
fn root_and_fragments(input: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let Some((kind, rest)) = input.split_first() else { return (Vec::new(), Vec::new()) };
    let module = &modules()[usize::from(kind / 8) % modules().len()];
    let whole = fragments::fragment_codes(module, MAX_WASM_BYTES)[0].len();
    let mut codes = fragments::fragment_codes(module, whole.div_ceil(MAX_FRAGMENTS));
    let fragments = (1..=codes.len() as u8).map(Address::repeat_byte).collect();
    let root = Root { wasm_bytes: module.len() as u32, fragments }.code();
    let changes = &rest[..rest.len().min(12)];
    match kind % 8 {
        0 => return ([&[0xef, 0xf0, 0x02][..], rest].concat(), codes),
        1 | 2 => return (changed(root, changes), codes),
        3 => {}
        _ => {
            let index = usize::from(*kind) % codes.len();
            codes[index] = changed(std::mem::take(&mut codes[index]), changes);
        }
    }
    (root, codes)
}

#[test]
fn any_root_and_its_fragments_are_joined_or_refused() {
    static JOINED: AtomicU64 = AtomicU64::new(0);
    bolero::check!().with_iterations(2_000).with_max_len(4_096).for_each(|input: &[u8]| {
        let (code, codes) = root_and_fragments(input);
        if !fragments::is_root(&code, ARBOS_VERSION) {
            return;
        }
        let Ok(root) = Root::read(&code, MAX_WASM_BYTES, MAX_FRAGMENTS) else { return };
        assert_eq!(root.code(), code);
        assert!((1..=MAX_FRAGMENTS).contains(&root.fragments.len()) && root.wasm_bytes as usize <= MAX_WASM_BYTES);
        let pieces: Result<Vec<&[u8]>, _> = codes.iter().map(|code| fragments::payload(code)).collect();
        if let Ok(module) = pieces.and_then(|pieces| root.unpack(&pieces.concat())) {
            assert_eq!(module.len(), root.wasm_bytes as usize);
            JOINED.fetch_add(1, Ordering::Relaxed);
        }
        // The chain makes of the same accounts what it will.
        let mut node = chain();
        for (address, code) in root.fragments.iter().zip(codes) {
            node.set_code(*address, code);
        }
        let program = Address::repeat_byte(0xf0);
        node.set_code(program, code);
        if node.activate(program).is_ok() {
            let _ = node.call(CallRequest::new(program, input.to_vec()).gas(2_000_000));
        }
    });
    assert!(JOINED.load(Ordering::Relaxed) > 0);
}
