//! Contracts change hands, in two steps.

use super::{Handler, Kind, Step, step};
use crate::{ledger::contracts, seen::Seen};
use alloy_primitives::Address;
use interface::IShared;
use support::{
    System,
    actors::{KEEPER, OWNER, STRANGER},
};

/// Who owns a contract now; of what nobody owns or is none of ours, [`OWNER`].
pub(super) fn owner_of(system: &System, seen: &Seen, contract: Address) -> Address {
    let index = contracts(system).iter().position(|known| *known == contract);
    index.map(|index| seen.owners[index].0).filter(|owner| !owner.is_zero()).unwrap_or(OWNER)
}

impl Handler {
    /// The owner of a contract offers it, or takes the offer back; who was offered it accepts, or somebody else tries to.
    pub(super) fn hand_over_contract(&mut self, system: &System, seen: &Seen) -> Step {
        let all = contracts(system);
        let contract = self.random.pick(&all);
        let index = all.iter().position(|known| *known == contract).expect("one of them");
        let pending = seen.owners[index].1;
        if pending.is_zero() && self.random.one_in(8) {
            return step(Kind::AcceptContract, OWNER, contract, &IShared::acceptOwnershipCall {});
        }
        if !pending.is_zero() && !self.random.one_in(4) {
            let caller = if self.random.one_in(6) { self.random.pick(&[OWNER, STRANGER]) } else { pending };
            return step(Kind::AcceptContract, caller, contract, &IShared::acceptOwnershipCall {});
        }
        let to = self.random.pick(&[OWNER, KEEPER, OWNER, KEEPER, Address::ZERO]);
        step(Kind::OfferContract, OWNER, contract, &IShared::transferOwnershipCall { newOwner: to })
    }
}
