//! From call data to a method: the table of a contract's functions.
//!
//! [`routes!`](crate::routes) takes the functions of a Solidity interface and names the method that serves each. Selector,
//! parameter types and return types come from `abi/*.sol`, so a method that does not fit does not compile.
//! It is used instead of the SDK's `#[public]` for that reason, for its size, and because the lock is taken here, once,
//! for all functions: a new function cannot forget it.

use alloc::vec::Vec;

use alloy_sol_types::SolCall;

use crate::{
    abi::{Reader, Returned, ReturnsOf},
    refusal::{Outcome, Refusal},
};

/// Data that does not hold the parameters of the function is refused without a reason, as Solidity does.
#[inline(never)]
pub fn require_sound(reader: &Reader<'_>) -> Outcome<()> {
    if reader.is_sound() { Ok(()) } else { Err(Refusal(Vec::new())) }
}

/// The selector of `C` as a number, which compares in less code than four bytes do.
#[inline(always)]
pub const fn selector_of<C: SolCall>() -> u32 {
    u32::from_be_bytes(C::SELECTOR)
}

/// Writes what `C` returns.
#[inline(always)]
pub fn answer<C: SolCall, T: Returned<ReturnsOf<C>>>(value: T, data: &mut Vec<u8>) {
    value.write(data);
}

/// Makes `$contract` answer the functions listed, those of `IShared`, and its constructor.
///
/// - `anytime`: read-only, answered even while the lock is closed; for what a change in progress cannot show half-done.
/// - `views`: read-only, refused with `Reentered` while the lock is closed.
/// - `writes`: run with the lock closed.
///
/// No function takes ether: a call that carries some is refused without a reason, as Solidity does.
#[macro_export]
macro_rules! routes {
    (
        $contract:ty {
            constructor ($($new:ident: $new_type:ty),*);
            anytime { $($constant_call:ty => $constant:ident($($constant_name:ident),*);)* }
            views { $($view_call:ty => $view:ident($($view_name:ident),*);)* }
            writes { $($write_call:ty => $write:ident($($write_name:ident),*);)* }
        }
    ) => {
        const _: () = {
            use $crate::{
                Outcome, Refusal,
                abi::{Argument, ParametersOf, Reader},
                interface::IShared,
                lock, ownership,
                router::{answer, require_sound, selector_of},
                stylus_sdk::{
                    ArbResult,
                    abi::Router,
                    stylus_core::{ConstructorGuard, HostAccess, ValueDenier},
                },
            };

            impl Router<$contract> for $contract {
                type Storage = $contract;

                fn route(contract: &mut $contract, selector: u32, input: &[u8]) -> Option<ArbResult> {
                    let mut data = Vec::new();
                    match dispatch(contract, selector, input, &mut data) {
                        Ok(true) => Some(Ok(data)),
                        Ok(false) => None,
                        Err(refusal) => Some(Err(refusal.0)),
                    }
                }

                fn receive(_: &mut $contract) -> Option<Result<(), Vec<u8>>> {
                    None
                }

                fn fallback(_: &mut $contract, _: &[u8]) -> Option<ArbResult> {
                    None
                }

                fn constructor(contract: &mut $contract, input: &[u8]) -> Option<ArbResult> {
                    Some(construct(contract, input).map(|()| Vec::new()).map_err(|refusal| refusal.0))
                }
            }

            fn construct(contract: &mut $contract, input: &[u8]) -> Outcome<()> {
                contract.deny_value("").map_err(Refusal)?;
                contract.check_constructor_slot().map_err(Refusal)?;
                let mut reader = Reader::new(input);
                let ($($new,)*) = <($($new_type,)*)>::read(&mut reader);
                require_sound(&reader)?;
                contract.constructor($($new),*)
            }

            /// Answers into `data`; false where there is no such function.
            fn dispatch(contract: &mut $contract, selector: u32, input: &[u8], data: &mut Vec<u8>) -> Outcome<bool> {
                contract.deny_value("").map_err(Refusal)?;
                let mut reader = Reader::new(input);
                match selector {
                    $(called if called == selector_of::<$constant_call>() => {
                        let ($($constant_name,)*) = <ParametersOf<$constant_call>>::read(&mut reader);
                        require_sound(&reader)?;
                        answer::<$constant_call, _>(contract.$constant($($constant_name),*)?, data);
                        return Ok(true);
                    })*
                    called if called == selector_of::<IShared::ownerCall>() => {
                        answer::<IShared::ownerCall, _>(ownership::owner(contract), data);
                        return Ok(true);
                    }
                    called if called == selector_of::<IShared::pendingOwnerCall>() => {
                        answer::<IShared::pendingOwnerCall, _>(ownership::pending_owner(contract), data);
                        return Ok(true);
                    }
                    _ => {}
                }
                lock::require_open(contract.vm())?;
                match selector {
                    $(called if called == selector_of::<$view_call>() => {
                        let ($($view_name,)*) = <ParametersOf<$view_call>>::read(&mut reader);
                        require_sound(&reader)?;
                        answer::<$view_call, _>(contract.$view($($view_name),*)?, data);
                        return Ok(true);
                    })*
                    _ => {}
                }
                lock::close(contract.vm());
                match selector {
                    $(called if called == selector_of::<$write_call>() => {
                        let ($($write_name,)*) = <ParametersOf<$write_call>>::read(&mut reader);
                        require_sound(&reader)?;
                        answer::<$write_call, _>(contract.$write($($write_name),*)?, data);
                    })*
                    called if called == selector_of::<IShared::transferOwnershipCall>() => {
                        let (new_owner,) = <ParametersOf<IShared::transferOwnershipCall>>::read(&mut reader);
                        require_sound(&reader)?;
                        ownership::offer(contract, new_owner)?;
                    }
                    called if called == selector_of::<IShared::acceptOwnershipCall>() => ownership::accept(contract)?,
                    // An unknown function reverts, which takes the lock back.
                    _ => return Ok(false),
                }
                lock::open(contract.vm());
                Ok(true)
            }
        };
    };
}
