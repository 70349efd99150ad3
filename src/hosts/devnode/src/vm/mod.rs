//! The virtual machine of programs: a metered module, its host functions, and its ink.
//!
//! - `engine`: the WASM engine, the compiled modules, and the table of host functions.
//! - `env`: what a running program carries, and the requests it makes.
//! - `host`: ink, gas and memory, seen from a host function.
//! - `hooks`: the 42 host functions of the chain, and those of debug chains.
//! - `cache`: the storage cache of one invocation.
//! - `machine`: one invocation, run from pause to pause.
//!
//! A host function that needs the chain does not get it: it pauses the program with a request,
//! and whoever drives the [`Machine`] answers it. So no call of a program nests on the native stack.

mod cache;
mod engine;
mod env;
mod hooks;
mod host;
mod machine;
#[cfg(test)]
mod tests;

pub(crate) use engine::{ModuleKey, compiled, prepare};
pub(crate) use env::{CallKind, Env, Facts, Request, Stop};
pub(crate) use host::Host;
pub(crate) use machine::{End, Event, Machine};
