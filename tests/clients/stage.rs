//! What several clients use: accounts, a program, and commands that must succeed or fail.

use alloy_primitives::hex;
use devnode::wasm::format;
use std::{
    path::PathBuf,
    process::{Command, Output},
};
use support::repository_root;

/// The first account of the test mnemonic, which every development chain funds.
pub(crate) const ALICE: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
/// The second account.
pub(crate) const BOB: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
/// Its key.
pub(crate) const BOB_KEY: &str = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

/// Remembers the word it is called with; called with nothing, it returns the word.
const REMEMBER: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func $store (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (import "vm_hooks" "emit_log" (func $log (param i32 i32 i32)))
    (import "vm_hooks" "pay_for_memory_grow" (func $grow (param i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param $length i32) (result i32)
        (if (i32.eqz (local.get $length))
            (then
                (call $load (i32.const 0) (i32.const 32))
                (call $write_result (i32.const 32) (i32.const 32)))
            (else
                (if (i32.ne (local.get $length) (i32.const 32)) (then
                    (call $write_result (i32.const 0) (i32.const 0))
                    (return (i32.const 1))))
                (call $read_args (i32.const 32))
                (call $store (i32.const 0) (i32.const 32))
                (call $flush (i32.const 0))
                (call $log (i32.const 32) (i32.const 32) (i32.const 0))))
        (i32.const 0))
)"#;

/// Init code that puts [`REMEMBER`] on the chain as a program, as hex.
pub(crate) fn remember_init_code() -> String {
    let wasm = wat::parse_str(REMEMBER).expect("the fixture is a module");
    let normal = format::normalise(&wasm).expect("the fixture is a module");
    hex::encode_prefixed(format::init_code(&format::program_code(&normal)))
}

/// Runs a command to its end.
///
/// # Panics
/// When it cannot be started.
pub(crate) fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// What a command that succeeds writes to standard output, without white space around it.
///
/// # Panics
/// When it fails, with what it said.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = run(command);
    assert!(
        output.status.success(),
        "{command:?} ended with {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// What a command that fails writes to standard error.
///
/// # Panics
/// When it succeeds.
pub(crate) fn fail(command: &mut Command) -> String {
    let output = run(command);
    assert!(!output.status.success(), "{command:?} succeeded\n{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}

/// The whole path of a file of the repository.
pub(crate) fn repository_file(path: &str) -> PathBuf {
    repository_root().join(path)
}
