//! What pool and reserve alone may call, and the interest. Here the test speaks in their names; what comes of whole deposits and
//! stakes is in `tests/pool` and `tests/reserve`.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use interface::{ILens, IReserve, IShared, IVault};
use support::{
    System,
    actors::{ALICE, BUYER, LENDER, OPERATOR, OWNER, STRANGER},
    doubles::ITestToken,
    system::{FUNDED_RAW, RAY, SURPLUS_RAW, USD, WETH, event, flat_rate, per_second_ray, shared_rate},
};

support::scenarios! {
    both {
        fund_and_defund_move_what_is_lent,
        draw_surplus_moves_what_belongs_to_the_system,
        write_down_lets_the_lenders_bear_bad_debt,
        accrue_brings_the_index_to_the_present,
        interest_is_divided_between_lenders_and_surplus,
        interest_rises_with_the_share_lent,
        a_gift_to_the_contract_changes_nothing,
    }
    native {
        fund_surplus_belongs_to_the_system,
        fund_surplus_absorbs_bad_debt_at_once,
        draw_surplus_pays_bad_debt_first,
        draw_surplus_refuses_more_than_there_is,
        pool_and_reserve_are_refused_an_amount_of_zero,
        nothing_is_paid_to_the_zero_address,
        the_claims_are_for_pool_and_reserve_alone,
        defund_refuses_more_than_is_lent_or_there,
        amounts_beyond_their_fields_are_out_of_range,
        interest_goes_where_it_belongs_to_the_unit,
        accrue_twice_in_a_second_says_nothing_more,
        a_new_rate_curve_holds_from_now_and_not_before,
    }
}

/// Moves `amount` of the debt asset to the vault contract, as a module does before it says so.
fn bring(system: &mut System, amount: u128) {
    let at = system.at;
    system.must(LENDER, at.usd.token, &ITestToken::transferCall { to: at.vault, amountRaw: U256::from(amount) });
}

#[track_caller]
fn as_pool<C: SolCall>(system: &mut System, call: &C) {
    system.must(system.at.pool, system.at.vault, call);
}

#[track_caller]
fn as_reserve<C: SolCall>(system: &mut System, call: &C) -> C::Return {
    system.must(system.at.reserve, system.at.vault, call)
}

fn fund(amount: u128) -> IVault::fundCall {
    IVault::fundCall { amountRaw: U256::from(amount) }
}

fn fund_surplus(amount: u128) -> IVault::fundSurplusCall {
    IVault::fundSurplusCall { amountRaw: U256::from(amount) }
}

fn draw(amount: u128, to: Address) -> IVault::drawSurplusCall {
    IVault::drawSurplusCall { amountRaw: U256::from(amount), to }
}

/// 22,000 lent against 20 weth, which then bring 2,000: the surplus of 10,000 pays half of the loss.
fn lose_twice_the_surplus(system: &mut System) {
    let at = system.at;
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
        isLast: true,
    };
    system.must(at.auction, at.vault, &settle);
}

fn fund_and_defund_move_what_is_lent(system: &mut System) {
    let at = system.at;
    bring(system, 500 * USD);
    let cash = system.books().cashRaw;
    as_pool(system, &fund(500 * USD));
    assert_eq!(system.last.logs, [event(at.vault, &IVault::Funded { amountRaw: U256::from(500 * USD) })]);
    let books = system.books();
    assert_eq!((books.fundedRaw, books.cashRaw - cash), (U256::from(FUNDED_RAW + 500 * USD), U256::from(500 * USD)));

    as_pool(system, &IVault::defundCall { amountRaw: U256::from(700 * USD), to: STRANGER });
    assert_eq!(
        system.events(),
        [event(at.vault, &IVault::Defunded { to: STRANGER, amountRaw: U256::from(700 * USD) })]
    );
    assert_eq!(system.balance(at.usd.token, STRANGER), U256::from(700 * USD));
    let books = system.books();
    assert_eq!(books.fundedRaw, U256::from(FUNDED_RAW - 200 * USD));
    assert_eq!(books.cashRaw, U256::from(FUNDED_RAW + SURPLUS_RAW - 200 * USD));
}

fn draw_surplus_moves_what_belongs_to_the_system(system: &mut System) {
    let at = system.at;
    as_reserve(system, &draw(400 * USD, STRANGER));
    let said = IVault::SurplusDrawn { to: STRANGER, amountRaw: U256::from(400 * USD) };
    assert_eq!(system.events(), [event(at.vault, &said)]);
    assert_eq!(system.balance(at.usd.token, STRANGER), U256::from(400 * USD));
    let books = system.books();
    assert_eq!((books.surplusRaw, books.fundedRaw), (U256::from(SURPLUS_RAW - 400 * USD), U256::from(FUNDED_RAW)));
    assert_eq!(books.cashRaw, U256::from(FUNDED_RAW + SURPLUS_RAW - 400 * USD));
}

fn draw_surplus_pays_bad_debt_first(system: &mut System) {
    let at = system.at;
    lose_twice_the_surplus(system);
    // Interest of another vault brings new surplus, which nothing has absorbed yet: 10,030 of it, 10,000 of bad debt.
    system.set_price(at.weth, 2_000);
    system.open_indebted(ALICE, &[(at.weth, 900 * WETH)], 1_003_000 * USD);
    system.must(OWNER, at.vault, &flat_rate(3_154));
    system.wait(1_000_000);
    let books = system.books();
    let (surplus, bad) = (books.surplusRaw, books.badDebtRaw);
    assert!(surplus > bad && bad == U256::from(10_000 * USD));
    as_reserve(system, &draw(USD, STRANGER));
    let absorbed = event(at.vault, &IVault::BadDebtAbsorbed { amountRaw: bad });
    assert!(system.events().contains(&absorbed), "{:?}", system.events());
    let books = system.books();
    assert_eq!((books.badDebtRaw, books.surplusRaw), (U256::ZERO, surplus - bad - U256::from(USD)));
    // No more than what is left is drawn.
    let left = books.surplusRaw;
    let call = IVault::drawSurplusCall { amountRaw: left + U256::ONE, to: STRANGER };
    let refusal = IVault::NotEnoughSurplus { surplusRaw: left, askedRaw: left + U256::ONE };
    system.refused(at.reserve, at.vault, &call, &refusal);
}

fn draw_surplus_refuses_more_than_there_is(system: &mut System) {
    let at = system.at;
    let refusal =
        IVault::NotEnoughSurplus { surplusRaw: U256::from(SURPLUS_RAW), askedRaw: U256::from(SURPLUS_RAW + 1) };
    system.refused(at.reserve, at.vault, &draw(SURPLUS_RAW + 1, STRANGER), &refusal);
    // What is lent is not there to be drawn.
    system.open_indebted(ALICE, &[(at.weth, 1_000 * WETH)], 1_000_000 * USD);
    as_pool(system, &IVault::defundCall { amountRaw: U256::from(FUNDED_RAW - 995_000 * USD), to: LENDER });
    let held = system.books().cashRaw;
    assert_eq!(held, U256::from(5_000 * USD));
    let refusal = IVault::NotEnoughCash { heldRaw: held, askedRaw: U256::from(SURPLUS_RAW) };
    system.refused(at.reserve, at.vault, &draw(SURPLUS_RAW, STRANGER), &refusal);
}

fn write_down_lets_the_lenders_bear_bad_debt(system: &mut System) {
    let at = system.at;
    lose_twice_the_surplus(system);
    let queued = IReserve::BadDebtQueued {
        vaultId: U256::ONE,
        amountRaw: U256::from(10_000 * USD),
        queuedEverRaw: U256::from(10_000 * USD),
    };
    assert!(system.events().contains(&event(at.reserve, &queued)), "the reserve hears of what the surplus left");
    let down = |amount: u128| IVault::writeDownCall { amountRaw: U256::from(amount) };
    assert_eq!(as_reserve(system, &down(4_000 * USD)), U256::from(4_000 * USD));
    let said = IVault::FundsWrittenDown { amountRaw: U256::from(4_000 * USD) };
    assert_eq!(system.events(), [event(at.vault, &said)]);
    let books = system.books();
    assert_eq!(books.badDebtRaw, U256::from(6_000 * USD));
    assert_eq!((books.fundedRaw, books.surplusRaw), (U256::from(FUNDED_RAW - 4_000 * USD), U256::ZERO));
    assert_eq!(as_reserve(system, &down(7_000 * USD)), U256::from(6_000 * USD), "no more than there is");
    assert_eq!(system.books().fundedRaw, U256::from(FUNDED_RAW - 10_000 * USD));
    assert_eq!(as_reserve(system, &down(1)), U256::ZERO);
    assert_eq!(system.events(), []);
}

fn accrue_brings_the_index_to_the_present(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    let rate = per_second_ray(315);
    system.must(OWNER, at.vault, &flat_rate(315));
    system.wait(1);
    // One second: the index is the rate, and the interest a hundred-thousandth of a dollar.
    let index = system.must(STRANGER, at.vault, &IVault::accrueCall {});
    assert_eq!(index, rate);
    let said = IVault::InterestAccrued { indexRay: rate, interestRaw: U256::from(10), reserveRaw: U256::from(10) };
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
    bring(system, 50 * USD);
    as_reserve(system, &fund_surplus(50 * USD));
    let said = IVault::SurplusFunded { amountRaw: U256::from(50 * USD) };
    assert_eq!(system.last.logs, [event(at.vault, &said)]);
    let books = system.books();
    assert_eq!((books.surplusRaw, books.fundedRaw), (U256::from(SURPLUS_RAW + 50 * USD), U256::from(FUNDED_RAW)));
}

fn fund_surplus_absorbs_bad_debt_at_once(system: &mut System) {
    let at = system.at;
    lose_twice_the_surplus(system);
    let books = system.books();
    assert_eq!((books.badDebtRaw, books.surplusRaw), (U256::from(10_000 * USD), U256::ZERO));

    bring(system, 10_001 * USD);
    as_reserve(system, &fund_surplus(10_001 * USD));
    assert_eq!(
        system.events(),
        [
            event(at.vault, &IVault::SurplusFunded { amountRaw: U256::from(10_001 * USD) }),
            event(at.vault, &IVault::BadDebtAbsorbed { amountRaw: U256::from(10_000 * USD) }),
        ]
    );
    let books = system.books();
    assert_eq!((books.badDebtRaw, books.surplusRaw), (U256::ZERO, U256::from(USD)));
}

fn pool_and_reserve_are_refused_an_amount_of_zero(system: &mut System) {
    let at = system.at;
    let zero = IShared::ZeroAmount {};
    system.refused(at.pool, at.vault, &fund(0), &zero);
    system.refused(at.pool, at.vault, &IVault::defundCall { amountRaw: U256::ZERO, to: LENDER }, &zero);
    system.refused(at.reserve, at.vault, &fund_surplus(0), &zero);
    system.refused(at.reserve, at.vault, &draw(0, LENDER), &zero);
}

fn nothing_is_paid_to_the_zero_address(system: &mut System) {
    let at = system.at;
    let call = IVault::defundCall { amountRaw: U256::from(1), to: Address::ZERO };
    system.refused(at.pool, at.vault, &call, &IShared::ZeroAddress {});
    system.refused(at.reserve, at.vault, &draw(1, Address::ZERO), &IShared::ZeroAddress {});
}

fn the_claims_are_for_pool_and_reserve_alone(system: &mut System) {
    let at = system.at;
    for caller in [OWNER, STRANGER, at.reserve, at.auction] {
        let refusal = IVault::NotPool { caller };
        system.refused(caller, at.vault, &fund(1), &refusal);
        system.refused(caller, at.vault, &IVault::defundCall { amountRaw: U256::ONE, to: caller }, &refusal);
    }
    for caller in [OWNER, STRANGER, at.pool, at.auction] {
        let refusal = IVault::NotReserve { caller };
        system.refused(caller, at.vault, &fund_surplus(1), &refusal);
        system.refused(caller, at.vault, &draw(1, caller), &refusal);
        system.refused(caller, at.vault, &IVault::writeDownCall { amountRaw: U256::ONE }, &refusal);
    }
    // Before they are named nobody is either, not the zero address.
    let fresh = System::deploy(system.world.as_mut());
    system.refused(at.pool, fresh.vault, &fund(1), &IVault::NotPool { caller: at.pool });
    system.refused(at.reserve, fresh.vault, &fund_surplus(1), &IVault::NotReserve { caller: at.reserve });
}

fn defund_refuses_more_than_is_lent_or_there(system: &mut System) {
    let at = system.at;
    let defund = |amount: u128| IVault::defundCall { amountRaw: U256::from(amount), to: LENDER };
    // The surplus is not the lenders'.
    let refusal = IVault::NotEnoughCash { heldRaw: U256::from(FUNDED_RAW), askedRaw: U256::from(FUNDED_RAW + 1) };
    system.refused(at.pool, at.vault, &defund(FUNDED_RAW + 1), &refusal);
    // What is lent on is not there.
    system.open_indebted(ALICE, &[(at.weth, 100 * WETH)], 100_000 * USD);
    let there = FUNDED_RAW + SURPLUS_RAW - 100_000 * USD;
    let refusal = IVault::NotEnoughCash { heldRaw: U256::from(there), askedRaw: U256::from(there + 1) };
    system.refused(at.pool, at.vault, &defund(there + 1), &refusal);
    as_pool(system, &defund(there));
    assert_eq!(system.books().cashRaw, U256::ZERO);
}

fn amounts_beyond_their_fields_are_out_of_range(system: &mut System) {
    let at = system.at;
    let room = (1_u128 << 94) - 1 - FUNDED_RAW;
    let mint = ITestToken::mintCall { to: at.vault, amountRaw: U256::from(1_u128 << 96) };
    system.must(OPERATOR, at.usd.token, &mint);
    system.refused(at.pool, at.vault, &fund(room + 1), &IShared::OutOfRange {});
    as_pool(system, &fund(room));
    assert_eq!(system.books().fundedRaw, U256::from((1_u128 << 94) - 1));
    let room = (1_u128 << 95) - 1 - ((1_u128 << 94) - 1) - SURPLUS_RAW;
    system.refused(at.reserve, at.vault, &fund_surplus(room + 1), &IShared::OutOfRange {});
    as_reserve(system, &fund_surplus(room));
    assert_eq!(system.books().cashRaw, U256::from((1_u128 << 95) - 1));
}

fn interest_is_divided_between_lenders_and_surplus(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    let rate = per_second_ray(315);
    system.must(OWNER, at.vault, &shared_rate(315, 1_500));
    system.wait(1);
    // Ten units of interest: a share of 15% is 1.5, of which the surplus gets 2.
    system.must(STRANGER, at.vault, &IVault::accrueCall {});
    let said = IVault::InterestAccrued { indexRay: rate, interestRaw: U256::from(10), reserveRaw: U256::from(2) };
    assert_eq!(system.events(), [event(at.vault, &said)]);
    let books = system.books();
    assert_eq!(books.fundedRaw, U256::from(FUNDED_RAW + 8));
    assert_eq!(books.surplusRaw, U256::from(SURPLUS_RAW + 2));
}

fn interest_goes_where_it_belongs_to_the_unit(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 7_777_777_777);
    system.must(OWNER, at.vault, &shared_rate(2_554, 1_234));
    let (mut all, mut reserve, mut owed) = (U256::ZERO, U256::ZERO, U256::from(7_777_777_777_u64));
    for secs in [1, 59, 3_600, 86_400 - 3_660] {
        system.wait(secs);
        system.must(STRANGER, at.vault, &IVault::accrueCall {});
        let now = system.ask(at.vault, &IVault::debtOfCall { vaultId: U256::from(1) });
        let interest = now - owed;
        all += interest;
        reserve += (interest * U256::from(1_234)).div_ceil(U256::from(10_000));
        owed = now;
    }
    let books = system.books();
    assert_eq!(owed, books.debtRaw, "one vault owes all there is");
    assert_eq!(books.surplusRaw, U256::from(SURPLUS_RAW) + reserve);
    assert_eq!(books.fundedRaw, U256::from(FUNDED_RAW) + all - reserve);
    assert!(all > U256::ZERO);
}

fn accrue_twice_in_a_second_says_nothing_more(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    system.must(OWNER, at.vault, &flat_rate(315));
    system.wait(10);
    let index = system.must(STRANGER, at.vault, &IVault::accrueCall {});
    assert_eq!(system.must(STRANGER, at.vault, &IVault::accrueCall {}), index);
    assert_eq!(system.events(), []);
}

/// Bends at four fifths; 3.15% a year there, and 31.5% more with everything lent.
fn steep() -> IVault::setRateCurveCall {
    let curve = IVault::RateCurve {
        baseYearlyBps: U256::ZERO,
        kinkPercent: U256::from(80),
        slope1YearlyBps: U256::from(316),
        slope2YearlyBps: U256::from(3_150),
        reserveBps: U256::from(1_000),
    };
    IVault::setRateCurveCall { newCurve: curve }
}

fn interest_rises_with_the_share_lent(system: &mut System) {
    let at = system.at;
    system.must(OWNER, at.vault, &steep());
    // Of 2,010,000 the borrowers take 804,000, which are 40%, then 90%; interest is none so far, for no time has passed.
    system.open_indebted(ALICE, &[(at.weth, 1_000 * WETH)], 804_000 * USD);
    let rate = |system: &System| system.ask(at.lens, &ILens::interestCall {}).ratePerSecondRay;
    assert_eq!(rate(system), per_second_ray(158), "half of the way to the kink");
    let debt = |system: &System| system.ask(at.vault, &IVault::debtOfCall { vaultId: U256::ONE });
    // A second at 1.58% a year: 402.8 units of 804,000 dollars. The view says it, and the accrual does it.
    system.wait(1);
    assert_eq!(debt(system), U256::from(804_000 * USD + 403));
    let index = system.must(STRANGER, at.vault, &IVault::accrueCall {});
    assert_eq!(index, per_second_ray(158));
    let said = IVault::InterestAccrued { indexRay: index, interestRaw: U256::from(403), reserveRaw: U256::from(41) };
    assert_eq!(system.events(), [event(at.vault, &said)]);
    assert_eq!(debt(system), U256::from(804_000 * USD + 403));

    let borrow = IVault::borrowCall { vaultId: U256::ONE, amountRaw: U256::from(600_000 * USD), to: ALICE };
    system.must(ALICE, at.vault, &borrow);
    let books = system.books();
    let expected = kernel::interest::rate_at(
        &kernel::interest::RateCurve {
            base: units::Ray::ZERO,
            kink: units::Bps(8_000),
            slope1: units::Ray(per_second_ray(316) - U256::from(RAY)),
            slope2: units::Ray(per_second_ray(3_150) - U256::from(RAY)),
            reserve: units::Bps(1_000),
        },
        units::Raw(books.cashRaw),
        units::Raw(books.debtRaw),
    );
    assert_eq!(expected.map(|rate| rate.0).ok(), Some(rate(system)));
    let below_the_kink = rate(system);
    assert!(below_the_kink < per_second_ray(316));
    // A lender who leaves makes the rest dear: 1,404,000 of 1,510,000 are above the kink.
    as_pool(system, &IVault::defundCall { amountRaw: U256::from(500_000 * USD), to: LENDER });
    assert!(rate(system) > per_second_ray(1_577));
    // And who repays makes it cheap again.
    system.must(LENDER, at.vault, &IVault::repayCall { vaultId: U256::ONE, amountRaw: U256::from(1_000_000 * USD) });
    assert!(rate(system) < below_the_kink);
}

fn a_new_rate_curve_holds_from_now_and_not_before(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    system.must(OWNER, at.vault, &flat_rate(315));
    system.wait(1);
    system.must(OWNER, at.vault, &flat_rate(0));
    let index = per_second_ray(315);
    let said = IVault::InterestAccrued { indexRay: index, interestRaw: U256::from(10), reserveRaw: U256::from(10) };
    assert_eq!(system.events()[0], event(at.vault, &said));
    system.wait(1_000);
    assert_eq!(system.must(STRANGER, at.vault, &IVault::accrueCall {}), index);
}
