//! Prices, time and outages: what a running sale may meet.

use crate::scene::{account, health, linear, liquidate, n, sale, set_ratios, status, take, usd};
use alloy_primitives::{B256, U256};
use interface::{IAuction, IOracle, IVault};
use support::{
    System,
    actors::{ALICE, BOB, BUYER, KEEPER, OPERATOR, OWNER, RIVAL},
    doubles::{IScriptedFeed, ITestToken},
    system::{GRACE_SECS, USD, WBTC, WETH, usual_terms},
};

const FIRST: U256 = U256::ONE;

/// Alice's vault of 10 weth owes 14,000; at 1,700 a weth a part of it goes on sale.
fn on_sale(system: &mut System) {
    system.open_indebted(ALICE, &[(system.at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(system.at.weth, 1_700);
    system.must(KEEPER, system.at.auction, &liquidate(system.at.weth, FIRST));
}

/// A name as errors have it.
fn name(text: &str) -> B256 {
    B256::right_padding_from(text.as_bytes())
}

/// Maker, March 2020, and a linear curve whose tail lies where it reaches zero: lots went for nothing.
#[test]
fn a_lot_is_never_free_however_long_nobody_bids() {
    let mut system = System::native();
    let auction = system.at.auction;
    // A tail at the second in which the curve is zero cannot be set, nor a step of nothing.
    for (step, tail, parameter, value, min, max) in
        [(3_600, 3_600, "tailSecs", 3_600, 60, 3_599), (0, 3_000, "stepSecs", 0, 1, u64::MAX)]
    {
        let error = IAuction::OutOfBounds {
            name: name(parameter),
            value: U256::from(value),
            min: U256::from(min),
            max: U256::from(max),
        };
        let call = linear(&system, step, tail);
        system.refused(OWNER, auction, &call, &error);
    }
    let call = linear(&system, 3_600, 3_599);
    system.must(OWNER, auction, &call);
    on_sale(&mut system);
    let floor_ray = sale(&system, FIRST).floorRay;
    assert!(floor_ray > U256::ZERO);
    for waited in [0, 1_800, 1_700, 60, 38, 1, 1, 1, 86_400, 1_000_000] {
        system.wait(waited);
        system.refresh_prices();
        let now = status(&system, FIRST);
        assert!(now.priceRay >= floor_ray, "{} below the floor of {floor_ray}", now.priceRay);
        // Whoever will not pay gets nothing, in any of these seconds.
        let for_nothing = IAuction::takeCall { maxPriceRay: U256::ZERO, ..take(FIRST, U256::MAX, BUYER) };
        // A sale that has to begin again costs the fresh price, 20% above the oracle's.
        let price_ray = if now.needsRestart { n(2_040_000_000_000_000_000) } else { now.priceRay };
        let error = IAuction::PriceAboveLimit { priceRay: price_ray, limitRay: U256::ZERO };
        system.refused(BUYER, auction, &for_nothing, &error);
    }
    assert!(status(&system, FIRST).needsRestart);
    // Who takes now pays the fresh price, 20% above the oracle's, and not what was left of the old one.
    let paid = system.must(BUYER, auction, &take(FIRST, n(WETH), BUYER));
    assert_eq!((paid.sliceRaw, paid.owedRaw), (n(WETH), usd(2_040)));
}

/// Aave, November 2022: past a debt of 1 / (1 + bonus) of the collateral, each liquidation made the next one needed.
/// USDC carried 89% there with a bonus of 4.5%: from 95.7% on, a health of 0.93, a sale at the full bonus lowers it. Beside the ether
/// lies a collateral that is not sold, and no share of the debt makes a sale one of all of it, so that what stays has a health.
#[test]
fn no_sale_feeds_the_spiral_past_the_toxic_frontier() {
    let mut system = System::native();
    set_ratios(&mut system, 8_000, 8_900, 450);
    let at = system.at;
    let rule = IVault::setLiquidationRuleCall {
        targetHealthWad: n(support::system::WAD / 100 * 105),
        wholeShareBps: U256::from(10_000),
    };
    system.must(OWNER, at.vault, &rule);
    let mut cut = 0;
    for (number, dollars) in (1_390..=1_560).rev().step_by(10).enumerate() {
        let vault_id = U256::from(number + 1);
        system.set_price(at.weth, 2_000);
        let held = [(at.weth, 10 * WETH), (at.wbtc, WBTC / 20)];
        assert_eq!(system.open_indebted(ALICE, &held, 15_500 * USD), vault_id);
        system.set_price(at.weth, dollars);
        let before = account(&system, vault_id);
        assert!(before.healthWad < n(support::system::WAD));
        system.must(KEEPER, at.auction, &liquidate(at.weth, vault_id));
        let after = account(&system, vault_id);
        assert!(!after.debtRaw.is_zero(), "at {dollars} a weth all was sold, which shows nothing");
        // A millionth of a billionth for the units that rounding moves.
        let least = before.healthWad - before.healthWad / n(1_000_000_000);
        assert!(after.healthWad >= least, "at {dollars} a weth: {} became {}", before.healthWad, after.healthWad);
        let sold = sale(&system, vault_id);
        let full = sold.debtRaw * n(450) / n(10_000);
        if sold.dueRaw - sold.debtRaw + usd(1) < full {
            cut += 1;
        }
    }
    assert!(cut >= 5, "the penalty was cut {cut} times");
}

/// The same at 1,600, in numbers: 16,000 of weth against 15,500, a health of 0.9187. The full bonus on half the debt would
/// leave 7,901.25 carrying 7,032.11 against 7,750, a health of 0.9074. Ours is cut to 16,000 / 15,500 - 1 = 3.2258%, and all goes.
#[test]
fn at_the_numbers_of_november_2022_the_penalty_is_cut_and_the_vault_is_sold_whole() {
    let mut system = System::native();
    set_ratios(&mut system, 8_000, 8_900, 450);
    let at = system.at;
    let vault_id = system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 15_500 * USD);
    system.set_price(at.weth, 1_600);
    assert_eq!(health(&system, vault_id), n(918_709_677_419_354_838));
    system.must(KEEPER, at.auction, &liquidate(at.weth, vault_id));
    let sold = sale(&system, FIRST);
    assert_eq!((sold.lotRaw, sold.debtRaw, sold.dueRaw), (n(10 * WETH), usd(15_500), usd(16_000)));
    assert_eq!(account(&system, vault_id).debtRaw, U256::ZERO);
}

/// Arcadia's finding: while the sequencer is down the price goes on falling, and whoever is first afterwards buys for less than
/// anybody could have bid. Here such a sale begins again, and nothing that helps the borrower waits for the grace period.
#[test]
fn an_outage_across_a_sale_sells_nothing_at_the_price_that_fell_meanwhile() {
    let mut system = System::native();
    on_sale(&mut system);
    let at = system.at;
    system.wait(60);
    let went_down = system.world.time_secs();
    system.set_sequencer(false, went_down);
    system.wait(1_500);
    system.refresh_prices();
    let fallen = status(&system, FIRST);
    assert!(fallen.needsRestart && fallen.priceRay < n(1_000 * 1_000_000_000_000_000), "{}", fallen.priceRay);
    let came_back = system.world.time_secs();
    system.set_sequencer(true, came_back);
    for waited in [0, GRACE_SECS - 1] {
        system.wait(waited);
        system.refresh_prices();
        let error = IOracle::SequencerGrace {
            upSinceSecs: U256::from(came_back),
            graceSecs: U256::from(GRACE_SECS),
            nowSecs: system.now(),
        };
        system.refused(BUYER, at.auction, &take(FIRST, U256::MAX, BUYER), &error);
        let repay = IVault::repayCall { vaultId: FIRST, amountRaw: usd(10) };
        system.must(support::actors::LENDER, at.vault, &repay);
        let deposit = IVault::depositCall { vaultId: FIRST, collateral: at.weth.token, amountRaw: n(WETH / 100) };
        system.must(ALICE, at.vault, &deposit);
        system.ask(at.auction, &IAuction::cureCostCall { auctionId: FIRST });
    }
    system.wait(2);
    system.refresh_prices();
    let taken = system.must(BUYER, at.auction, &take(FIRST, n(WETH), BUYER));
    assert_eq!(taken.owedRaw, usd(2_040), "the fresh price, 20% above 1,700");
}

/// A price that has risen since the start makes no lot cheaper than its floor, and one that has fallen below the floor
/// leaves a sale that nobody wants, which begins again lower.
#[test]
fn a_price_that_falls_below_the_floor_waits_for_a_restart_and_not_for_a_loss() {
    let mut system = System::native();
    on_sale(&mut system);
    let at = system.at;
    let floor_ray = sale(&system, FIRST).floorRay;
    system.set_price(at.weth, 300);
    system.wait(2_300);
    system.set_price(at.weth, 300);
    let now = status(&system, FIRST);
    assert!(now.priceRay >= floor_ray && n(300_000_000_000_000_000) < floor_ray, "the market is below the floor");
    assert!(now.needsRestart);
    system.must(KEEPER, at.auction, &IAuction::restartCall { auctionId: FIRST, keeper: KEEPER });
    let again = sale(&system, FIRST);
    assert_eq!(again.topRay, n(360_000_000_000_000_000), "20% above 300");
    assert!(again.floorRay < floor_ray);
}

/// A dead oracle must not hold an expired sale for ever: it waits, the cure goes on working, and the next price starts it again.
#[test]
fn an_expired_sale_with_a_dead_oracle_can_be_cured_and_begins_again_with_the_next_price() {
    let mut system = System::native();
    on_sale(&mut system);
    let at = system.at;
    let revert = IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert };
    system.must(OPERATOR, at.weth.feed, &revert);
    system.wait(3_000);
    let error = IOracle::FeedUnreadable { asset: at.weth.token, aggregator: at.weth.feed };
    system.refused(KEEPER, at.auction, &IAuction::restartCall { auctionId: FIRST, keeper: KEEPER }, &error);
    system.refused(BUYER, at.auction, &take(FIRST, U256::MAX, BUYER), &error);
    let cost = system.ask(at.auction, &IAuction::cureCostCall { auctionId: FIRST });
    // And what the keeper was paid for its start.
    assert_eq!(cost, sale(&system, FIRST).debtRaw + system.balance(at.usd.token, KEEPER));
    let answer = IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Answer };
    system.must(OPERATOR, at.weth.feed, &answer);
    system.refresh_prices();
    system.must(KEEPER, at.auction, &IAuction::restartCall { auctionId: FIRST, keeper: KEEPER });
    assert!(!status(&system, FIRST).needsRestart);
}

/// A sale begins in the very second of the price that made it possible, and is sold in that second too.
#[test]
fn a_sale_may_begin_and_end_in_the_second_of_the_price() {
    let mut system = System::native();
    on_sale(&mut system);
    let at = system.at;
    for buyer in [BUYER, RIVAL] {
        let taken = system.must(buyer, at.auction, &take(FIRST, n(WETH), buyer));
        assert_eq!(taken.owedRaw, usd(2_040), "each pays the price of this second");
    }
    let last = system.must(BUYER, at.auction, &take(FIRST, U256::MAX, BUYER));
    assert!(last.sliceRaw > U256::ZERO && sale(&system, FIRST).lotRaw.is_zero());
}

/// The cap fills up in the middle of several liquidations: the one that meets it shrinks, the next is refused, nothing is above it.
#[test]
fn a_cap_that_fills_up_shrinks_one_sale_and_refuses_the_next() {
    let mut system = System::native();
    let at = system.at;
    let limits = IAuction::setLimitsCall { capRaw: usd(10_000), minDueRaw: usd(50) };
    system.must(OWNER, at.auction, &limits);
    for owner in [ALICE, BOB, ALICE] {
        system.open_indebted(owner, &[(at.weth, 10 * WETH)], 14_000 * USD);
    }
    system.set_price(at.weth, 1_700);
    let on_sale = |system: &System| system.ask(at.auction, &IAuction::onSaleCall { collateral: at.weth.token }).allRaw;
    system.must(KEEPER, at.auction, &liquidate(at.weth, n(1)));
    let first = on_sale(&system);
    system.must(KEEPER, at.auction, &liquidate(at.weth, n(2)));
    let both = on_sale(&system);
    assert!(first < usd(10_000) && both > first && both <= usd(10_000), "{first}, then {both}");
    assert_eq!(both, usd(10_000), "the second shrank to what was left");
    let error = IAuction::CapReached { onSaleRaw: both, capRaw: both };
    system.refused(KEEPER, at.auction, &liquidate(at.weth, n(3)), &error);
    // What is left of a higher cap is too little for a sale that leaves no dust.
    system.must(OWNER, at.auction, &IAuction::setLimitsCall { capRaw: both + usd(10), minDueRaw: usd(50) });
    let error = IVault::NoRoom { roomRaw: usd(10), neededRaw: usd(110) };
    system.refused(KEEPER, at.auction, &liquidate(at.weth, n(3)), &error);
    assert_eq!(on_sale(&system), both);
}

/// A threshold on its way down makes a vault unsafe while another sale of it runs: that one keeps its terms, the next is sized
/// at the threshold of its own second.
#[test]
fn a_ramp_that_crosses_a_sale_changes_the_next_one_only() {
    let mut system = System::native();
    on_sale(&mut system);
    let at = system.at;
    let before = (sale(&system, FIRST), system.ask(at.auction, &IAuction::saleTermsCall { auctionId: FIRST }));
    let down = IVault::setThresholdCall {
        token: at.weth.token,
        thresholdBps: U256::from(7_600),
        rampSecs: U256::from(86_400),
    };
    system.must(OWNER, at.vault, &down);
    // Half way down the rest is still safe, and is left alone.
    system.wait(43_200);
    system.refresh_prices();
    let half_way = health(&system, FIRST);
    let error = IVault::Healthy { vaultId: FIRST, healthWad: half_way };
    system.refused(KEEPER, at.auction, &liquidate(at.weth, FIRST), &error);
    system.wait(43_200);
    system.refresh_prices();
    let below = health(&system, FIRST);
    assert!(half_way > n(support::system::WAD) && below < n(support::system::WAD), "{half_way}, then {below}");
    let after = (sale(&system, FIRST), system.ask(at.auction, &IAuction::saleTermsCall { auctionId: FIRST }));
    assert_eq!(before, after, "the sale that runs is as it began");
    system.must(KEEPER, at.auction, &liquidate(at.weth, FIRST));
    let again = health(&system, FIRST);
    // The target of 1.05 at the threshold of this second, less the odd unit of the penalty.
    let (target, odd) = (n(support::system::WAD / 100 * 105), n(1_000_000_000));
    assert!(again <= target + odd && again + odd >= target, "{again}");
    assert_eq!(sale(&system, FIRST), before.0);
}

/// What is on sale stays on sale when its collateral may not be borrowed against any more, or may not be deposited.
#[test]
fn a_lot_of_a_collateral_that_is_no_longer_wanted_can_be_sold_and_given_back() {
    let mut system = System::native();
    on_sale(&mut system);
    let at = system.at;
    let shut = IVault::setCollateralCall {
        token: at.weth.token,
        ltvBps: U256::ZERO,
        thresholdBps: U256::from(8_000),
        penaltyBps: U256::from(1_000),
        capRaw: U256::ZERO,
    };
    system.must(OWNER, at.vault, &shut);
    let held =
        |system: &System| system.ask(at.vault, &IVault::collateralOfCall { vaultId: FIRST, collateral: at.weth.token });
    let before = held(&system);
    let lot = sale(&system, FIRST).lotRaw;
    let taken = system.must(BUYER, at.auction, &take(FIRST, U256::MAX, BUYER));
    assert_eq!(held(&system), before + lot - taken.sliceRaw, "what was not sold came back above the cap of nothing");
}

/// Tokens sent to the contracts before, between and after the steps of a sale change none of them.
#[test]
fn gifts_around_a_sale_change_nothing_in_it() {
    let run = |with_gifts: bool| {
        let mut system = System::native();
        let at = system.at;
        let gift = |system: &mut System| {
            for (from, asset, amount) in [(RIVAL, at.usd, 1_000 * USD), (BOB, at.weth, WETH)] {
                for to in [at.vault, at.auction, at.pool, at.reserve, at.oracle] {
                    if with_gifts {
                        let call = ITestToken::transferCall { to, amountRaw: n(amount) };
                        system.must(from, asset.token, &call);
                    }
                }
            }
        };
        gift(&mut system);
        on_sale(&mut system);
        gift(&mut system);
        let mut seen = vec![format!("{:?}", sale(&system, FIRST))];
        let taken = system.must(BUYER, at.auction, &take(FIRST, n(WETH), BUYER));
        gift(&mut system);
        seen.push(format!("{} {} {:?}", taken.sliceRaw, taken.owedRaw, system.books()));
        let last = system.must(BUYER, at.auction, &take(FIRST, U256::MAX, BUYER));
        seen.push(format!("{} {} {:?}", last.sliceRaw, last.owedRaw, system.books()));
        seen
    };
    assert_eq!(run(false), run(true));
}

/// Terms, and the least that may be left due, that are set while a sale runs are for the next one.
#[test]
fn parameters_set_in_the_middle_of_a_sale_are_for_the_next() {
    let mut system = System::native();
    on_sale(&mut system);
    let at = system.at;
    let before = status(&system, FIRST).priceRay;
    let call = linear(&system, 120, 100);
    system.must(OWNER, at.auction, &call);
    system.must(OWNER, at.auction, &IAuction::setLimitsCall { capRaw: usd(1), minDueRaw: usd(5_000) });
    assert_eq!(status(&system, FIRST).priceRay, before);
    system.wait(101);
    // By its own terms the sale goes on, five basis points a second.
    assert!(!status(&system, FIRST).needsRestart);
    assert_eq!(usual_terms().curve, system.ask(at.auction, &IAuction::saleTermsCall { auctionId: FIRST }).curve);
    // And by its own minimum of 50 dollars a part may leave less than 5,000.
    let part = n(3 * WETH);
    assert_eq!(system.must(BUYER, at.auction, &take(FIRST, part, BUYER)).sliceRaw, part);
    let left = status(&system, FIRST).dueRaw;
    assert!(left > usd(50) && left < usd(5_000), "{left}");
}
