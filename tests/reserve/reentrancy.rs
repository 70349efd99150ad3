//! Calls that come back in the middle of a change of the reserve: into itself, and to what the pool says shares are worth.

use crate::scene::{PATIENCE_SECS, SHARES, announce_and_wait, donate, lose, stake, staked, unstake, usd, usual_rules};
use alloy_primitives::U256;
use alloy_sol_types::{SolCall, SolValue};
use interface::{IPool, IReserve, IShared};
use support::{
    System, TokenKind, World,
    actors::{BUYER, RIVAL, STRANGER},
    callbacks::{answered, arm, reentered},
    system::USD,
};

support::in_each_world! {
    a_callback_in_a_change_of_the_reserve_is_refused_by_every_entry_point_and_view,
    constants_may_be_read_in_a_callback,
    what_pool_shares_are_worth_is_refused_in_a_change_of_the_reserve_while_there_is_bad_debt,
}

fn writes() -> Vec<Vec<u8>> {
    let (one, staker) = (U256::ONE, BUYER);
    vec![
        IReserve::stakeCall { amountRaw: one, staker }.abi_encode(),
        IReserve::announceUnstakeCall { shares: one }.abi_encode(),
        IReserve::unstakeCall { shares: one, to: RIVAL }.abi_encode(),
        IReserve::collectCall { round: U256::ZERO, to: RIVAL }.abi_encode(),
        IReserve::coverCall {}.abi_encode(),
        IReserve::distributeCall {}.abi_encode(),
        IReserve::donateCall { amountRaw: one }.abi_encode(),
        IReserve::queueBadDebtCall { vaultId: one, amountRaw: one }.abi_encode(),
        IReserve::setRulesCall { newRules: usual_rules() }.abi_encode(),
        IReserve::setTreasuryCall { newTreasury: RIVAL }.abi_encode(),
        IShared::transferOwnershipCall { newOwner: RIVAL }.abi_encode(),
        IShared::acceptOwnershipCall {}.abi_encode(),
    ]
}

fn views() -> Vec<Vec<u8>> {
    let (one, none, staker) = (U256::ONE, U256::ZERO, BUYER);
    vec![
        IReserve::lendersLossCall {}.abi_encode(),
        IReserve::stakeOfCall { staker }.abi_encode(),
        IReserve::roundCall {}.abi_encode(),
        IReserve::leftOfCall { round: none, staker }.abi_encode(),
        IReserve::stakedCall {}.abi_encode(),
        IReserve::previewStakeCall { amountRaw: one }.abi_encode(),
        IReserve::previewUnstakeCall { shares: one }.abi_encode(),
        IReserve::previewDistributeCall {}.abi_encode(),
        IReserve::queueCall { offset: none, limit: one }.abi_encode(),
        IReserve::queuedCall {}.abi_encode(),
        IReserve::rulesCall {}.abi_encode(),
    ]
}

/// Stakes of the buyer's and the rival's, in an asset that calls back.
fn scene(world: Box<dyn World>) -> System {
    let mut system = System::set_up_with_debt_asset(world, TokenKind::Reentering);
    staked(&mut system);
    system
}

fn a_callback_in_a_change_of_the_reserve_is_refused_by_every_entry_point_and_view(world: Box<dyn World>) {
    let system = &mut scene(world);
    let reserve = system.at.reserve;
    announce_and_wait(system, BUYER, 1_000 * SHARES);
    for call in writes().into_iter().chain(views()) {
        let what = &call[..4];
        arm(system, reserve, &call);
        stake(system, RIVAL, 10);
        assert_eq!(answered(system), reentered(), "{what:02x?} in a stake");
        arm(system, reserve, &call);
        system.must(BUYER, reserve, &unstake(SHARES, BUYER));
        assert_eq!(answered(system), reentered(), "{what:02x?} in taking a stake out");
        arm(system, reserve, &call);
        donate(system, 20_000 * USD);
        assert_eq!(answered(system), reentered(), "{what:02x?} in a gift");
        arm(system, reserve, &call);
        system.must(STRANGER, reserve, &IReserve::distributeCall {});
        assert_eq!(answered(system), reentered(), "{what:02x?} in a distribution");
    }
    // Covering moves the stakers' money too. Each time anew, as a loss is covered only once.
    for call in [IReserve::coverCall {}.abi_encode(), IReserve::stakedCall {}.abi_encode()] {
        let surplus_raw = system.books().surplusRaw.to::<u128>();
        lose(system, surplus_raw + 100 * USD);
        system.wait(PATIENCE_SECS);
        arm(system, reserve, &call);
        assert_eq!(system.must(STRANGER, reserve, &IReserve::coverCall {}).stakersRaw, usd(100));
        assert_eq!(answered(system), reentered(), "{:02x?} in covering", &call[..4]);
    }
    // Of a round closed for each call, what it has left is collected once.
    for call in writes().into_iter().chain(views()) {
        crate::closing::close(system, 100);
        let round = system.ask(reserve, &IReserve::roundCall {}) - U256::ONE;
        arm(system, reserve, &call);
        assert!(system.must(RIVAL, reserve, &IReserve::collectCall { round, to: RIVAL }) > U256::ZERO);
        assert_eq!(answered(system), reentered(), "{:02x?} in collecting", &call[..4]);
    }
}

fn constants_may_be_read_in_a_callback(world: Box<dyn World>) {
    let system = &mut scene(world);
    let at = system.at;
    arm(system, at.reserve, &IReserve::vaultCall {}.abi_encode());
    stake(system, RIVAL, 10);
    assert_eq!(answered(system), (true, at.vault.abi_encode()));
    arm(system, at.reserve, &IReserve::treasuryCall {}.abi_encode());
    stake(system, RIVAL, 10);
    assert_eq!(answered(system), (true, crate::scene::TREASURY.abi_encode()));
}

/// The pool asks the reserve only while there is bad debt; without any, its answer in a change of the reserve is true.
fn what_pool_shares_are_worth_is_refused_in_a_change_of_the_reserve_while_there_is_bad_debt(world: Box<dyn World>) {
    let system = &mut scene(world);
    let at = system.at;
    let worth = IPool::totalAssetsCall {};
    announce_and_wait(system, BUYER, 1_000 * SHARES);
    arm(system, at.pool, &worth.abi_encode());
    system.must(BUYER, at.reserve, &unstake(SHARES, BUYER));
    assert_eq!(answered(system), (true, system.ask(at.pool, &worth).abi_encode()));

    // More than surplus and stakers bear, so that the lenders have lost and a false answer would be too high.
    lose(system, 20_000 * USD);
    let lost = system.books().fundedRaw - system.ask(at.pool, &worth);
    assert!(!lost.is_zero());
    for call in [
        worth.abi_encode(),
        IPool::convertToAssetsCall { shares: U256::ONE }.abi_encode(),
        IPool::maxWithdrawCall { owner: RIVAL }.abi_encode(),
        IPool::previewDepositCall { assets: U256::ONE }.abi_encode(),
    ] {
        arm(system, at.pool, &call);
        donate(system, USD);
        // The last transfer of a gift is the reserve's to the vault contract.
        assert_eq!(answered(system), reentered(), "{:02x?} in a gift", &call[..4]);
    }
    assert!(system.books().fundedRaw - system.ask(at.pool, &worth) < lost);
}
