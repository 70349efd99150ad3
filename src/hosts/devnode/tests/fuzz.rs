//! The fuzz target: whatever bytes claim to be a program, the node activates or refuses them, and what it activates it can run.
//!
//! `cargo test` takes the corpus in `__fuzz__` and a fixed number of random inputs. `.ci/run` lets it run for a minute, by
//! `BOLERO_RANDOM_ITERATIONS` and `BOLERO_RANDOM_TEST_TIME_MS`, and `cargo bolero test` guides it by coverage where there is a fuzzer.
//! A failure prints its seed.

mod common;

use alloy_primitives::Address;
use spillway_devnode::{
    CallRequest, Devnode,
    wasm::{
        format,
        program::{ActivationConfig, activate_wasm},
    },
};
use std::sync::OnceLock;

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

/// A module made from random bytes: as they are, of the bytes by a generator of valid modules, or a known module with some bytes changed.
fn module(input: &[u8]) -> Vec<u8> {
    let Some((kind, rest)) = input.split_first() else { return Vec::new() };
    match kind % 4 {
        0 => rest.to_vec(),
        1 => {
            let mut source = arbitrary::Unstructured::new(rest);
            wasm_smith::Module::new(wasm_smith::Config { min_exports: 1, ..Default::default() }, &mut source)
                .map_or_else(|_| Vec::new(), |module| module.to_bytes())
        }
        _ => {
            let mut module = modules()[usize::from(kind / 4) % modules().len()].clone();
            for change in rest.chunks_exact(3) {
                let place = usize::from(u16::from_le_bytes([change[0], change[1]])) % module.len();
                match change[2] % 3 {
                    0 => module[place] = change[2],
                    1 => module.insert(place, change[2]),
                    _ if module.len() > 1 => drop(module.remove(place)),
                    _ => {}
                }
            }
            module
        }
    }
}

#[test]
fn any_module_is_activated_or_refused_and_what_is_activated_runs() {
    bolero::check!().with_iterations(20_000).with_max_len(4_096).for_each(|input: &[u8]| {
        let module = module(input);
        let Ok(activated) = activate_wasm(module, &ActivationConfig::default()) else { return };
        let mut node = Devnode::default();
        let program = Address::repeat_byte(0xf0);
        node.set_code(program, format::program_code(&activated.wasm));
        // The engine may know a limit of its own; then it is refused here, by name.
        if node.activate(program).is_ok() {
            let _ = node.call(CallRequest::new(program, input.to_vec()).gas(2_000_000));
        }
    });
}

#[test]
fn any_code_is_decoded_or_refused() {
    bolero::check!().with_iterations(20_000).with_max_len(4_096).for_each(|input: &[u8]| {
        let code = match input.split_first() {
            // Every other one has the prefix of a program, so that the stream behind it is looked at.
            Some((kind, rest)) if kind % 2 == 0 => [&[0xef, 0xf0, 0x00, 0x00][..], rest].concat(),
            _ => input.to_vec(),
        };
        if let Ok(module) = format::decompress(&code, 131_072) {
            assert!(module.len() <= 131_072);
        }
    });
}
