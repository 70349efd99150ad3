//! What the auction contract alone may call. Here the test speaks in its name; what comes of a whole sale is in `tests/auction`.

use alloy_primitives::{Address, U256};
use interface::{ILens, IOracle, IShared, IVault};
use support::{
    System,
    actors::{ALICE, BOB, BUYER, KEEPER, OWNER, STRANGER},
    system::{SURPLUS_RAW, USD, WETH, event},
};

support::scenarios! {
    both {
        start_liquidation_moves_lot_and_debt_out_of_the_vault,
        a_vault_that_is_safe_by_one_source_is_not_sold,
        the_hooks_are_for_the_auction_alone,
        nothing_leaves_a_vault_and_nothing_is_lent_to_it_while_its_lots_are_on_sale,
    }
    native {
        start_liquidation_refuses_a_health_of_exactly_one,
        start_liquidation_refuses_what_the_vault_does_not_hold,
        start_liquidation_refuses_a_token_that_is_not_listed,
        start_liquidation_refuses_a_vault_that_is_not_there,
        start_liquidation_refuses_a_room_that_leaves_dust,
        start_liquidation_shrinks_the_sale_to_the_room,
        pay_reward_pays_as_far_as_the_surplus_reaches,
        settle_take_books_proceeds_returned_lot_and_returned_debt,
        settle_take_realises_bad_debt_where_nothing_of_value_is_left,
        settle_take_gives_debt_back_while_other_collateral_is_of_value,
        settle_take_refuses_more_than_is_on_auction,
        release_slice_refuses_more_than_there_is,
    }
}

/// A vault of 10 weth that owes 14,000, at 1,700 a weth: it carries 13,600.
fn unsafe_vault(system: &mut System) {
    system.open_indebted(ALICE, &[(system.at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(system.at.weth, 1_700);
}

fn start(system: &System, room_raw: u128) -> IVault::startLiquidationCall {
    IVault::startLiquidationCall {
        vaultId: U256::from(1),
        collateral: system.at.weth.token,
        roomRaw: U256::from(room_raw),
    }
}

fn settle(
    system: &System,
    principal: u128,
    penalty: u128,
    returned_lot: u128,
    unpaid_debt: u128,
) -> IVault::settleTakeCall {
    IVault::settleTakeCall {
        vaultId: U256::from(1),
        collateral: system.at.weth.token,
        payer: BUYER,
        principalRaw: U256::from(principal),
        penaltyRaw: U256::from(penalty),
        returnedLotRaw: U256::from(returned_lot),
        unpaidDebtRaw: U256::from(unpaid_debt),
        isLast: true,
    }
}

/// Calls as the auction contract; what it returns is not looked at.
#[track_caller]
fn as_auction<C: alloy_sol_types::SolCall>(system: &mut System, call: &C) {
    system.must(system.at.auction, system.at.vault, call);
}

fn start_liquidation_moves_lot_and_debt_out_of_the_vault(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    // r = (1.05 * 14,000 - 13,600) / (1.05 - 1.1 * 0.8), rounded up; due = r * 1.1 rounded up; lot = due / 1,700 rounded down.
    let expected = IVault::Liquidation {
        lotRaw: U256::from(4_186_851_211_764_705_882_u128),
        debtRaw: U256::from(6_470_588_236_u64),
        dueRaw: U256::from(7_117_647_060_u64),
        priceRay: U256::from(1_700_000_000_000_000_000_u128),
    };
    let total = system.ask(at.vault, &IVault::collateralCall { token: at.weth.token }).totalRaw;
    let started = system.must(at.auction, at.vault, &start(system, 1_000_000 * USD));
    assert_eq!(started, expected);
    let said = IVault::LiquidationStarted {
        vaultId: U256::from(1),
        collateral: at.weth.token,
        lotRaw: expected.lotRaw,
        debtRaw: expected.debtRaw,
        dueRaw: expected.dueRaw,
        shares: expected.debtRaw,
    };
    assert_eq!(system.events(), [event(at.vault, &said)]);

    let held = IVault::collateralOfCall { vaultId: U256::from(1), collateral: at.weth.token };
    assert_eq!(system.ask(at.vault, &held), U256::from(10 * WETH) - expected.lotRaw);
    assert_eq!(system.ask(at.vault, &IVault::debtOfCall { vaultId: U256::from(1) }), U256::from(7_529_411_764_u64));
    assert_eq!(system.books().onAuctionRaw, expected.debtRaw);
    // The lot is still in the contract, and still counted.
    assert_eq!(system.ask(at.vault, &IVault::collateralCall { token: at.weth.token }).totalRaw, total);
    // The target was 1.05; a unit of the debt asset here or there is less than a billionth of it.
    let health = system.ask(at.vault, &IVault::healthFactorCall { vaultId: U256::from(1) });
    let target = U256::from(1_050_000_000_000_000_000_u128);
    assert!(health.abs_diff(target) < U256::from(1_000_000_000), "health {health}");
}

fn nothing_leaves_a_vault_and_nothing_is_lent_to_it_while_its_lots_are_on_sale(system: &mut System) {
    let at = system.at;
    let wbtc = support::system::WBTC;
    let id = system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, wbtc)], 42_000 * USD);
    system.set_price(at.weth, 1_000);
    let withdraw = |collateral, amount: u128| IVault::withdrawCall {
        vaultId: id,
        collateral,
        amountRaw: U256::from(amount),
        to: ALICE,
    };
    let borrow = IVault::borrowCall { vaultId: id, amountRaw: U256::from(100 * USD), to: ALICE };
    let withdrawable = ILens::withdrawableCall { vaultId: id, collateral: at.wbtc.token };
    let position = |system: &System| system.ask(at.lens, &ILens::positionCall { vaultId: id });
    // Two lots, and the room for each is small. Bitcoin rises, and there would be much to take out.
    for _ in 0..2 {
        system.must(at.auction, at.vault, &start(system, 1_000 * USD));
    }
    system.set_price(at.wbtc, 100_000);
    for lots in [2, 1] {
        let refusal = IVault::OnSale { vaultId: id, lots: U256::from(lots) };
        system.refused(ALICE, at.vault, &withdraw(at.wbtc.token, 1), &refusal);
        system.refused(ALICE, at.vault, &borrow, &refusal);
        assert_eq!(system.ask(at.lens, &withdrawable), U256::ZERO);
        assert_eq!(system.ask(at.lens, &ILens::borrowableCall { vaultId: id }), U256::ZERO);
        let shown = position(system);
        assert_eq!((shown.borrowableRaw, shown.holdings[1].withdrawableRaw), (U256::ZERO, U256::ZERO));
        // What helps the vault is free: a deposit, a repayment, and a part of a sale, which ends nothing.
        let deposit = IVault::depositCall { vaultId: id, collateral: at.weth.token, amountRaw: U256::from(WETH) };
        system.must(BOB, at.vault, &deposit);
        system.must(BUYER, at.vault, &IVault::repayCall { vaultId: id, amountRaw: U256::from(USD) });
        let part = IVault::settleTakeCall { isLast: false, ..settle(system, 100 * USD, 0, 0, 0) };
        as_auction(system, &part);
        system.refused(ALICE, at.vault, &borrow, &refusal);
        as_auction(system, &settle(system, 700 * USD, 0, 0, 0));
    }
    let free = system.ask(at.lens, &withdrawable);
    assert!(!free.is_zero());
    system.must(ALICE, at.vault, &borrow);
    system.must(ALICE, at.vault, &withdraw(at.wbtc.token, 1));
    // There is no lot left to end.
    system.refused(at.auction, at.vault, &settle(system, 0, 0, 0, 0), &IShared::OutOfRange {});
}

fn the_hooks_are_for_the_auction_alone(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let release = IVault::releaseSliceCall {
        vaultId: U256::from(1),
        collateral: at.weth.token,
        amountRaw: U256::from(1),
        to: STRANGER,
    };
    let reward = IVault::payRewardCall { keeper: STRANGER, amountRaw: U256::from(1) };
    let sell = IVault::sellSliceCall {
        vaultId: U256::from(1),
        collateral: at.weth.token,
        sliceRaw: U256::from(1),
        to: STRANGER,
        payer: BUYER,
        principalRaw: U256::ZERO,
        penaltyRaw: U256::ZERO,
        returnedLotRaw: U256::ZERO,
        unpaidDebtRaw: U256::ZERO,
        isLast: false,
    };
    for caller in [STRANGER, ALICE, OWNER] {
        let refusal = IVault::NotAuction { caller };
        system.refused(caller, at.vault, &start(system, 1_000 * USD), &refusal);
        system.refused(caller, at.vault, &release, &refusal);
        system.refused(caller, at.vault, &settle(system, 0, 0, 1, 0), &refusal);
        system.refused(caller, at.vault, &reward, &refusal);
        system.refused(caller, at.vault, &sell, &refusal);
    }
}

fn start_liquidation_refuses_a_health_of_exactly_one(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    // 10 weth at 1,750 and a threshold of 80% carry 14,000, to the unit.
    system.set_price(at.weth, 1_750);
    let one = U256::from(WETH);
    assert_eq!(system.ask(at.vault, &IVault::healthFactorCall { vaultId: U256::from(1) }), one);
    let refusal = IVault::Healthy { vaultId: U256::from(1), healthWad: one };
    system.refused(at.auction, at.vault, &start(system, 1_000_000 * USD), &refusal);
    // A hundred-millionth of a dollar less, and it is unsafe.
    system.set_answer(at.weth, 1_750 * support::system::FEED_DOLLAR - 1);
    as_auction(system, &start(system, 1_000_000 * USD));
}

fn a_vault_that_is_safe_by_one_source_is_not_sold(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    // By the first source 10 weth carry 13,600 of 14,000; by the second, at 1,800, they carry 14,400.
    let second = system.second_source(at.weth, 1_800);
    let health_wad = U256::from(14_400) * U256::from(WETH) / U256::from(14_000);
    let refusal = IVault::Healthy { vaultId: U256::from(1), healthWad: health_wad };
    system.refused(at.auction, at.vault, &start(system, 1_000_000 * USD), &refusal);
    // Nor may anybody borrow on a price that is disputed.
    let disputed = IOracle::SourcesDiffer {
        asset: at.weth.token,
        firstWad: U256::from(1_700 * WETH),
        secondWad: U256::from(1_800 * WETH),
        softBps: U256::from(100),
    };
    system.ask_refused(at.vault, &IVault::healthFactorCall { vaultId: U256::from(1) }, &disputed);

    // At 1,740 by the second it carries 13,920: unsafe by both, and sold at the higher price.
    system.set_price(second, 1_740);
    let price = U256::from(1_740_000_000_000_000_000_u128);
    assert_eq!(system.ask(at.vault, &IVault::priceRayCall { collateral: at.weth.token }), price);
    let started = system.must(at.auction, at.vault, &start(system, 1_000_000 * USD));
    assert_eq!(started.priceRay, price);
    // r = (1.05 * 14,000 - 13,920) / (1.05 - 1.1 * 0.8), rounded up: by the price that favours the borrower.
    assert_eq!(started.debtRaw, U256::from(4_588_235_295_u64));
    // The debt asset counts at its lower end: 1,740 / 0.95, rounded up.
    let cheap = system.second_source(at.usd, 1);
    system.set_answer(cheap, support::system::FEED_DOLLAR / 100 * 95);
    assert_eq!(
        system.ask(at.vault, &IVault::priceRayCall { collateral: at.weth.token }),
        U256::from(1_831_578_947_368_421_053_u128)
    );
}

fn start_liquidation_refuses_what_the_vault_does_not_hold(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let call = IVault::startLiquidationCall {
        vaultId: U256::from(1),
        collateral: at.wbtc.token,
        roomRaw: U256::from(USD * 1_000_000),
    };
    let refusal = IVault::NothingToSell { vaultId: U256::from(1), collateral: at.wbtc.token };
    system.refused(at.auction, at.vault, &call, &refusal);
}

fn start_liquidation_refuses_a_token_that_is_not_listed(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let call =
        IVault::startLiquidationCall { vaultId: U256::from(1), collateral: at.usd.token, roomRaw: U256::from(USD) };
    system.refused(at.auction, at.vault, &call, &IVault::UnknownCollateral { collateral: at.usd.token });
}

fn start_liquidation_refuses_a_vault_that_is_not_there(system: &mut System) {
    let at = system.at;
    system.refused(at.auction, at.vault, &start(system, 1), &IVault::UnknownVault { vaultId: U256::from(1) });
}

fn start_liquidation_refuses_a_room_that_leaves_dust(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    // The smallest sale is of the minimum debt: 100 and its penalty of 10%.
    let refusal = IVault::NoRoom { roomRaw: U256::from(109 * USD), neededRaw: U256::from(110 * USD) };
    system.refused(at.auction, at.vault, &start(system, 109 * USD), &refusal);
    as_auction(system, &start(system, 110 * USD));
    assert_eq!(system.books().onAuctionRaw, U256::from(100 * USD));
}

fn start_liquidation_shrinks_the_sale_to_the_room(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let started = system.must(at.auction, at.vault, &start(system, 1_100 * USD));
    assert_eq!((started.debtRaw, started.dueRaw), (U256::from(1_000 * USD), U256::from(1_100 * USD)));
    // 1,100 / 1,700 of a weth, rounded down.
    assert_eq!(started.lotRaw, U256::from(647_058_823_529_411_764_u128));
}

fn pay_reward_pays_as_far_as_the_surplus_reaches(system: &mut System) {
    let at = system.at;
    let reward = |amount: u128| IVault::payRewardCall { keeper: KEEPER, amountRaw: U256::from(amount) };
    assert_eq!(system.must(at.auction, at.vault, &reward(400 * USD)), U256::from(400 * USD));
    let said = IVault::RewardPaid { keeper: KEEPER, amountRaw: U256::from(400 * USD) };
    assert_eq!(system.events(), [event(at.vault, &said)]);
    assert_eq!(system.balance(at.usd.token, KEEPER), U256::from(400 * USD));
    assert_eq!(system.must(at.auction, at.vault, &reward(SURPLUS_RAW)), U256::from(SURPLUS_RAW - 400 * USD));
    assert_eq!(system.books().surplusRaw, U256::ZERO);
    // Nothing is left: nothing is paid, nothing is said.
    assert_eq!(system.must(at.auction, at.vault, &reward(1)), U256::ZERO);
    assert_eq!(system.events(), []);
    assert_eq!(system.balance(at.usd.token, KEEPER), U256::from(SURPLUS_RAW));
}

fn settle_take_books_proceeds_returned_lot_and_returned_debt(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let sold = system.must(at.auction, at.vault, &start(system, 1_100 * USD));
    let before = system.books();
    // A third of the lot comes back; 900 are paid, 100 are not, and the vault holds more.
    let returned = sold.lotRaw.to::<u128>() / 3;
    as_auction(system, &settle(system, 900 * USD, 45 * USD, returned, 100 * USD));
    let id = U256::from(1);
    assert_eq!(
        system.events(),
        [
            event(
                at.vault,
                &IVault::ProceedsCollected {
                    vaultId: id,
                    payer: BUYER,
                    principalRaw: U256::from(900 * USD),
                    penaltyRaw: U256::from(45 * USD),
                }
            ),
            event(
                at.vault,
                &IVault::LotReturned { vaultId: id, collateral: at.weth.token, amountRaw: U256::from(returned) }
            ),
            event(
                at.vault,
                &IVault::DebtReturned { vaultId: id, amountRaw: U256::from(100 * USD), shares: U256::from(100 * USD) }
            ),
        ]
    );
    let books = system.books();
    assert_eq!(books.cashRaw - before.cashRaw, U256::from(945 * USD));
    assert_eq!(books.surplusRaw - before.surplusRaw, U256::from(45 * USD));
    assert_eq!(books.onAuctionRaw, U256::ZERO);
    assert_eq!(system.ask(at.vault, &IVault::debtOfCall { vaultId: id }), U256::from(13_100 * USD));
    let held = system.ask(at.vault, &IVault::collateralOfCall { vaultId: id, collateral: at.weth.token });
    assert_eq!(held, U256::from(10 * WETH) - sold.lotRaw + U256::from(returned));
}

fn settle_take_realises_bad_debt_where_nothing_of_value_is_left(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 500);
    let sold = system.must(at.auction, at.vault, &start(system, 1_000_000 * USD));
    // Insolvent: everything goes, without a penalty.
    assert_eq!(
        (sold.lotRaw, sold.debtRaw, sold.dueRaw),
        (U256::from(10 * WETH), U256::from(14_000 * USD), U256::from(14_000 * USD))
    );
    as_auction(system, &settle(system, 5_000 * USD, 0, 0, 9_000 * USD));
    let id = U256::from(1);
    let collected = IVault::ProceedsCollected {
        vaultId: id,
        payer: BUYER,
        principalRaw: U256::from(5_000 * USD),
        penaltyRaw: U256::ZERO,
    };
    assert_eq!(
        system.events(),
        [
            event(at.vault, &collected),
            event(at.vault, &IVault::BadDebtRealised { vaultId: id, amountRaw: U256::from(9_000 * USD) }),
            event(at.vault, &IVault::BadDebtAbsorbed { amountRaw: U256::from(9_000 * USD) }),
        ]
    );
    let books = system.books();
    assert_eq!((books.badDebtRaw, books.onAuctionRaw), (U256::ZERO, U256::ZERO));
    assert_eq!(books.surplusRaw, U256::from(SURPLUS_RAW - 9_000 * USD));
    assert_eq!(system.ask(at.vault, &IVault::debtOfCall { vaultId: id }), U256::ZERO);
}

fn settle_take_gives_debt_back_while_other_collateral_is_of_value(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, support::system::WBTC / 100)], 14_000 * USD);
    system.set_price(at.weth, 500);
    let sold = system.must(at.auction, at.vault, &start(system, 1_000_000 * USD));
    // With other collateral the debt sold is what this one covers.
    assert_eq!((sold.lotRaw, sold.debtRaw), (U256::from(10 * WETH), U256::from(5_000 * USD)));
    as_auction(system, &settle(system, 4_000 * USD, 0, 0, 1_000 * USD));
    let returned = IVault::DebtReturned {
        vaultId: U256::from(1),
        amountRaw: U256::from(1_000 * USD),
        shares: U256::from(1_000 * USD),
    };
    assert_eq!(system.events()[1..], [event(at.vault, &returned)]);
    assert_eq!(system.ask(at.vault, &IVault::debtOfCall { vaultId: U256::from(1) }), U256::from(10_000 * USD));
    assert_eq!(system.books().badDebtRaw, U256::ZERO);
}

fn settle_take_refuses_more_than_is_on_auction(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    as_auction(system, &start(system, 1_100 * USD));
    system.refused(at.auction, at.vault, &settle(system, 1_000 * USD + 1, 0, 0, 0), &IShared::OutOfRange {});
    system.refused(at.auction, at.vault, &settle(system, 1_000 * USD, 0, 0, 1), &IShared::OutOfRange {});
}

fn release_slice_refuses_more_than_there_is(system: &mut System) {
    unsafe_vault(system);
    let at = system.at;
    let release = |amount: u128, to: Address| IVault::releaseSliceCall {
        vaultId: U256::from(1),
        collateral: at.weth.token,
        amountRaw: U256::from(amount),
        to,
    };
    system.refused(at.auction, at.vault, &release(10 * WETH + 1, BUYER), &IShared::OutOfRange {});
    as_auction(system, &release(3 * WETH, BUYER));
    let said = IVault::SliceReleased {
        vaultId: U256::from(1),
        collateral: at.weth.token,
        to: BUYER,
        amountRaw: U256::from(3 * WETH),
    };
    assert_eq!(system.events(), [event(at.vault, &said)]);
    assert_eq!(system.balance(at.weth.token, BUYER), U256::from(3 * WETH));
}
