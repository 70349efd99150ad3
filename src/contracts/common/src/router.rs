//! From call data to a method: the table of a contract's functions.
//!
//! [`routes!`](crate::routes) takes the functions of a Solidity interface and names the method that serves each. Selector,
//! parameter types and return types come from `abi/*.sol`, so a method that does not fit does not compile.
//! It is used instead of the SDK's `#[public]` for that reason, for its size, and because the lock is taken here, once,
//! for all functions: a new function cannot forget it.

use alloc::vec::Vec;

use alloy_sol_types::{SolType, abi::{TokenSeq, encode_sequence}};

use crate::{
    abi::{Argument, Reader, Returned},
    refusal::{Outcome, Refusal},
};

/// Reads the parameters of a call; data that does not hold them is refused without a reason, as Solidity does.
#[inline(always)]
pub fn parameters<P: Argument>(input: &[u8]) -> Outcome<P> {
    P::read(&mut Reader::new(input)).ok_or(Refusal(Vec::new()))
}

/// `value` as return data of a function that returns the tuple `S`.
#[inline(always)]
pub fn answer<S, T>(value: T) -> Vec<u8>
where
    S: SolType,
    for<'t> S::Token<'t>: TokenSeq<'t>,
    T: Returned<S::RustType>,
{
    let tuple = value.into_tuple();
    encoded(&S::tokenize(&tuple))
}

#[inline(never)]
fn encoded<'a, T: TokenSeq<'a>>(tokens: &T) -> Vec<u8> {
    encode_sequence(tokens)
}

/// Makes `$contract` answer the functions listed, those of `IShared`, and its constructor.
///
/// - `anytime`: read-only, answered even while the lock is closed; for what a change in progress cannot show half-done.
/// - `views`: read-only, refused with `Reentered` while the lock is closed.
/// - `writes`: run with the lock closed.
///
/// No function takes ether: a call that carries some is refused without a reason, as Solidity does.
/// The contract has a field `ownership` of type [`Ownership`](crate::Ownership).
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
                abi::ParametersOf,
                alloy_sol_types::SolCall,
                interface::IShared,
                lock,
                router::{answer, parameters},
                stylus_sdk::{
                    ArbResult,
                    abi::Router,
                    stylus_core::{ConstructorGuard, HostAccess, ValueDenier},
                },
                Outcome,
            };

            impl Router<$contract> for $contract {
                type Storage = $contract;

                fn route(contract: &mut $contract, selector: u32, input: &[u8]) -> Option<ArbResult> {
                    let answered = contract
                        .deny_value("")
                        .map_err($crate::Refusal)
                        .and_then(|()| dispatch(contract, selector.to_be_bytes(), input));
                    match answered {
                        Ok(Some(data)) => Some(Ok(data)),
                        Ok(None) => None,
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
                    Some(construct(contract, input).map_err(|refusal| refusal.0))
                }
            }

            fn construct(contract: &mut $contract, input: &[u8]) -> Outcome<Vec<u8>> {
                contract.deny_value("").map_err($crate::Refusal)?;
                contract.check_constructor_slot().map_err($crate::Refusal)?;
                let ($($new,)*): ($($new_type,)*) = parameters(input)?;
                contract.constructor($($new),*)?;
                Ok(Vec::new())
            }

            fn dispatch(contract: &mut $contract, selector: [u8; 4], input: &[u8]) -> Outcome<Option<Vec<u8>>> {
                match selector {
                    $(<$constant_call>::SELECTOR => {
                        let ($($constant_name,)*): ParametersOf<$constant_call> = parameters(input)?;
                        return Ok(Some(answer::<<$constant_call as SolCall>::ReturnTuple<'static>, _>(contract.$constant($($constant_name),*)?)));
                    })*
                    IShared::ownerCall::SELECTOR => {
                        return Ok(Some(answer::<<IShared::ownerCall as SolCall>::ReturnTuple<'static>, _>(contract.ownership.owner())));
                    }
                    IShared::pendingOwnerCall::SELECTOR => {
                        return Ok(Some(answer::<<IShared::pendingOwnerCall as SolCall>::ReturnTuple<'static>, _>(contract.ownership.pending_owner())));
                    }
                    _ => {}
                }
                lock::require_open(contract.vm())?;
                match selector {
                    $(<$view_call>::SELECTOR => {
                        let ($($view_name,)*): ParametersOf<$view_call> = parameters(input)?;
                        return Ok(Some(answer::<<$view_call as SolCall>::ReturnTuple<'static>, _>(contract.$view($($view_name),*)?)));
                    })*
                    _ => {}
                }
                lock::close(contract.vm())?;
                let data = match selector {
                    $(<$write_call>::SELECTOR => {
                        let ($($write_name,)*): ParametersOf<$write_call> = parameters(input)?;
                        answer::<<$write_call as SolCall>::ReturnTuple<'static>, _>(contract.$write($($write_name),*)?)
                    })*
                    IShared::transferOwnershipCall::SELECTOR => {
                        let (new_owner,): ParametersOf<IShared::transferOwnershipCall> = parameters(input)?;
                        contract.ownership.offer(new_owner)?;
                        Vec::new()
                    }
                    IShared::acceptOwnershipCall::SELECTOR => {
                        contract.ownership.accept()?;
                        Vec::new()
                    }
                    // An unknown function reverts, which takes the lock back.
                    _ => return Ok(None),
                };
                lock::open(contract.vm());
                Ok(Some(data))
            }
        };
    };
}
