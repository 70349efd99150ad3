//! What the engine refuses, and that it goes on afterwards.

use super::*;
use crate::wasm::format::{decompress, program_code};

fn program(body: &str) -> Vec<u8> {
    let text = format!(
        r#"(module (memory (export "memory") 1 1) (func (export "user_entrypoint") (param i32) (result i32) {body}))"#
    );
    program_code(&wat::parse_str(text).unwrap())
}

fn compile(code: &[u8]) -> Result<Module, String> {
    let key =
        ModuleKey { codehash: revm::primitives::keccak256(code), params_version: 2, arbos_version: 51, debug: false };
    compiled(key, || decompress(code, usize::MAX).map_err(|error| error.to_string()))
}

#[test]
fn a_program_the_engine_cannot_translate_is_refused_and_the_next_one_runs() {
    let bad = program("local.get 0 i32.const 1 i32.add local.tee 0 local.get 0 i32.store offset=65536 i32.const 0");
    // The module of a success is a thousand lines in print, so only the refusal is compared.
    assert_eq!(compile(&bad).err().as_deref(), Some("the engine cannot translate this program"));
    assert!(compile(&program("i32.const 0")).is_ok());
}
