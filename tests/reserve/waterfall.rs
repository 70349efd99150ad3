//! The whole way of a loss, by liquidations as they happen: surplus, stakers, lenders.

use crate::scene::{
    PATIENCE_SECS, all_staked, cover, lenders_loss, lose, queued, require_balance, set_up, stake, usd, worth,
};
use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolEvent;
use interface::{IAuction, IPool, IReserve, IVault};
use support::{
    Log, System,
    actors::{ALICE, BOB, BUYER, KEEPER, LENDER, OWNER, RIVAL},
    system::{FUNDED_RAW, USD, WBTC, WETH, event, flat_rate, usual_reward},
};

support::scenarios! {
    both {
        a_loss_reaches_surplus_then_stakers_then_lenders,
    }
    native {
        new_surplus_pays_before_anybody_bears_anything,
        a_reward_while_bad_debt_waits_is_borne_by_whoever_bears_the_debt,
    }
}

/// The scene, with no rewards out of the surplus, so that its numbers stay round.
fn without_rewards(system: &mut System) {
    set_up(system);
    let none = IAuction::Reward { flatRaw: U256::ZERO, shareBps: U256::ZERO, ..usual_reward() };
    system.must(OWNER, system.at.auction, &IAuction::setRewardCall { newReward: none });
}

/// A vault of 10 weth that owes 14,000 falls to 5,000, and a buyer pays 6,000 for all of it: 8,000 are bad debt.
fn fail(system: &mut System) -> U256 {
    let at = system.at;
    system.set_price(at.weth, 2_000);
    let vault_id = system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 500);
    let start = IAuction::liquidateCall { vaultId: vault_id, collateral: at.weth.token, keeper: KEEPER };
    let auction_id = system.must(KEEPER, at.auction, &start);
    let take = IAuction::takeCall {
        auctionId: auction_id,
        maxLotRaw: U256::MAX,
        maxPriceRay: U256::MAX,
        recipient: BUYER,
        data: Bytes::new(),
    };
    let taken = system.must(BUYER, at.auction, &take);
    assert_eq!(taken.owedRaw, usd(6_000));
    require_balance(system);
    vault_id
}

/// What the last transaction said of bad debt.
fn said_of_bad_debt(system: &System) -> Vec<Log> {
    let of_bad_debt = [
        IVault::BadDebtRealised::SIGNATURE_HASH,
        IVault::BadDebtAbsorbed::SIGNATURE_HASH,
        IReserve::BadDebtQueued::SIGNATURE_HASH,
    ];
    system.events().into_iter().filter(|log| of_bad_debt.contains(&log.topics[0])).collect()
}

/// What the surplus holds, what all stakes are worth, and what all of the pool's shares are worth.
fn worths(system: &System) -> [U256; 3] {
    let pool = system.ask(system.at.pool, &IPool::totalAssetsCall {});
    [system.books().surplusRaw, all_staked(system)[0], pool]
}

fn a_loss_reaches_surplus_then_stakers_then_lenders(system: &mut System) {
    without_rewards(system);
    let at = system.at;
    stake(system, BUYER, 5_000 * USD);
    stake(system, RIVAL, 4_000 * USD);
    let funded = U256::from(FUNDED_RAW);
    assert_eq!(worths(system), [usd(10_000), usd(9_000), funded]);
    let realised = |vault_id| event(at.vault, &IVault::BadDebtRealised { vaultId: vault_id, amountRaw: usd(8_000) });
    let absorbed = |dollars| event(at.vault, &IVault::BadDebtAbsorbed { amountRaw: usd(dollars) });
    let joined = |vault_id, dollars, ever| {
        let said = IReserve::BadDebtQueued { vaultId: vault_id, amountRaw: usd(dollars), queuedEverRaw: usd(ever) };
        event(at.reserve, &said)
    };

    // The surplus pays the first.
    let first = fail(system);
    assert_eq!(said_of_bad_debt(system), [realised(first), absorbed(8_000)]);
    assert_eq!(worths(system), [usd(2_000), usd(9_000), funded]);
    // And a quarter of the second; the stakers will bear the rest, and it counts already.
    let second = fail(system);
    assert_eq!(said_of_bad_debt(system), [realised(second), absorbed(2_000), joined(second, 6_000, 6_000)]);
    assert_eq!(worths(system), [U256::ZERO, usd(3_000), funded]);
    // Of the third they can bear 3,000; the last 5,000 are the lenders'.
    let third = fail(system);
    assert_eq!(said_of_bad_debt(system), [realised(third), joined(third, 8_000, 14_000)]);
    assert_eq!(worths(system), [U256::ZERO, U256::ZERO, funded - usd(5_000)]);
    assert_eq!((lenders_loss(system), queued(system)), (usd(5_000), [U256::from(2), usd(14_000), U256::ZERO]));

    // Covering makes it so and changes no claim.
    system.wait(PATIENCE_SECS);
    assert_eq!(cover(system), (usd(9_000), usd(5_000)));
    let slashed = IReserve::StakersSlashed { amountRaw: usd(9_000), stakedLeftRaw: U256::ZERO };
    let passed = IReserve::LossPassedToLenders { amountRaw: usd(5_000) };
    let said = system.events();
    assert!(said.contains(&event(at.reserve, &slashed)), "{said:?}");
    assert!(said.contains(&event(at.reserve, &passed)), "{said:?}");
    assert_eq!(worths(system), [U256::ZERO, U256::ZERO, funded - usd(5_000)]);
    assert_eq!(lenders_loss(system), U256::ZERO);
    let books = system.books();
    assert_eq!((books.badDebtRaw, books.fundedRaw), (U256::ZERO, funded - usd(5_000)));
    require_balance(system);
}

fn new_surplus_pays_before_anybody_bears_anything(system: &mut System) {
    without_rewards(system);
    stake(system, RIVAL, 4_000 * USD);
    fail(system);
    fail(system);
    assert_eq!(worths(system), [U256::ZERO, U256::ZERO, U256::from(FUNDED_RAW) - usd(2_000)]);
    let donate = IReserve::donateCall { amountRaw: usd(5_000) };
    system.must(LENDER, system.at.reserve, &donate);
    assert_eq!(worths(system), [U256::ZERO, usd(3_000), U256::from(FUNDED_RAW)]);
    assert_eq!(worth(system, RIVAL), usd(3_000));
    system.must(LENDER, system.at.reserve, &donate);
    assert_eq!(worths(system), [usd(4_000), usd(4_000), U256::from(FUNDED_RAW)]);
}

/// Interest is surplus from its second on and pays for bad debt in the next change of the surplus; a start in between pays its keeper first.
fn a_reward_while_bad_debt_waits_is_borne_by_whoever_bears_the_debt(_: &mut System) {
    for stakers_raw in [20_000 * USD, 0] {
        let system = &mut System::native();
        let at = system.at;
        set_up(system);
        if stakers_raw > 0 {
            stake(system, RIVAL, stakers_raw);
        }
        // 1,000 wait. Alice owes 100,000 and is safe; Bob will not be.
        lose(system, 11_000 * USD);
        system.open_indebted(ALICE, &[(at.wbtc, 50 * WBTC)], 100_000 * USD);
        let vault_id = system.open_indebted(BOB, &[(at.weth, 10 * WETH)], 14_000 * USD);
        system.must(OWNER, at.vault, &flat_rate(3_154));
        system.wait(172_800);
        system.refresh_prices();
        system.set_price(at.weth, 1_700);
        let before = (system.books(), worths(system), queued(system)[1]);
        assert!(before.0.surplusRaw >= usd(100) && before.0.badDebtRaw == usd(1_000), "{:?}", before.0);

        let start = IAuction::liquidateCall { vaultId: vault_id, collateral: at.weth.token, keeper: KEEPER };
        system.must(KEEPER, at.auction, &start);
        let paid_raw = system.balance(at.usd.token, KEEPER);
        assert!(paid_raw > usd(5));
        let said = IVault::RewardPaid { keeper: KEEPER, amountRaw: paid_raw };
        assert!(system.events().contains(&event(at.vault, &said)));
        let after = (system.books(), worths(system), queued(system)[1]);
        assert_eq!(after.0.badDebtRaw, before.0.badDebtRaw, "no more bad debt was realised");
        // Rounding brings the surplus an odd unit or two, which pays for bad debt as all of it does.
        let is_about = |more: U256| more <= paid_raw && more + U256::from(2) >= paid_raw;
        assert!(is_about(after.2 - before.2), "and more of it waits: {} for {paid_raw}", after.2 - before.2);
        let [stakers_fell, lenders_fell] = [before.1[1] - after.1[1], before.1[2] - after.1[2]];
        let (bearer_fell, other_fell) =
            if stakers_raw > 0 { (stakers_fell, lenders_fell) } else { (lenders_fell, stakers_fell) };
        assert!(is_about(bearer_fell) && other_fell.is_zero(), "{stakers_fell}, {lenders_fell}");
    }
}
