//! Starting an auction of an unsafe vault.

use crate::scene::{
    DEBT, DUE, FIRST, FLOOR, LOT, REWARD, TOP, debt, held, liquidate, on_sale, sale, take_bids, unsafe_vault,
};
use alloy_primitives::{Address, U256};
use interface::{IAuction, ILens, IOracle, IShared, IVault};
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
        above_the_whole_share_all_of_the_debt_is_sold_with_its_penalty,
        where_dust_would_stay_all_of_the_debt_is_sold,
        a_keeper_can_choose_between_all_of_one_collateral_and_a_part_of_another,
        a_liquidator_may_be_the_borrower,
        liquidate_refuses_a_price_at_which_it_would_begin_at_its_floor,
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

fn liquidate_refuses_a_price_at_which_it_would_begin_at_its_floor(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    // A hundred-millionth of a dollar for a weth, and a billion for the debt asset: a unit of ray for a unit of weth, rounded up.
    system.set_answer(at.weth, 1);
    system.set_price(at.usd, 1_000_000_000);
    assert_eq!(system.ask(at.vault, &IVault::priceRayCall { collateral: at.weth.token }), U256::ONE);
    let preview = ILens::previewLiquidationCall { vaultId: FIRST, collateral: at.weth.token };
    system.refused(KEEPER, at.auction, &liquidate(system, FIRST), &IShared::OutOfRange {});
    system.ask_refused(at.lens, &preview, &IShared::OutOfRange {});
    // Bids have no price that falls: they begin there.
    take_bids(system);
    system.must(KEEPER, at.auction, &liquidate(system, FIRST));
    assert_eq!((sale(system).topRay, sale(system).floorRay), (U256::ONE, U256::ONE));
}

fn above_the_whole_share_all_of_the_debt_is_sold_with_its_penalty(system: &mut System) {
    let at = system.at;
    // (1.05 * 14,000 - S) / (1.05 - 1.1 * 0.8) is 75% of 14,000 where S is 12,915, which 10 weth carry at 1,614.375 dollars.
    for (answer, is_whole) in [(161_437_500_100, false), (161_437_499_900, true)] {
        let vault_id = system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
        system.set_answer(at.weth, answer);
        let auction_id = system.must(KEEPER, at.auction, &liquidate(system, vault_id));
        let sold = system.ask(at.auction, &IAuction::saleCall { auctionId: auction_id });
        let debt = U256::from(14_000 * USD);
        if is_whole {
            assert_eq!(sold.debtRaw, debt);
            // Not for want of collateral: the penalty is the full one, and a part of the collateral stays.
            assert_eq!(sold.dueRaw, debt / U256::from(10) * U256::from(11));
            let left = IVault::collateralOfCall { vaultId: vault_id, collateral: at.weth.token };
            assert!(system.ask(at.vault, &left) > U256::from(WETH / 10));
        } else {
            assert!(sold.debtRaw <= U256::from(10_500 * USD) && sold.debtRaw > U256::from(10_499 * USD), "{sold:?}");
        }
        system.set_price(at.weth, 2_000);
    }
}

fn where_dust_would_stay_all_of_the_debt_is_sold(system: &mut System) {
    let at = system.at;
    // 46.2% of a debt is to be sold, as in the scene. Of 185 dollars 99.5 would stay, which is less than the minimum of 100; of 187 dollars
    // 100.6.
    for (debt, is_whole) in [(187, false), (185, true)] {
        let collateral = WETH * debt / 1_400;
        let vault_id = system.open_indebted(ALICE, &[(at.weth, collateral)], debt * USD);
        system.set_price(at.weth, 1_700);
        let auction_id = system.must(KEEPER, at.auction, &liquidate(system, vault_id));
        let sold = system.ask(at.auction, &IAuction::saleCall { auctionId: auction_id });
        assert_eq!(sold.debtRaw == U256::from(debt * USD), is_whole, "{sold:?}");
        let left = system.ask(at.vault, &IVault::debtOfCall { vaultId: vault_id });
        assert!(left.is_zero() || left >= U256::from(100 * USD), "{left}");
        system.set_price(at.weth, 2_000);
    }
}

fn a_keeper_can_choose_between_all_of_one_collateral_and_a_part_of_another(system: &mut System) {
    let at = system.at;
    // Thresholds far apart: 80% of the weth, 50% of the wbtc.
    let ratios = IVault::setCollateralCall {
        token: at.wbtc.token,
        ltvBps: U256::from(4_500),
        thresholdBps: U256::from(7_500),
        penaltyBps: U256::from(1_000),
        capRaw: U256::from(1_000 * WBTC),
    };
    system.must(OWNER, at.vault, &ratios);
    let lower = IVault::setThresholdCall {
        token: at.wbtc.token,
        thresholdBps: U256::from(5_000),
        rampSecs: U256::from(86_400),
    };
    system.must(OWNER, at.vault, &lower);
    system.wait(86_400);
    system.refresh_prices();
    for _ in 0..2 {
        system.set_price(at.weth, 2_000);
        system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, WBTC / 2)], 24_000 * USD);
    }
    // 10,880 and 10,000 carry 0.87 of 24,000: the weth's bound is 8.75%, the wbtc's far above 10%.
    system.set_price(at.weth, 1_360);
    let health =
        |system: &System, vault_id: U256| system.ask(at.vault, &IVault::healthFactorCall { vaultId: vault_id });
    let before = health(system, FIRST);
    assert_eq!(before, U256::from(WAD / 100 * 87));
    let sell = |system: &mut System, vault_id: U256, collateral: Address| {
        let call = IAuction::liquidateCall { vaultId: vault_id, collateral, keeper: KEEPER };
        let auction_id = system.must(KEEPER, at.auction, &call);
        system.ask(at.auction, &IAuction::saleCall { auctionId: auction_id })
    };

    // By the wbtc a part restores the target: (1.05 * 24,000 - 20,880) / (1.05 - 1.1 * 0.5) is 8,640.
    let part = sell(system, FIRST, at.wbtc.token);
    assert_eq!((part.debtRaw, part.dueRaw), (U256::from(8_640 * USD), U256::from(9_504 * USD)));
    assert!(health(system, FIRST).abs_diff(U256::from(WAD / 100 * 105)) < U256::from(WAD / 1_000_000));

    // By the weth all of it goes, for what it covers at 8.75%, and the vault is as unsafe as before.
    let second = U256::from(2);
    let all = sell(system, second, at.weth.token);
    assert_eq!(all.lotRaw, U256::from(10 * WETH));
    assert_eq!(all.debtRaw, U256::from(13_600 * USD) * U256::from(10_000) / U256::from(10_875));
    let after = health(system, second);
    assert!(after.abs_diff(before) < U256::from(WAD / 1_000_000), "{after}");
    // What it costs the borrower more is the penalty on the difference, and less than a tenth of what was sold.
    assert!(all.dueRaw - all.debtRaw < all.debtRaw / U256::from(10));
    // The wbtc is still there, and a part of it restores the rest.
    let rest = sell(system, second, at.wbtc.token);
    assert!(rest.debtRaw < U256::from(24_000 * USD) - all.debtRaw, "{rest:?}");
    assert!(health(system, second).abs_diff(U256::from(WAD / 100 * 105)) < U256::from(WAD / 1_000_000));
}

fn a_liquidator_may_be_the_borrower(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let call = IAuction::liquidateCall { vaultId: FIRST, collateral: at.weth.token, keeper: ALICE };
    system.must(ALICE, at.auction, &call);
    // The reward is far below the penalty on what was sold.
    assert!(U256::from(REWARD) < sale(system).dueRaw - sale(system).debtRaw);
}
