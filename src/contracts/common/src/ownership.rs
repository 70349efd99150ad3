//! An owner that changes in two steps: the owner offers, the other accepts, so that a mistyped address cannot take over.
//!
//! It takes the first two slots of every contract.

use alloy_primitives::{Address, U256};
use interface::IShared;
use stylus_sdk::{
    host::VM,
    stylus_core::{HostAccess, MessageAccess},
};

use crate::{
    emit,
    refusal::Outcome,
    refuse,
    storage::Slot,
    words::{address_in, word_of},
};

const OWNER: Slot = Slot::new(0);
const PENDING_OWNER: Slot = Slot::new(1);

/// Who may set parameters.
pub fn owner(contract: &impl HostAccess<Host = VM>) -> Address {
    address_in(OWNER.get(contract))
}

/// Who has been offered the ownership and has not accepted yet; zero if nobody.
pub fn pending_owner(contract: &impl HostAccess<Host = VM>) -> Address {
    address_in(PENDING_OWNER.get(contract))
}

/// Names the first owner; refuses the zero address, which could never do anything.
pub fn begin(contract: &mut impl HostAccess<Host = VM>, owner: Address) -> Outcome<()> {
    if owner.is_zero() {
        return Err(refuse!(IShared::ZeroAddress {}));
    }
    hand_over(contract, Address::ZERO, owner);
    Ok(())
}

/// Refuses with `NotOwner` unless the caller is the owner.
pub fn require_caller(contract: &impl HostAccess<Host = VM>) -> Outcome<()> {
    let (caller, owner) = (contract.vm().msg_sender(), owner(contract));
    if caller == owner { Ok(()) } else { Err(refuse!(IShared::NotOwner { caller, owner })) }
}

/// Offers the ownership to `new_owner`; zero withdraws an offer. Owner only.
pub fn offer(contract: &mut impl HostAccess<Host = VM>, new_owner: Address) -> Outcome<()> {
    require_caller(contract)?;
    PENDING_OWNER.set(contract, word_of(new_owner));
    let previous_owner = owner(contract);
    emit!(contract.vm(), IShared::OwnershipTransferStarted { previousOwner: previous_owner, newOwner: new_owner });
    Ok(())
}

/// Makes the caller the owner where the ownership was offered to it; else `NotPendingOwner`.
pub fn accept(contract: &mut impl HostAccess<Host = VM>) -> Outcome<()> {
    let (caller, pending_owner) = (contract.vm().msg_sender(), pending_owner(contract));
    if caller != pending_owner {
        return Err(refuse!(IShared::NotPendingOwner { caller, pendingOwner: pending_owner }));
    }
    PENDING_OWNER.set(contract, U256::ZERO);
    let previous_owner = owner(contract);
    hand_over(contract, previous_owner, caller);
    Ok(())
}

fn hand_over(contract: &mut impl HostAccess<Host = VM>, previous_owner: Address, new_owner: Address) {
    OWNER.set(contract, word_of(new_owner));
    emit!(contract.vm(), IShared::OwnershipTransferred { previousOwner: previous_owner, newOwner: new_owner });
}
