//! Lenders, donors, and the interest.

use alloy_primitives::{Address, U256};
use interface::{IShared, IVault};
use support::{
    System,
    actors::{ALICE, BUYER, LENDER, OWNER, STRANGER},
    doubles::ITestToken,
    system::{FUNDED_RAW, RAY, SURPLUS_RAW, USD, WETH, event, flat_rate},
};

support::scenarios! {
    both {
        fund_and_defund_move_what_is_lent,
        accrue_brings_the_index_to_the_present,
        interest_rises_with_the_share_lent,
        a_gift_to_the_contract_changes_nothing,
    }
    native {
        fund_surplus_belongs_to_the_system,
        fund_surplus_absorbs_bad_debt_at_once,
        lenders_are_refused_an_amount_of_zero,
        defund_refuses_the_zero_address,
        defund_is_for_the_owner,
        defund_refuses_more_than_is_lent_or_there,
        fund_refuses_without_allowance,
        interest_goes_to_the_surplus_to_the_unit,
        accrue_twice_in_a_second_says_nothing_more,
        a_new_rate_curve_holds_from_now_and_not_before,
    }
}

fn fund_and_defund_move_what_is_lent(system: &mut System) {
    let at = system.at;
    let purse = system.balance(at.usd.token, LENDER);
    system.must(LENDER, at.vault, &IVault::fundCall { amountRaw: U256::from(500 * USD) });
    assert_eq!(system.events(), [event(at.vault, &IVault::Funded { payer: LENDER, amountRaw: U256::from(500 * USD) })]);
    assert_eq!(purse - system.balance(at.usd.token, LENDER), U256::from(500 * USD));
    assert_eq!(system.books().fundedRaw, U256::from(FUNDED_RAW + 500 * USD));

    system.must(OWNER, at.vault, &IVault::defundCall { amountRaw: U256::from(700 * USD), to: STRANGER });
    assert_eq!(
        system.events(),
        [event(at.vault, &IVault::Defunded { to: STRANGER, amountRaw: U256::from(700 * USD) })]
    );
    assert_eq!(system.balance(at.usd.token, STRANGER), U256::from(700 * USD));
    let books = system.books();
    assert_eq!(books.fundedRaw, U256::from(FUNDED_RAW - 200 * USD));
    assert_eq!(books.cashRaw, U256::from(FUNDED_RAW + SURPLUS_RAW - 200 * USD));
}

fn accrue_brings_the_index_to_the_present(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    let rate = U256::from(RAY) + U256::from(RAY / 1_000_000_000);
    system.must(OWNER, at.vault, &flat_rate(rate));
    system.wait(1);
    // One second: the index is the rate, and the interest a hundred-thousandth of a dollar.
    let index = system.must(STRANGER, at.vault, &IVault::accrueCall {});
    assert_eq!(index, rate);
    let said = IVault::InterestAccrued { indexRay: rate, interestRaw: U256::from(10) };
    assert_eq!(system.events(), [event(at.vault, &said)]);
    let books = system.books();
    assert_eq!((books.indexRay, books.accruedAtSecs), (rate, system.now()));
    assert_eq!(books.debtRaw, U256::from(10_000 * USD + 10));
    assert_eq!(books.surplusRaw, U256::from(SURPLUS_RAW + 10));
}

fn a_gift_to_the_contract_changes_nothing(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    let before = (system.books(), system.ask(at.vault, &IVault::accountCall { vaultId: U256::from(1) }));
    let listed = system.ask(at.vault, &IVault::collateralCall { token: at.weth.token });
    system.must(LENDER, at.usd.token, &ITestToken::transferCall { to: at.vault, amountRaw: U256::from(123 * USD) });
    system.must(ALICE, at.weth.token, &ITestToken::transferCall { to: at.vault, amountRaw: U256::from(WETH) });
    assert_eq!(before, (system.books(), system.ask(at.vault, &IVault::accountCall { vaultId: U256::from(1) })));
    assert_eq!(listed, system.ask(at.vault, &IVault::collateralCall { token: at.weth.token }));
    // Nor does a later deposit count it.
    let deposit =
        IVault::depositCall { vaultId: U256::from(1), collateral: at.weth.token, amountRaw: U256::from(WETH) };
    system.must(ALICE, at.vault, &deposit);
    let held = IVault::collateralOfCall { vaultId: U256::from(1), collateral: at.weth.token };
    assert_eq!(system.ask(at.vault, &held), U256::from(11 * WETH));
}

fn fund_surplus_belongs_to_the_system(system: &mut System) {
    let at = system.at;
    system.must(LENDER, at.vault, &IVault::fundSurplusCall { amountRaw: U256::from(50 * USD) });
    let said = IVault::SurplusFunded { payer: LENDER, amountRaw: U256::from(50 * USD) };
    assert_eq!(system.events(), [event(at.vault, &said)]);
    let books = system.books();
    assert_eq!((books.surplusRaw, books.fundedRaw), (U256::from(SURPLUS_RAW + 50 * USD), U256::from(FUNDED_RAW)));
}

fn fund_surplus_absorbs_bad_debt_at_once(system: &mut System) {
    let at = system.at;
    // 22,000 lent against 20 weth; at 100 dollars the lot brings 2,000, and the surplus of 10,000 does not reach.
    system.open_indebted(ALICE, &[(at.weth, 20 * WETH)], 22_000 * USD);
    system.set_price(at.weth, 100);
    let start = IVault::startLiquidationCall { vaultId: U256::from(1), collateral: at.weth.token, roomRaw: U256::MAX };
    system.must(at.auction, at.vault, &start);
    let settle = IVault::settleTakeCall {
        vaultId: U256::from(1),
        collateral: at.weth.token,
        payer: BUYER,
        principalRaw: U256::from(2_000 * USD),
        penaltyRaw: U256::ZERO,
        returnedLotRaw: U256::ZERO,
        unpaidDebtRaw: U256::from(20_000 * USD),
    };
    system.must(at.auction, at.vault, &settle);
    let books = system.books();
    assert_eq!((books.badDebtRaw, books.surplusRaw), (U256::from(10_000 * USD), U256::ZERO));

    system.must(LENDER, at.vault, &IVault::fundSurplusCall { amountRaw: U256::from(10_001 * USD) });
    assert_eq!(
        system.events(),
        [
            event(at.vault, &IVault::SurplusFunded { payer: LENDER, amountRaw: U256::from(10_001 * USD) }),
            event(at.vault, &IVault::BadDebtAbsorbed { amountRaw: U256::from(10_000 * USD) }),
        ]
    );
    let books = system.books();
    assert_eq!((books.badDebtRaw, books.surplusRaw), (U256::ZERO, U256::from(USD)));
}

fn lenders_are_refused_an_amount_of_zero(system: &mut System) {
    let vault = system.at.vault;
    system.refused(LENDER, vault, &IVault::fundCall { amountRaw: U256::ZERO }, &IShared::ZeroAmount {});
    system.refused(LENDER, vault, &IVault::fundSurplusCall { amountRaw: U256::ZERO }, &IShared::ZeroAmount {});
    system.refused(OWNER, vault, &IVault::defundCall { amountRaw: U256::ZERO, to: LENDER }, &IShared::ZeroAmount {});
}

fn defund_refuses_the_zero_address(system: &mut System) {
    let call = IVault::defundCall { amountRaw: U256::from(1), to: Address::ZERO };
    system.refused(OWNER, system.at.vault, &call, &IShared::ZeroAddress {});
}

fn defund_is_for_the_owner(system: &mut System) {
    for caller in [LENDER, STRANGER] {
        let refusal = IShared::NotOwner { caller, owner: OWNER };
        system.refused(caller, system.at.vault, &IVault::defundCall { amountRaw: U256::from(1), to: caller }, &refusal);
    }
}

fn defund_refuses_more_than_is_lent_or_there(system: &mut System) {
    let at = system.at;
    let defund = |amount: u128| IVault::defundCall { amountRaw: U256::from(amount), to: LENDER };
    // The surplus is nobody's to take out.
    let refusal = IVault::NotEnoughCash { heldRaw: U256::from(FUNDED_RAW), askedRaw: U256::from(FUNDED_RAW + 1) };
    system.refused(OWNER, at.vault, &defund(FUNDED_RAW + 1), &refusal);
    // What is lent on is not there.
    system.open_indebted(ALICE, &[(at.weth, 100 * WETH)], 100_000 * USD);
    let there = FUNDED_RAW + SURPLUS_RAW - 100_000 * USD;
    let refusal = IVault::NotEnoughCash { heldRaw: U256::from(there), askedRaw: U256::from(there + 1) };
    system.refused(OWNER, at.vault, &defund(there + 1), &refusal);
    system.must(OWNER, at.vault, &defund(there));
    assert_eq!(system.books().cashRaw, U256::ZERO);
}

fn fund_refuses_without_allowance(system: &mut System) {
    let at = system.at;
    let failed =
        IShared::TransferFailed { token: at.usd.token, from: STRANGER, to: at.vault, amountRaw: U256::from(USD) };
    system.refused(STRANGER, at.vault, &IVault::fundCall { amountRaw: U256::from(USD) }, &failed);
    system.refused(STRANGER, at.vault, &IVault::fundSurplusCall { amountRaw: U256::from(USD) }, &failed);
}

fn interest_goes_to_the_surplus_to_the_unit(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 7_777_777_777);
    let rate = U256::from(RAY) + U256::from(RAY / 123_456_789);
    system.must(OWNER, at.vault, &flat_rate(rate));
    for secs in [1, 59, 3_600, 86_400 - 3_660] {
        system.wait(secs);
        system.must(STRANGER, at.vault, &IVault::accrueCall {});
    }
    let books = system.books();
    assert_eq!(books.surplusRaw - U256::from(SURPLUS_RAW), books.debtRaw - U256::from(7_777_777_777_u64));
    let owed = system.ask(at.vault, &IVault::debtOfCall { vaultId: U256::from(1) });
    assert_eq!(owed, books.debtRaw, "one vault owes all there is");
    assert!(books.debtRaw > U256::from(7_777_777_777_u64));
}

fn accrue_twice_in_a_second_says_nothing_more(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    let rate = U256::from(RAY) + U256::from(RAY / 1_000_000_000);
    system.must(OWNER, at.vault, &flat_rate(rate));
    system.wait(10);
    let index = system.must(STRANGER, at.vault, &IVault::accrueCall {});
    assert_eq!(system.must(STRANGER, at.vault, &IVault::accrueCall {}), index);
    assert_eq!(system.events(), []);
}

/// Bends at four fifths; a billionth a second there, and ten billionths more with everything lent.
fn steep() -> IVault::setRateCurveCall {
    IVault::setRateCurveCall {
        baseRay: U256::ZERO,
        kinkBps: U256::from(8_000),
        slope1Ray: U256::from(RAY / 1_000_000_000),
        slope2Ray: U256::from(RAY / 100_000_000),
    }
}

fn interest_rises_with_the_share_lent(system: &mut System) {
    let at = system.at;
    system.must(OWNER, at.vault, &steep());
    // Of 2,010,000 the borrowers take 804,000, which are 40%, then 90%; interest is none so far, for no time has passed.
    system.open_indebted(ALICE, &[(at.weth, 1_000 * WETH)], 804_000 * USD);
    let rate = |system: &System| system.ask(at.vault, &IVault::ratePerSecondRayCall {});
    assert_eq!(rate(system), U256::from(RAY + RAY / 2_000_000_000));
    let debt = |system: &System| system.ask(at.vault, &IVault::debtOfCall { vaultId: U256::ONE });
    // A second at half a billionth: 402 units of 804,000 dollars. The view says it, and the accrual does it.
    system.wait(1);
    assert_eq!(debt(system), U256::from(804_000 * USD + 402));
    let index = system.must(STRANGER, at.vault, &IVault::accrueCall {});
    assert_eq!(index, U256::from(RAY + RAY / 2_000_000_000));
    let said = IVault::InterestAccrued { indexRay: index, interestRaw: U256::from(402) };
    assert_eq!(system.events(), [event(at.vault, &said)]);
    assert_eq!(debt(system), U256::from(804_000 * USD + 402));

    let borrow = IVault::borrowCall { vaultId: U256::ONE, amountRaw: U256::from(600_000 * USD), to: ALICE };
    system.must(ALICE, at.vault, &borrow);
    let books = system.books();
    let expected = kernel::interest::rate_at(
        &kernel::interest::RateCurve {
            base: units::Ray::ZERO,
            kink: units::Bps(8_000),
            slope1: units::Ray(U256::from(RAY / 1_000_000_000)),
            slope2: units::Ray(U256::from(RAY / 100_000_000)),
        },
        units::Raw(books.cashRaw),
        units::Raw(books.debtRaw),
    );
    assert_eq!(expected.map(|rate| rate.0).ok(), Some(rate(system)));
    let below_the_kink = rate(system);
    assert!(below_the_kink < U256::from(RAY + RAY / 1_000_000_000));
    // A lender who leaves makes the rest dear: 1,404,000 of 1,510,000 are above the kink.
    system.must(OWNER, at.vault, &IVault::defundCall { amountRaw: U256::from(500_000 * USD), to: LENDER });
    assert!(rate(system) > U256::from(RAY + RAY / 200_000_000));
    // And who repays makes it cheap again.
    system.must(LENDER, at.vault, &IVault::repayCall { vaultId: U256::ONE, amountRaw: U256::from(1_000_000 * USD) });
    assert!(rate(system) < below_the_kink);
}

fn a_new_rate_curve_holds_from_now_and_not_before(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    system.must(OWNER, at.vault, &flat_rate(U256::from(RAY) + U256::from(RAY / 1_000_000_000)));
    system.wait(1);
    system.must(OWNER, at.vault, &flat_rate(U256::from(RAY)));
    let index = U256::from(RAY) + U256::from(RAY / 1_000_000_000);
    let said = IVault::InterestAccrued { indexRay: index, interestRaw: U256::from(10) };
    assert_eq!(system.events()[0], event(at.vault, &said));
    system.wait(1_000);
    assert_eq!(system.must(STRANGER, at.vault, &IVault::accrueCall {}), index);
}
