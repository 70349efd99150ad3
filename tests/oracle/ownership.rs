//! The owner of each contract: offered, accepted, given up. The code is the same in all five, and so is this test.

use alloy_primitives::Address;
use interface::IShared;
use support::{
    System,
    actors::{ALICE, OWNER, STRANGER},
    system::event,
};

support::scenarios! {
    both {
        ownership_changes_when_the_other_accepts_and_not_before,
    }
    native {
        an_offer_is_withdrawn_by_offering_to_nobody,
        only_the_owner_offers,
        only_the_one_offered_accepts,
    }
}

fn contracts(system: &System) -> [Address; 5] {
    let at = system.at;
    [at.oracle, at.vault, at.auction, at.pool, at.reserve]
}

fn owners(system: &System, contract: Address) -> (Address, Address) {
    (system.ask(contract, &IShared::ownerCall {}), system.ask(contract, &IShared::pendingOwnerCall {}))
}

fn ownership_changes_when_the_other_accepts_and_not_before(system: &mut System) {
    for contract in contracts(system) {
        system.must(OWNER, contract, &IShared::transferOwnershipCall { newOwner: ALICE });
        let started = IShared::OwnershipTransferStarted { previousOwner: OWNER, newOwner: ALICE };
        assert_eq!(system.events(), [event(contract, &started)]);
        assert_eq!(owners(system, contract), (OWNER, ALICE));

        system.must(ALICE, contract, &IShared::acceptOwnershipCall {});
        let transferred = IShared::OwnershipTransferred { previousOwner: OWNER, newOwner: ALICE };
        assert_eq!(system.events(), [event(contract, &transferred)]);
        assert_eq!(owners(system, contract), (ALICE, Address::ZERO));

        let refusal = IShared::NotOwner { caller: OWNER, owner: ALICE };
        system.refused(OWNER, contract, &IShared::transferOwnershipCall { newOwner: OWNER }, &refusal);
    }
}

fn an_offer_is_withdrawn_by_offering_to_nobody(system: &mut System) {
    for contract in contracts(system) {
        system.must(OWNER, contract, &IShared::transferOwnershipCall { newOwner: ALICE });
        system.must(OWNER, contract, &IShared::transferOwnershipCall { newOwner: Address::ZERO });
        assert_eq!(owners(system, contract), (OWNER, Address::ZERO));
        let refusal = IShared::NotPendingOwner { caller: ALICE, pendingOwner: Address::ZERO };
        system.refused(ALICE, contract, &IShared::acceptOwnershipCall {}, &refusal);
    }
}

fn only_the_owner_offers(system: &mut System) {
    for contract in contracts(system) {
        let refusal = IShared::NotOwner { caller: STRANGER, owner: OWNER };
        system.refused(STRANGER, contract, &IShared::transferOwnershipCall { newOwner: STRANGER }, &refusal);
    }
}

fn only_the_one_offered_accepts(system: &mut System) {
    for contract in contracts(system) {
        system.must(OWNER, contract, &IShared::transferOwnershipCall { newOwner: ALICE });
        let refusal = IShared::NotPendingOwner { caller: STRANGER, pendingOwner: ALICE };
        system.refused(STRANGER, contract, &IShared::acceptOwnershipCall {}, &refusal);
    }
}
