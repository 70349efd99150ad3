//! Auctions that are too old, too cheap, or saw the sequencer down: nothing is sold of them before a restart at a fresh price.

use crate::scene::{
    DEBT, DUE, FIRST, FLOOR, LOT, REWARD, TOP, insolvent_on_sale, liquidate, needs_restart, on_sale, price, restart,
    sale, slice_down, take, unsafe_vault,
};
use alloy_primitives::{Address, U256};
use interface::{IAuction, IOracle, IShared, IVault};
use support::{
    System,
    actors::{BUYER, KEEPER, OPERATOR, OWNER, STRANGER},
    doubles::IScriptedFeed,
    system::{
        AUCTION_CAP_RAW, GRACE_SECS, MIN_DUE_RAW, RAY, REWARD_FLAT_RAW, USD, WETH, event, usual_reward, usual_terms,
    },
};

support::scenarios! {
    both {
        a_take_of_a_stale_auction_restarts_it_and_buys_at_the_fresh_price,
        an_auction_below_its_cusp_is_restarted_at_a_fresh_price,
        an_auction_that_saw_the_sequencer_down_is_not_sold,
    }
    native {
        the_last_take_of_a_stale_auction_ends_it,
        a_take_of_a_stale_auction_needs_the_oracle_and_restarts,
        an_auction_older_than_its_tail_needs_a_restart,
        an_auction_at_its_floor_needs_a_restart_and_is_never_cheaper,
        restart_refuses_an_auction_that_runs_well,
        restart_refuses_an_auction_that_is_not_there,
        restart_refuses_the_zero_keeper,
        restart_refuses_while_the_oracle_is_dead,
        restart_refuses_while_the_sequencer_is_down_or_in_its_grace,
        restart_uses_the_terms_of_that_moment,
        a_restart_of_dust_earns_nothing,
        a_minimum_due_set_during_an_auction_does_not_touch_it,
        all_starts_together_earn_no_more_than_the_share_of_the_penalty,
        a_price_at_which_it_would_begin_at_its_floor_starts_nothing_again,
        the_reward_is_never_more_than_its_share_of_the_penalty,
        a_lot_sold_without_a_penalty_pays_its_keeper_nothing,
        a_collateral_without_a_penalty_pays_no_reward,
        a_reward_set_during_an_auction_does_not_touch_it,
        a_sequencer_feed_that_cannot_be_read_stops_sales,
        a_linear_curve_falls_straight,
        stairs_fall_by_steps,
        an_exponential_curve_falls_every_second,
    }
}

/// 0.9995 to the power of 1,833 is below 0.4, the cusp; to the power of 1,832 it is not.
const LAST_SECOND_ABOVE_CUSP: u64 = 1_832;

fn an_auction_below_its_cusp_is_restarted_at_a_fresh_price(system: &mut System) {
    on_sale(system);
    let at = system.at;
    system.wait(LAST_SECOND_ABOVE_CUSP);
    assert!(!needs_restart(system));
    system.wait(1);
    assert!(needs_restart(system));
    system.set_price(at.weth, 1_500);
    let purse = system.balance(at.usd.token, KEEPER);
    system.must(STRANGER, at.auction, &restart(FIRST));
    let reward = U256::from(REWARD_FLAT_RAW + DUE / 1_000);
    let (top, floor) = (U256::from(1_800_000_000_000_000_000_u128), U256::from(525_000_000_000_000_000_u128));
    let said = IAuction::AuctionRestarted {
        auctionId: FIRST,
        topRay: top,
        floorRay: floor,
        keeper: KEEPER,
        rewardRaw: reward,
        restarts: U256::ONE,
    };
    let paid = IVault::RewardPaid { keeper: KEEPER, amountRaw: reward };
    assert_eq!(system.events(), [event(at.vault, &paid), event(at.auction, &said)]);
    assert_eq!(system.balance(at.usd.token, KEEPER) - purse, reward);
    let now = sale(system);
    assert_eq!((now.topRay, now.floorRay, now.startedAtSecs, now.restarts), (top, floor, system.now(), U256::ONE));
    // What is sold and what is due stay what they were.
    assert_eq!((now.lotRaw, now.dueRaw), (U256::from(LOT), U256::from(DUE)));
    assert_eq!(price(system), top);
    system.must(BUYER, at.auction, &take(u128::MAX));
}

fn an_auction_that_saw_the_sequencer_down_is_not_sold(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let quote = IAuction::quoteCall { auctionId: FIRST, maxLotRaw: U256::from(LOT) };
    system.wait(10);
    let down = system.world.time_secs();
    system.set_sequencer(false, down);
    // There is no price to restart at, neither for a keeper nor for a buyer.
    let refusal = IOracle::SequencerDown { sinceSecs: U256::from(down) };
    system.refused(BUYER, at.auction, &take(LOT), &refusal);
    system.ask_refused(at.auction, &quote, &refusal);
    system.wait(10);
    let back = system.world.time_secs();
    system.set_sequencer(true, back);
    assert!(needs_restart(system));
    // The grace period must pass before there is a price to restart at.
    let grace = IOracle::SequencerGrace {
        upSinceSecs: U256::from(back),
        graceSecs: U256::from(GRACE_SECS),
        nowSecs: system.now(),
    };
    system.refused(KEEPER, at.auction, &restart(FIRST), &grace);
    system.refused(BUYER, at.auction, &take(LOT), &grace);
    system.ask_refused(at.auction, &quote, &grace);
    system.wait(GRACE_SECS + 1);
    system.must(KEEPER, at.auction, &restart(FIRST));
    system.must(BUYER, at.auction, &take(LOT));
}

fn an_auction_older_than_its_tail_needs_a_restart(system: &mut System) {
    let at = system.at;
    let mut terms = usual_terms();
    terms.tailSecs = U256::from(600);
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: terms });
    on_sale(system);
    system.wait(600);
    assert!(!needs_restart(system));
    system.wait(1);
    assert!(needs_restart(system));
}

fn an_auction_at_its_floor_needs_a_restart_and_is_never_cheaper(system: &mut System) {
    let at = system.at;
    let mut terms = usual_terms();
    terms.cuspBps = U256::from(100);
    terms.tailSecs = U256::from(604_800);
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: terms });
    on_sale(system);
    // 0.9995^t is below 35 / 120 from the 2,464th second on.
    system.wait(2_463);
    assert!(!needs_restart(system) && price(system) > U256::from(FLOOR));
    system.wait(1);
    assert!(needs_restart(system));
    assert_eq!(price(system), U256::from(FLOOR));
    system.wait(500_000);
    assert_eq!(price(system), U256::from(FLOOR));
}

fn a_take_of_a_stale_auction_restarts_it_and_buys_at_the_fresh_price(system: &mut System) {
    on_sale(system);
    let at = system.at;
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    system.set_price(at.weth, 1_500);
    let (top, floor) = (1_800_000_000_000_000_000_u128, 525_000_000_000_000_000_u128);

    let too_low = IAuction::takeCall { maxPriceRay: U256::from(top - 1), ..take(WETH) };
    let refusal = IAuction::PriceAboveLimit { priceRay: U256::from(top), limitRay: U256::from(top - 1) };
    system.refused(BUYER, at.auction, &too_low, &refusal);
    let quote = system.ask(at.auction, &IAuction::quoteCall { auctionId: FIRST, maxLotRaw: U256::from(WETH) });
    assert!(needs_restart(system), "a quote restarts nothing");

    let purse = system.balance(at.usd.token, BUYER);
    let taken = system.must(BUYER, at.auction, &IAuction::takeCall { maxPriceRay: U256::from(top), ..take(WETH) });
    // A weth at 1,800 dollars.
    let owed = U256::from(1_800 * USD);
    assert_eq!((taken.sliceRaw, taken.owedRaw), (U256::from(WETH), owed));
    assert_eq!((quote.sliceRaw, quote.owedRaw, quote.priceRay), (taken.sliceRaw, taken.owedRaw, U256::from(top)));
    let reward = U256::from(REWARD);
    let expected = [
        event(at.vault, &IVault::RewardPaid { keeper: BUYER, amountRaw: reward }),
        event(
            at.auction,
            &IAuction::AuctionRestarted {
                auctionId: FIRST,
                topRay: U256::from(top),
                floorRay: U256::from(floor),
                keeper: BUYER,
                rewardRaw: reward,
                restarts: U256::ONE,
            },
        ),
        event(
            at.auction,
            &IAuction::SliceTaken {
                auctionId: FIRST,
                taker: BUYER,
                recipient: BUYER,
                sliceRaw: U256::from(WETH),
                owedRaw: owed,
                priceRay: U256::from(top),
                lotLeftRaw: U256::from(LOT - WETH),
                dueLeftRaw: U256::from(DUE) - owed,
            },
        ),
        event(
            at.vault,
            &IVault::SliceReleased {
                vaultId: FIRST,
                collateral: at.weth.token,
                to: BUYER,
                amountRaw: U256::from(WETH),
            },
        ),
        event(
            at.vault,
            &IVault::ProceedsCollected { vaultId: FIRST, payer: BUYER, principalRaw: owed, penaltyRaw: U256::ZERO },
        ),
    ];
    assert_eq!(system.events(), expected);
    assert_eq!(purse - system.balance(at.usd.token, BUYER), owed - reward);
    let now = sale(system);
    assert_eq!(
        (now.topRay, now.floorRay, now.startedAtSecs, now.restarts),
        (U256::from(top), U256::from(floor), system.now(), U256::ONE)
    );
    assert_eq!((now.lotRaw, now.dueRaw), (U256::from(LOT - WETH), U256::from(DUE) - owed));
    assert!(!needs_restart(system));
    // It goes on as any other: the next take restarts nothing.
    system.must(BUYER, at.auction, &take(1_000));
    assert_eq!(sale(system).restarts, U256::ONE);
}

fn the_last_take_of_a_stale_auction_ends_it(system: &mut System) {
    on_sale(system);
    let at = system.at;
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    let taken = system.must(BUYER, at.auction, &take(u128::MAX));
    assert_eq!((taken.sliceRaw, taken.owedRaw), (slice_down(DUE, TOP), U256::from(DUE)));
    assert_eq!(sale(system).lotRaw, U256::ZERO);
    assert_eq!(system.ask(at.auction, &IAuction::countCall {}), U256::ZERO);
}

fn a_take_of_a_stale_auction_needs_the_oracle_and_restarts(system: &mut System) {
    on_sale(system);
    let at = system.at;
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    let quote = IAuction::quoteCall { auctionId: FIRST, maxLotRaw: U256::from(LOT) };
    system.must(OWNER, at.auction, &IAuction::setStopCall { level: U256::from(2) });
    let stopped = IAuction::Stopped { level: U256::from(2) };
    system.refused(BUYER, at.auction, &take(LOT), &stopped);
    system.ask_refused(at.auction, &quote, &stopped);
    system.must(OWNER, at.auction, &IAuction::setStopCall { level: U256::ZERO });
    system.must(
        OPERATOR,
        at.weth.feed,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert },
    );
    let refusal = IOracle::FeedUnreadable { asset: at.weth.token, aggregator: at.weth.feed };
    system.refused(BUYER, at.auction, &take(LOT), &refusal);
    system.ask_refused(at.auction, &quote, &refusal);
}

fn restart_refuses_an_auction_that_runs_well(system: &mut System) {
    on_sale(system);
    let refusal = IAuction::RestartNotNeeded { auctionId: FIRST };
    system.refused(KEEPER, system.at.auction, &restart(FIRST), &refusal);
    system.wait(LAST_SECOND_ABOVE_CUSP);
    system.refused(KEEPER, system.at.auction, &restart(FIRST), &refusal);
}

fn restart_refuses_an_auction_that_is_not_there(system: &mut System) {
    on_sale(system);
    system.must(BUYER, system.at.auction, &take(u128::MAX));
    for auction_id in [U256::ZERO, FIRST, U256::from(2)] {
        let refusal = IAuction::UnknownAuction { auctionId: auction_id };
        system.refused(KEEPER, system.at.auction, &restart(auction_id), &refusal);
    }
}

fn restart_refuses_the_zero_keeper(system: &mut System) {
    on_sale(system);
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    let call = IAuction::restartCall { auctionId: FIRST, keeper: Address::ZERO };
    system.refused(KEEPER, system.at.auction, &call, &IShared::ZeroAddress {});
}

fn restart_refuses_while_the_oracle_is_dead(system: &mut System) {
    on_sale(system);
    let at = system.at;
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    system.must(
        OPERATOR,
        at.weth.feed,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert },
    );
    let refusal = IOracle::FeedUnreadable { asset: at.weth.token, aggregator: at.weth.feed };
    system.refused(KEEPER, at.auction, &restart(FIRST), &refusal);
}

fn restart_refuses_while_the_sequencer_is_down_or_in_its_grace(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let down = system.world.time_secs() + 1;
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    system.set_sequencer(false, down);
    system.refused(KEEPER, at.auction, &restart(FIRST), &IOracle::SequencerDown { sinceSecs: U256::from(down) });
}

fn restart_uses_the_terms_of_that_moment(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let began_with = system.ask(at.auction, &IAuction::saleTermsCall { auctionId: FIRST });
    let mut terms = usual_terms();
    terms.bufferBps = U256::from(11_000);
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: terms.clone() });
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    system.must(KEEPER, at.auction, &restart(FIRST));
    let goes_on_with = system.ask(at.auction, &IAuction::saleTermsCall { auctionId: FIRST });
    // A running auction keeps what it began with, through a restart too.
    assert_eq!(goes_on_with, began_with);
    assert_eq!(price(system), U256::from(TOP));
}

fn minimum(raw: u128) -> IAuction::setLimitsCall {
    IAuction::setLimitsCall { capRaw: U256::from(AUCTION_CAP_RAW), minDueRaw: U256::from(raw) }
}

/// Lets an auction go stale, and restarts it at a price of this second; answers what the keeper earned.
fn restarted_at(system: &mut System, auction_id: U256, dollars: i128) -> U256 {
    let at = system.at;
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    system.set_price(at.weth, dollars);
    let purse = system.balance(at.usd.token, KEEPER);
    system.must(KEEPER, at.auction, &restart(auction_id));
    system.balance(at.usd.token, KEEPER) - purse
}

fn a_restart_of_dust_earns_nothing(system: &mut System) {
    let at = system.at;
    system.must(OWNER, at.auction, &minimum(1_000 * USD));
    on_sale(system);
    // Much is due, but the lot of 4.19 weth is worth 837 dollars.
    assert_eq!(restarted_at(system, FIRST, 200), U256::ZERO);
    let price = U256::from(200) * U256::from(RAY / WETH * USD);
    let said = IAuction::AuctionRestarted {
        auctionId: FIRST,
        topRay: price * U256::from(12) / U256::from(10),
        floorRay: price * U256::from(35) / U256::from(100),
        keeper: KEEPER,
        rewardRaw: U256::ZERO,
        restarts: U256::ONE,
    };
    assert_eq!(system.events(), [event(at.auction, &said)]);
    // The same auction earns one where its lot is worth more.
    assert_eq!(restarted_at(system, FIRST, 1_701), U256::from(REWARD));

    // The lot of another is worth enough, and a unit too little is due.
    system.must(OWNER, at.auction, &minimum(DUE + 1));
    system.set_price(at.weth, 2_000);
    unsafe_vault(system);
    let purse = system.balance(at.usd.token, KEEPER);
    let second = system.must(KEEPER, at.auction, &liquidate(system, U256::from(2)));
    assert_eq!(system.balance(at.usd.token, KEEPER), purse);
    assert_eq!(restarted_at(system, second, 1_701), U256::ZERO);
}

fn a_minimum_due_set_during_an_auction_does_not_touch_it(system: &mut System) {
    on_sale(system);
    let at = system.at;
    // By this minimum nothing would be earned any more, and no part could be bought.
    system.must(OWNER, at.auction, &minimum(DUE));
    system.must(BUYER, at.auction, &take(WETH));
    let left = sale(system);
    assert_eq!(left.lotRaw, U256::from(LOT - WETH));
    let reward = U256::from(REWARD_FLAT_RAW) + left.dueRaw / U256::from(1_000);
    assert_eq!(restarted_at(system, FIRST, 1_700), reward);
    let kept =
        |system: &System, auction_id: U256| system.ask(at.auction, &IAuction::saleMinDueCall { auctionId: auction_id });
    assert_eq!(kept(system, FIRST), U256::from(MIN_DUE_RAW));
    // The quote of a part, too, goes by the minimum of the start.
    let quote = IAuction::quoteCall { auctionId: FIRST, maxLotRaw: U256::from(WETH) };
    assert_eq!(system.ask(at.auction, &quote).sliceRaw, U256::from(WETH));

    // What starts now has the new one, and keeps it.
    system.set_price(at.weth, 2_000);
    unsafe_vault(system);
    let second = system.must(KEEPER, at.auction, &liquidate(system, U256::from(2)));
    system.must(OWNER, at.auction, &minimum(0));
    let part = IAuction::takeCall { auctionId: second, ..take(WETH) };
    let refusal = IAuction::PartTooLarge { dueRaw: U256::from(DUE), minDueRaw: U256::from(DUE) };
    system.refused(BUYER, at.auction, &part, &refusal);
    assert_eq!((kept(system, FIRST), kept(system, second)), (U256::from(MIN_DUE_RAW), U256::from(DUE)));
    system.must(BUYER, at.auction, &IAuction::takeCall { auctionId: second, ..take(LOT) });
    let ended = IAuction::UnknownAuction { auctionId: second };
    system.ask_refused(at.auction, &IAuction::saleMinDueCall { auctionId: second }, &ended);
}

fn all_starts_together_earn_no_more_than_the_share_of_the_penalty(system: &mut System) {
    let at = system.at;
    // More than the cap by far, so that the cap decides alone.
    let reward = IAuction::Reward { flatRaw: U256::from(100_000 * USD), ..usual_reward() };
    system.must(OWNER, at.auction, &IAuction::setRewardCall { newReward: reward });
    on_sale(system);
    let most = (DUE - DEBT) / 2;
    let mut all = system.balance(at.usd.token, KEEPER);
    assert_eq!(all, U256::from(most >> 1));
    for restarts in 1..=32_u32 {
        let earned = restarted_at(system, FIRST, 1_700);
        assert_eq!(earned, U256::from(most >> 1 >> restarts), "restart {restarts}");
        all += earned;
    }
    assert!(all <= U256::from(most) && all > U256::from(most / 100 * 99), "{all}");
    assert_eq!(system.balance(at.usd.token, KEEPER), all);
}

/// A weth for a hundred-millionth of a dollar, and the debt asset at a billion: a unit of ray for a unit of weth, rounded up.
fn prices_at_one_unit_of_ray(system: &mut System) {
    system.set_answer(system.at.weth, 1);
    system.set_price(system.at.usd, 1_000_000_000);
}

fn a_price_at_which_it_would_begin_at_its_floor_starts_nothing_again(system: &mut System) {
    on_sale(system);
    let at = system.at;
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    prices_at_one_unit_of_ray(system);
    let one_unit = system.ask(at.vault, &IVault::priceRayCall { collateral: at.weth.token });
    assert_eq!(one_unit, U256::ONE);
    system.refused(KEEPER, at.auction, &restart(FIRST), &IShared::OutOfRange {});
    system.refused(BUYER, at.auction, &take(LOT), &IShared::OutOfRange {});
    system.set_price(at.usd, 500_000);
    assert!(system.ask(at.vault, &IVault::priceRayCall { collateral: at.weth.token }) > U256::ONE);
    system.must(KEEPER, at.auction, &restart(FIRST));
}

fn the_reward_is_never_more_than_its_share_of_the_penalty(system: &mut System) {
    let at = system.at;
    let reward = IAuction::Reward { maxPenaltyBps: U256::from(10), ..usual_reward() };
    system.must(OWNER, at.auction, &IAuction::setRewardCall { newReward: reward });
    on_sale(system);
    // Half of a thousandth of the penalty of 647.058824 dollars.
    let at_start = U256::from((DUE - DEBT) / 1_000 / 2);
    assert_eq!(system.balance(at.usd.token, KEEPER), at_start);

    // The debt and 300 dollars of the penalty are paid: what a restart pays follows what is left of the penalty, by a quarter of the share.
    let wanted = slice_down(DEBT + 300 * USD, TOP).to::<u128>();
    system.must(BUYER, at.auction, &take(wanted));
    let left = sale(system);
    assert_eq!(left.debtRaw, U256::ZERO);
    assert!(left.dueRaw < U256::from(348 * USD) && left.dueRaw > U256::from(347 * USD), "{}", left.dueRaw);
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    system.must(KEEPER, at.auction, &restart(FIRST));
    let at_restart = left.dueRaw / U256::from(1_000) / U256::from(4);
    let paid = IVault::RewardPaid { keeper: KEEPER, amountRaw: at_restart };
    assert!(system.events().contains(&event(at.vault, &paid)), "{:?}", system.events());
    assert_eq!(system.balance(at.usd.token, KEEPER), at_start + at_restart);
}

fn a_lot_sold_without_a_penalty_pays_its_keeper_nothing(system: &mut System) {
    let at = system.at;
    insolvent_on_sale(system);
    let now = sale(system);
    assert_eq!(now.dueRaw, now.debtRaw);
    assert_eq!(system.balance(at.usd.token, KEEPER), U256::ZERO);
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    system.must(KEEPER, at.auction, &restart(FIRST));
    assert_eq!(system.balance(at.usd.token, KEEPER), U256::ZERO);
    assert!(
        system.ask(at.vault, &IVault::booksCall {}).surplusRaw > U256::from(REWARD_FLAT_RAW),
        "not for want of money"
    );
}

fn a_collateral_without_a_penalty_pays_no_reward(system: &mut System) {
    let at = system.at;
    let free = IVault::setCollateralCall {
        token: at.weth.token,
        ltvBps: U256::from(7_500),
        thresholdBps: U256::from(8_000),
        penaltyBps: U256::ZERO,
        capRaw: U256::from(10_000 * WETH),
    };
    system.must(OWNER, at.vault, &free);
    on_sale(system);
    let now = sale(system);
    assert_eq!(now.dueRaw, now.debtRaw);
    assert_eq!(system.balance(at.usd.token, KEEPER), U256::ZERO);
}

fn a_reward_set_during_an_auction_does_not_touch_it(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let reward_of = |system: &System, auction_id: u64| {
        system.ask(at.auction, &IAuction::saleRewardCall { auctionId: U256::from(auction_id) })
    };
    let more = IAuction::Reward { flatRaw: U256::from(50 * USD), ..usual_reward() };
    system.must(OWNER, at.auction, &IAuction::setRewardCall { newReward: more.clone() });
    assert_eq!(system.ask(at.auction, &IAuction::rewardCall {}), more);
    assert_eq!(reward_of(system, 1), usual_reward());
    // Its restart pays what held when it began; what starts now pays the new one, and later settings leave both.
    system.wait(LAST_SECOND_ABOVE_CUSP + 1);
    let purse = system.balance(at.usd.token, KEEPER);
    system.must(KEEPER, at.auction, &restart(FIRST));
    assert_eq!(system.balance(at.usd.token, KEEPER) - purse, U256::from(REWARD));
    system.set_price(at.weth, 2_000);
    unsafe_vault(system);
    let purse = system.balance(at.usd.token, KEEPER);
    system.must(KEEPER, at.auction, &liquidate(system, U256::from(2)));
    assert_eq!(system.balance(at.usd.token, KEEPER) - purse, U256::from(REWARD + 45 * USD));
    let none = IAuction::Reward::default();
    system.must(OWNER, at.auction, &IAuction::setRewardCall { newReward: none.clone() });
    assert_eq!((reward_of(system, 1), reward_of(system, 2)), (usual_reward(), more));
    assert_eq!(system.ask(at.auction, &IAuction::rewardCall {}), none);
}

fn a_sequencer_feed_that_cannot_be_read_stops_sales(system: &mut System) {
    on_sale(system);
    let at = system.at;
    system.must(
        OPERATOR,
        at.sequencer,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert },
    );
    let refusal = IOracle::SequencerUnreadable { feed: at.sequencer };
    system.wait(1);
    system.refused(BUYER, at.auction, &take(LOT), &refusal);
}

fn with_terms(system: &mut System, curve: u64, cut: u128, step: u64, tail: u64) {
    let terms = IAuction::Terms {
        curve: U256::from(curve),
        cutRay: U256::from(cut),
        stepSecs: U256::from(step),
        tailSecs: U256::from(tail),
        cuspBps: U256::from(100),
        ..usual_terms()
    };
    system.must(
        OWNER,
        system.at.auction,
        &IAuction::setTermsCall { collateral: system.at.weth.token, newTerms: terms },
    );
    unsafe_vault(system);
    system.must(KEEPER, system.at.auction, &crate::scene::liquidate(system, FIRST));
}

fn prices_after(system: &mut System, waits: &[u64]) -> Vec<U256> {
    waits
        .iter()
        .map(|secs| {
            system.wait(*secs);
            price(system)
        })
        .collect()
}

fn a_linear_curve_falls_straight(system: &mut System) {
    with_terms(system, 1, 0, 4_000, 3_999);
    // A tenth after 400 seconds, a half after 2,000; then the floor, 29 percent of the top.
    let expected = [TOP, TOP / 10 * 9, TOP / 2, FLOOR, FLOOR].map(U256::from);
    assert_eq!(prices_after(system, &[0, 400, 1_600, 1_000, 50_000]), expected);
}

fn stairs_fall_by_steps(system: &mut System) {
    with_terms(system, 2, RAY / 100 * 99, 60, 6_000);
    let expected = [TOP, TOP, TOP / 100 * 99, TOP / 100 * 99, TOP / 10_000 * 9_801].map(U256::from);
    assert_eq!(prices_after(system, &[0, 59, 1, 59, 1]), expected);
}

fn an_exponential_curve_falls_every_second(system: &mut System) {
    with_terms(system, 3, RAY / 100 * 99, 60, 6_000);
    let expected = [TOP, TOP / 100 * 99, TOP / 10_000 * 9_801, TOP / 1_000_000 * 970_299].map(U256::from);
    assert_eq!(prices_after(system, &[0, 1, 1, 1]), expected);
}
