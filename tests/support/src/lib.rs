//! What the tests share: two worlds that run the same contracts, and the system set up in either of them.
//!
//! A [`World`] takes transactions and answers calls. [`NativeWorld`] runs the contracts' own routers as native Rust, fast enough
//! for random sequences of thousands of steps; [`WasmWorld`] is the local chain with the WASM that would be deployed and with
//! Solidity tokens and feeds. A test is written once against [`System`] and runs in both.

pub mod actors;
pub mod callbacks;
pub mod doubles;
pub mod expect;
pub mod native;
pub mod observe;
pub mod permits;
pub mod snapshot;
pub mod system;
pub mod wasm;
pub mod world;

mod artifacts;

pub use artifacts::{contract_wasm, repository_root};
/// Where the vault contract stores what.
pub use common::vault_layout;
pub use expect::{revert_of, words};
pub use native::NativeWorld;
pub use observe::Observation;
pub use system::System;
pub use wasm::WasmWorld;
pub use world::{Contract, Done, Log, Revert, TokenKind, World};

/// Makes tests of scenarios, functions that take `&mut System`: those under `both` run natively and on the WASM, those under
/// `native` only natively. Use it once in a module.
#[macro_export]
macro_rules! scenarios {
    (both { $($both:ident,)* } native { $($native:ident,)* }) => {
        mod native {
            $(
                #[test]
                fn $both() {
                    super::$both(&mut $crate::System::native());
                }
            )*
            $(
                #[test]
                fn $native() {
                    super::$native(&mut $crate::System::native());
                }
            )*
        }
        mod wasm {
            $(
                #[test]
                fn $both() {
                    super::$both(&mut $crate::System::wasm());
                }
            )*
        }
    };
}

/// Makes tests of scenarios that take a world of their own: each natively and on the WASM. Use it once in a module.
#[macro_export]
macro_rules! in_each_world {
    ($($scenario:ident,)*) => {
        mod each {
            mod native {
                $(
                    #[test]
                    fn $scenario() {
                        super::super::$scenario(Box::new($crate::NativeWorld::default()));
                    }
                )*
            }
            mod wasm {
                $(
                    #[test]
                    fn $scenario() {
                        super::super::$scenario(Box::new($crate::WasmWorld::default()));
                    }
                )*
            }
        }
    };
}
