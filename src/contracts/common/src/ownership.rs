//! An owner that changes in two steps: the owner offers, the other accepts, so that a mistyped address cannot take over.

use alloy_primitives::{Address, U256};
use interface::IShared;
use stylus_sdk::{
    prelude::*,
    storage::StorageU256,
    stylus_core::MessageAccess,
};

use crate::{
    refusal::{Outcome, emit, refuse},
    words::{address_in, word_of},
};

pub use storage::Ownership;

mod storage {
    #![allow(missing_docs, reason = "the SDK's macro adds public items without documentation")]
    use super::*;

    /// Two slots: the owner, and who has been offered the ownership.
    #[storage]
    pub struct Ownership {
        pub(super) owner: StorageU256,
        pub(super) pending: StorageU256,
    }
}

impl Ownership {
    /// Who may set parameters.
    pub fn owner(&self) -> Address {
        address_in(self.owner.get())
    }

    /// Who has been offered the ownership and has not accepted yet; zero if nobody.
    pub fn pending_owner(&self) -> Address {
        address_in(self.pending.get())
    }

    /// Names the first owner; refuses the zero address, which could never do anything.
    pub fn begin(&mut self, owner: Address) -> Outcome<()> {
        if owner.is_zero() {
            return Err(refuse(IShared::ZeroAddress {}));
        }
        self.hand_over(Address::ZERO, owner);
        Ok(())
    }

    /// Refuses with `NotOwner` unless the caller is the owner.
    pub fn require_caller(&self) -> Outcome<()> {
        let (caller, owner) = (self.vm().msg_sender(), self.owner());
        if caller == owner { Ok(()) } else { Err(refuse(IShared::NotOwner { caller, owner })) }
    }

    /// Offers the ownership to `new_owner`; zero withdraws an offer. Owner only.
    pub fn offer(&mut self, new_owner: Address) -> Outcome<()> {
        self.require_caller()?;
        self.pending.set(word_of(new_owner));
        emit(
            self.vm(),
            IShared::OwnershipTransferStarted { previousOwner: self.owner(), newOwner: new_owner },
        );
        Ok(())
    }

    /// Makes the caller the owner where the ownership was offered to it; else `NotPendingOwner`.
    pub fn accept(&mut self) -> Outcome<()> {
        let (caller, pending_owner) = (self.vm().msg_sender(), self.pending_owner());
        if caller != pending_owner {
            return Err(refuse(IShared::NotPendingOwner { caller, pendingOwner: pending_owner }));
        }
        self.pending.set(U256::ZERO);
        self.hand_over(self.owner(), caller);
        Ok(())
    }

    fn hand_over(&mut self, previous_owner: Address, new_owner: Address) {
        self.owner.set(word_of(new_owner));
        emit(
            self.vm(),
            IShared::OwnershipTransferred { previousOwner: previous_owner, newOwner: new_owner },
        );
    }
}
