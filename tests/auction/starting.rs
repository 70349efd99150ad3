//! Starting an auction of an unsafe vault.

use crate::scene::{DEBT, DUE, FIRST, FLOOR, LOT, REWARD, TOP, debt, held, liquidate, on_sale, sale, unsafe_vault};
use alloy_primitives::{Address, U256};
use interface::{IAuction, IOracle, IShared, IVault};
use support::{
    System, TokenKind,
    actors::{ALICE, BOB, KEEPER, OPERATOR, OWNER, STRANGER},
    doubles::IScriptedFeed,
    system::{MIN_DUE_RAW, RAY, SURPLUS_RAW, USD, WAD, WBTC, WETH, event, usual_terms},
};

support::scenarios! {
    both {
        liquidate_puts_a_lot_on_sale_and_pays_the_keeper,
        liquidate_refuses_a_vault_whose_health_is_exactly_one,
        liquidating_leaves_the_vault_healthier,
    }
    native {
        liquidate_pays_whom_the_keeper_names,
        liquidate_refuses_the_zero_keeper,
        liquidate_refuses_a_vault_that_is_not_there,
        liquidate_refuses_a_collateral_without_terms,
        liquidate_refuses_a_collateral_the_vault_does_not_hold,
        liquidate_refuses_while_the_oracle_is_dead,
        liquidate_refuses_while_the_sequencer_is_down,
        liquidate_shrinks_to_the_cap_and_refuses_above_it,
        the_cap_of_one_collateral_does_not_bind_the_other,
        liquidate_refuses_a_room_that_leaves_dust,
        a_second_auction_of_the_same_vault_gets_a_number_of_its_own,
        a_vault_that_is_safe_again_is_left_alone,
        without_surplus_the_keeper_gets_nothing_and_the_auction_starts,
        an_insolvent_vault_is_sold_whole_without_a_penalty,
        a_liquidator_may_be_the_borrower,
    }
}

fn liquidate_puts_a_lot_on_sale_and_pays_the_keeper(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let auction_id = system.must(STRANGER, at.auction, &liquidate(system, FIRST));
    assert_eq!(auction_id, FIRST);
    let liquidated = IVault::LiquidationStarted {
        vaultId: FIRST,
        collateral: at.weth.token,
        lotRaw: U256::from(LOT),
        debtRaw: U256::from(DEBT),
        dueRaw: U256::from(DUE),
        shares: U256::from(DEBT),
    };
    let started = IAuction::AuctionStarted {
        auctionId: FIRST,
        vaultId: FIRST,
        collateral: at.weth.token,
        lotRaw: U256::from(LOT),
        debtRaw: U256::from(DEBT),
        dueRaw: U256::from(DUE),
        topRay: U256::from(TOP),
        floorRay: U256::from(FLOOR),
        keeper: KEEPER,
        rewardRaw: U256::from(REWARD),
    };
    let paid = IVault::RewardPaid { keeper: KEEPER, amountRaw: U256::from(REWARD) };
    assert_eq!(system.events(), [event(at.vault, &liquidated), event(at.vault, &paid), event(at.auction, &started)]);

    let expected = IAuction::Sale {
        vaultId: FIRST,
        collateral: at.weth.token,
        lotRaw: U256::from(LOT),
        debtRaw: U256::from(DEBT),
        dueRaw: U256::from(DUE),
        topRay: U256::from(TOP),
        floorRay: U256::from(FLOOR),
        startedAtSecs: system.now(),
        restarts: U256::ZERO,
    };
    assert_eq!(sale(system), expected);
    assert_eq!(held(system), U256::from(10 * WETH - LOT));
    assert_eq!(debt(system), U256::from(14_000 * USD - DEBT));
    assert_eq!(system.balance(at.usd.token, KEEPER), U256::from(REWARD));
    assert_eq!(system.books().surplusRaw, U256::from(SURPLUS_RAW - REWARD));
    assert_eq!(system.ask(at.auction, &IAuction::countCall {}), U256::ONE);
    assert_eq!(system.ask(at.auction, &IAuction::auctionCountCall {}), U256::ONE);
}

fn liquidate_refuses_a_vault_whose_health_is_exactly_one(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 1_750);
    let refusal = IVault::Healthy { vaultId: FIRST, healthWad: U256::from(WAD) };
    system.refused(KEEPER, at.auction, &liquidate(system, FIRST), &refusal);
    system.set_answer(at.weth, 1_750 * support::system::FEED_DOLLAR - 1);
    system.must(KEEPER, at.auction, &liquidate(system, FIRST));
}

fn liquidating_leaves_the_vault_healthier(system: &mut System) {
    unsafe_vault(system);
    let health = |system: &System| system.ask(system.at.vault, &IVault::healthFactorCall { vaultId: FIRST });
    let before = health(system);
    assert_eq!(before, U256::from(971_428_571_428_571_428_u64));
    system.must(KEEPER, system.at.auction, &liquidate(system, FIRST));
    assert!(health(system) > U256::from(WAD), "{before} became {}", health(system));
}

fn liquidate_pays_whom_the_keeper_names(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let call = IAuction::liquidateCall { vaultId: FIRST, collateral: at.weth.token, keeper: BOB };
    let before = system.balance(at.usd.token, BOB);
    system.must(KEEPER, at.auction, &call);
    assert_eq!(system.balance(at.usd.token, BOB) - before, U256::from(REWARD));
    assert_eq!(system.balance(at.usd.token, KEEPER), U256::ZERO);
}

fn liquidate_refuses_the_zero_keeper(system: &mut System) {
    unsafe_vault(system);
    let call = IAuction::liquidateCall { vaultId: FIRST, collateral: system.at.weth.token, keeper: Address::ZERO };
    system.refused(KEEPER, system.at.auction, &call, &IShared::ZeroAddress {});
}

fn liquidate_refuses_a_vault_that_is_not_there(system: &mut System) {
    let call = liquidate(system, U256::from(4));
    system.refused(KEEPER, system.at.auction, &call, &IVault::UnknownVault { vaultId: U256::from(4) });
}

fn liquidate_refuses_a_collateral_without_terms(system: &mut System) {
    unsafe_vault(system);
    let token = system.world.deploy_token(TokenKind::Honest, 18);
    let call = IAuction::liquidateCall { vaultId: FIRST, collateral: token, keeper: KEEPER };
    system.refused(KEEPER, system.at.auction, &call, &IAuction::TermsNotSet { collateral: token });
}

fn liquidate_refuses_a_collateral_the_vault_does_not_hold(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let call = IAuction::liquidateCall { vaultId: FIRST, collateral: at.wbtc.token, keeper: KEEPER };
    let refusal = IVault::NothingToSell { vaultId: FIRST, collateral: at.wbtc.token };
    system.refused(KEEPER, at.auction, &call, &refusal);
}

fn liquidate_refuses_while_the_oracle_is_dead(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    system.must(
        OPERATOR,
        at.weth.feed,
        &IScriptedFeed::setBehaviourCall { behaviour: IScriptedFeed::Behaviour::Revert },
    );
    let refusal = IOracle::FeedUnreadable { asset: at.weth.token, aggregator: at.weth.feed };
    system.refused(KEEPER, at.auction, &liquidate(system, FIRST), &refusal);
}

fn liquidate_refuses_while_the_sequencer_is_down(system: &mut System) {
    unsafe_vault(system);
    let since = system.world.time_secs();
    system.set_sequencer(false, since);
    let refusal = IOracle::SequencerDown { sinceSecs: U256::from(since) };
    system.refused(KEEPER, system.at.auction, &liquidate(system, FIRST), &refusal);
}

fn liquidate_shrinks_to_the_cap_and_refuses_above_it(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let cap = U256::from(1_000 * USD);
    system.must(OWNER, at.auction, &IAuction::setLimitsCall { capRaw: cap, minDueRaw: U256::from(MIN_DUE_RAW) });
    system.must(KEEPER, at.auction, &liquidate(system, FIRST));
    // 1,000 / 1.1 of debt, rounded down, and its penalty.
    assert_eq!((sale(system).debtRaw, sale(system).dueRaw), (U256::from(909_090_909), cap));
    let refusal = IAuction::CapReached { onSaleRaw: cap, capRaw: cap };
    system.refused(KEEPER, at.auction, &liquidate(system, FIRST), &refusal);
}

fn the_cap_of_one_collateral_does_not_bind_the_other(system: &mut System) {
    let at = system.at;
    let mut terms = usual_terms();
    terms.capRaw = U256::from(1_000 * USD);
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: terms });
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, WBTC / 2)], 28_900 * USD);
    system.set_price(at.weth, 1_600);
    system.must(KEEPER, at.auction, &liquidate(system, FIRST));
    let refusal = IAuction::CapReached { onSaleRaw: U256::from(1_000 * USD), capRaw: U256::from(1_000 * USD) };
    system.refused(KEEPER, at.auction, &liquidate(system, FIRST), &refusal);
    system.must(
        KEEPER,
        at.auction,
        &IAuction::liquidateCall { vaultId: FIRST, collateral: at.wbtc.token, keeper: KEEPER },
    );
    let on_sale = |collateral| system.ask(at.auction, &IAuction::onSaleCall { collateral });
    let (weth, wbtc) = (on_sale(at.weth.token), on_sale(at.wbtc.token));
    assert_eq!(weth.collateralRaw, U256::from(1_000 * USD));
    assert!(wbtc.collateralRaw > U256::from(1_000 * USD));
    assert_eq!(weth.allRaw, weth.collateralRaw + wbtc.collateralRaw);
}

fn liquidate_refuses_a_room_that_leaves_dust(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let cap = U256::from(109 * USD);
    system.must(OWNER, at.auction, &IAuction::setLimitsCall { capRaw: cap, minDueRaw: U256::from(MIN_DUE_RAW) });
    let refusal = IVault::NoRoom { roomRaw: cap, neededRaw: U256::from(110 * USD) };
    system.refused(KEEPER, at.auction, &liquidate(system, FIRST), &refusal);
}

fn a_second_auction_of_the_same_vault_gets_a_number_of_its_own(system: &mut System) {
    on_sale(system);
    let at = system.at;
    system.set_price(at.weth, 1_500);
    let second = system.must(KEEPER, at.auction, &liquidate(system, FIRST));
    assert_eq!(second, U256::from(2));
    let mut ids = system.ask(at.auction, &IAuction::listCall { offset: U256::ZERO, limit: U256::MAX });
    ids.sort();
    assert_eq!(ids, [U256::from(1), U256::from(2)]);
}

fn a_vault_that_is_safe_again_is_left_alone(system: &mut System) {
    on_sale(system);
    let at = system.at;
    let health = system.ask(at.vault, &IVault::healthFactorCall { vaultId: FIRST });
    let refusal = IVault::Healthy { vaultId: FIRST, healthWad: health };
    system.refused(KEEPER, at.auction, &liquidate(system, FIRST), &refusal);
}

fn without_surplus_the_keeper_gets_nothing_and_the_auction_starts(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    system.must(at.auction, at.vault, &IVault::payRewardCall { keeper: STRANGER, amountRaw: U256::from(SURPLUS_RAW) });
    system.must(KEEPER, at.auction, &liquidate(system, FIRST));
    let started = IAuction::AuctionStarted {
        auctionId: FIRST,
        vaultId: FIRST,
        collateral: at.weth.token,
        lotRaw: U256::from(LOT),
        debtRaw: U256::from(DEBT),
        dueRaw: U256::from(DUE),
        topRay: U256::from(TOP),
        floorRay: U256::from(FLOOR),
        keeper: KEEPER,
        rewardRaw: U256::ZERO,
    };
    assert_eq!(system.events()[1..], [event(at.auction, &started)]);
    assert_eq!(system.balance(at.usd.token, KEEPER), U256::ZERO);
}

fn an_insolvent_vault_is_sold_whole_without_a_penalty(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 1_300);
    system.must(KEEPER, at.auction, &liquidate(system, FIRST));
    let sale = sale(system);
    assert_eq!(
        (sale.lotRaw, sale.debtRaw, sale.dueRaw),
        (U256::from(10 * WETH), U256::from(14_000 * USD), U256::from(14_000 * USD))
    );
    assert_eq!(sale.topRay, U256::from(RAY / 1_000_000_000_000 * 1_560));
    assert_eq!((held(system), debt(system)), (U256::ZERO, U256::ZERO));
}

fn a_liquidator_may_be_the_borrower(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let call = IAuction::liquidateCall { vaultId: FIRST, collateral: at.weth.token, keeper: ALICE };
    system.must(ALICE, at.auction, &call);
    // The reward is far below the penalty on what was sold.
    assert!(U256::from(REWARD) < sale(system).dueRaw - sale(system).debtRaw);
}
