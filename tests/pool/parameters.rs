//! What the constructor and the owner set.

use crate::scene::{deposit, empty, number};
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolValue;
use interface::{IPool, IShared};
use support::{
    Contract, NativeWorld, System,
    actors::{LENDER, OWNER, STRANGER},
    revert_of,
    system::{USD, constructor, event},
};

support::scenarios! {
    both {
        the_owner_sets_the_deposit_cap,
    }
    native {
        nobody_else_sets_the_deposit_cap,
        a_cap_stops_no_withdrawal,
        the_owner_is_named_by_the_constructor_and_changes_in_two_steps,
    }
}

fn the_owner_sets_the_deposit_cap(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    system.must(OWNER, pool, &IPool::setDepositCapCall { capRaw: number(7 * USD) });
    let said = IPool::DepositCapSet { previousCapRaw: U256::MAX, newCapRaw: number(7 * USD) };
    assert_eq!(system.events(), [event(pool, &said)]);
    assert_eq!(system.ask(pool, &IPool::depositCapCall {}), number(7 * USD));
}

fn nobody_else_sets_the_deposit_cap(system: &mut System) {
    let refusal = IShared::NotOwner { caller: STRANGER, owner: OWNER };
    system.refused(STRANGER, system.at.pool, &IPool::setDepositCapCall { capRaw: U256::ONE }, &refusal);
}

fn a_cap_stops_no_withdrawal(system: &mut System) {
    empty(system);
    let pool = system.at.pool;
    let shares = deposit(system, LENDER, 100);
    system.must(OWNER, pool, &IPool::setDepositCapCall { capRaw: U256::ZERO });
    system.must(LENDER, pool, &IPool::redeemCall { shares, receiver: LENDER, owner: LENDER });
}

fn the_owner_is_named_by_the_constructor_and_changes_in_two_steps(system: &mut System) {
    let pool = system.at.pool;
    assert_eq!(system.ask(pool, &IShared::ownerCall {}), OWNER);
    system.must(OWNER, pool, &IShared::transferOwnershipCall { newOwner: STRANGER });
    system.must(STRANGER, pool, &IShared::acceptOwnershipCall {});
    system.must(STRANGER, pool, &IPool::setDepositCapCall { capRaw: U256::ONE });
}

#[test]
fn a_new_pool_takes_no_deposit_until_the_owner_sets_a_cap() {
    let mut world = Box::new(NativeWorld::default());
    let at = System::deploy(world.as_mut());
    let mut system = System::with(world, at);
    assert_eq!(system.ask(at.pool, &IPool::depositCapCall {}), U256::ZERO);
    let call = IPool::depositCall { assets: U256::ONE, receiver: LENDER };
    let refusal = IPool::ERC4626ExceededMaxDeposit { receiver: LENDER, assets: U256::ONE, max: U256::ZERO };
    assert_eq!(system.send(LENDER, at.pool, &call), Err(revert_of(&refusal)));
}

#[test]
fn the_constructor_refuses_nobody_as_owner_and_addresses_without_code() {
    let mut world = Box::new(NativeWorld::default());
    let at = System::deploy(world.as_mut());
    let mut deploy = |owner: Address, vault: Address, reserve: Address| {
        use support::World;
        world.deploy_contract(Contract::Pool, &constructor(&(owner, vault, reserve).abi_encode_params()))
    };
    let failed = |target| Err(revert_of(&IShared::CallFailed { target }));
    assert_eq!(deploy(Address::ZERO, at.vault, at.reserve), Err(revert_of(&IShared::ZeroAddress {})));
    assert_eq!(deploy(OWNER, STRANGER, at.reserve), failed(STRANGER));
    assert_eq!(deploy(OWNER, at.vault, STRANGER), failed(STRANGER));
    assert!(deploy(OWNER, at.vault, at.reserve).is_ok());
}
