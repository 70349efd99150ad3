//! The WASM engine, the modules it has compiled, and the functions they may import.
//!
//! The engine's own limits are set so wide that those of Stylus are always met first.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

use revm::primitives::B256;
use wasmi::{CompilationMode, Config, Engine, Extern, Func, Global, Linker, Module, Store};

use super::{
    env::{Env, Handles},
    hooks,
};
use crate::wasm::{ActivationConfig, program::activate_wasm};

/// Nested functions the engine allows; the smallest frame of Stylus fits 43 690 times into its stack.
const MAX_RECURSION: usize = 50_000;
/// Bytes of the engine's value stack.
const MAX_STACK_BYTES: usize = 64 << 20;
/// The last version of ArbOS whose programs may have functions and blocks with several results. One that was activated then runs on.
const LAST_MULTI_VALUE: u64 = 59;
/// Compiled modules kept in memory; beyond that all are forgotten and compiled anew when needed.
const MAX_MODULES: usize = 1_024;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::default();
    config.set_max_recursion_depth(MAX_RECURSION);
    config.set_max_stack_height(MAX_STACK_BYTES);
    config.consume_fuel(false);
    // A function the engine cannot translate shows here, where it is a refusal, and not in the middle of a call.
    config.compilation_mode(CompilationMode::Eager);
    Engine::new(&config)
});

static LINKER: LazyLock<Linker<Env>> = LazyLock::new(|| {
    let mut linker = Linker::new(&ENGINE);
    if let Err(error) = hooks::link(&mut linker) {
        // Only a name given twice gets here, so the first program of the first test shows it.
        unreachable!("the host functions clash: {error}");
    }
    linker
});

/// What a compiled module depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ModuleKey {
    /// Hash of the code on chain; of a program in fragments, whose code does not hold it, the module hash.
    pub(crate) codehash: B256,
    /// Version of the parameters the program was activated for.
    pub(crate) params_version: u16,
    /// Version of ArbOS.
    pub(crate) arbos_version: u64,
    /// Whether the chain allows debugging.
    pub(crate) debug: bool,
}

static MODULES: LazyLock<Mutex<HashMap<ModuleKey, Module>>> = LazyLock::new(Mutex::default);

/// The compiled module of an activated program, whose bytes `unpack` gives when they are needed.
///
/// The code passed activation once, under limits that may have been wider than those of now, so
/// only the engine's word counts here. A text as error is for whoever looks after the chain.
pub(crate) fn compiled<E: From<String>>(
    key: ModuleKey,
    unpack: impl FnOnce() -> Result<Vec<u8>, E>,
) -> Result<Module, E> {
    if let Some(module) = modules().get(&key) {
        return Ok(module.clone());
    }
    // Nobody waits for the lock while this one is unpacked and translated; two may do the same work.
    let config = ActivationConfig {
        arbos_version: key.arbos_version.min(LAST_MULTI_VALUE),
        max_wasm_size: u32::MAX as usize,
        debug: key.debug,
        ..ActivationConfig::default()
    };
    let activated = activate_wasm(unpack()?, &config).map_err(|error| error.to_string())?;
    let module = translate(&activated.instrumented)?;
    keep(key, module.clone());
    Ok(module)
}

/// Translates a program that is being activated, and keeps it for its first call. One that was tried out before is there already: the same
/// code under the same rules is metered the same way.
///
/// # Errors
/// The engine cannot translate it, so it must not be activated.
pub(crate) fn prepare(key: ModuleKey, instrumented: &[u8]) -> Result<(), String> {
    // The lock is not held while it is translated.
    let is_kept = modules().contains_key(&key);
    if !is_kept {
        keep(key, translate(instrumented)?);
    }
    Ok(())
}

fn keep(key: ModuleKey, module: Module) {
    let mut modules = modules();
    if modules.len() >= MAX_MODULES {
        modules.clear();
    }
    modules.insert(key, module);
}

fn modules() -> MutexGuard<'static, HashMap<ModuleKey, Module>> {
    MODULES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Translates a module for the engine.
///
/// The translator of wasmi 2.0.0 panics on a few valid programs, among them a store whose fixed offset is 65 536 or more and
/// whose address is also the value stored. One such program must not end the node, so the panic becomes an error here; it
/// leaves nothing behind but an unused entry in the engine.
fn translate(wasm: &[u8]) -> Result<Module, String> {
    match catch_unwind(AssertUnwindSafe(|| Module::new(&ENGINE, wasm))) {
        Ok(translated) => translated.map_err(|error| error.to_string()),
        Err(_) => Err("the engine cannot translate this program".into()),
    }
}

/// The functions of an instance that are called from outside.
pub(super) struct Functions {
    pub(super) start: Option<Func>,
    pub(super) entry: Func,
}

/// Makes an instance of a compiled module, whose store carries `env`.
pub(super) fn instantiate(module: &Module, env: Env) -> Result<(Store<Env>, Functions), wasmi::Error> {
    let mut store = Store::new(&ENGINE, env);
    let instance = LINKER.instantiate_and_start(&mut store, module)?;
    let missing = |name: &str| wasmi::Error::new(format!("the module does not export {name}"));
    let global =
        |name: &str| -> Result<Global, wasmi::Error> { instance.get_global(&store, name).ok_or_else(|| missing(name)) };
    let handles = Handles {
        memory: instance.get_memory(&store, "memory").ok_or_else(|| missing("memory"))?,
        ink_left: global("stylus_ink_left")?,
        ink_status: global("stylus_ink_status")?,
        stack_left: global("stylus_stack_left")?,
    };
    let functions = Functions {
        start: instance.get_export(&store, "stylus_start").and_then(Extern::into_func),
        entry: instance.get_func(&store, "user_entrypoint").ok_or_else(|| missing("user_entrypoint"))?,
    };
    store.data_mut().handles = Some(handles);
    Ok((store, functions))
}

#[cfg(test)]
mod tests;
