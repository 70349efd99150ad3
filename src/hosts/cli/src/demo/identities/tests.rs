//! The books of a small story, told twice; then each number is put out by one unit, and the identity that names it must break.

use super::*;
use crate::demo::{
    ledger::{AuctionFlows, DebtFlows, LenderFlows, ReserveFlows},
    readings::{Books, PoolReading, ReserveReading, RunningReading},
};
use alloy_primitives::address;
use std::collections::{BTreeMap, BTreeSet};
use units::RAY_ONE;

const VAULT: Address = address!("000000000000000000000000000000000000ca17");
const KEEPER: Address = address!("000000000000000000000000000000000000beef");
const OTHER: Address = address!("0000000000000000000000000000000000000007");
const WETH: Address = address!("00000000000000000000000000000000000000e1");
const POOL: Address = address!("0000000000000000000000000000000000009001");
const USD: Address = address!("00000000000000000000000000000000000000d5");

fn n(value: u64) -> U256 {
    U256::from(value)
}

/// Lent 10 000, given 500, borrowed 4 000, interest 40 with 10 of it for the surplus, repaid 1 000; 2 000 went to auction and 1 200 of it was paid with a
/// penalty of 120, 300 came back as debt, 100 is bad debt of which 60 is absorbed and 7 written down, 400 is still on auction; the keeper got 30;
/// 200 were taken out by the lender and 5 of the surplus by the reserve; roundings kept 2. The index stands at one, so shares are debt.
fn debt() -> DebtFlows {
    DebtFlows {
        funded_raw: n(10_000),
        defunded_raw: n(200),
        surplus_funded_raw: n(500),
        surplus_drawn_raw: n(5),
        written_down_raw: n(7),
        borrowed_raw: n(4_000),
        repaid_raw: n(1_000),
        interest_raw: n(40),
        interest_to_surplus_raw: n(10),
        to_auction_raw: n(2_000),
        principal_raw: n(1_200),
        penalty_raw: n(120),
        returned_raw: n(300),
        bad_debt_raw: n(100),
        absorbed_raw: n(60),
        rewards_raw: n(30),
        odd_units_raw: n(2),
        shares: n(1_342),
        index_ray: RAY_ONE,
    }
}

fn ledger() -> Ledger {
    let collateral = CollateralFlows {
        deposited_raw: n(90),
        withdrawn_raw: n(10),
        lots_raw: n(40),
        released_raw: n(20),
        returned_raw: n(12),
        started_raw: n(40),
        slices_raw: n(20),
        owed_raw: n(1_320),
    };
    let transfers = |minted, at_vault, others: &[(Address, u64)]| TokenFlows {
        minted_raw: n(minted),
        burned_raw: U256::ZERO,
        balances_raw: others.iter().chain(&[(VAULT, at_vault)]).map(|(holder, held)| (*holder, n(*held))).collect(),
    };
    let mut ledger = Ledger {
        debt: debt(),
        collaterals: BTreeMap::from([(WETH, collateral)]),
        auctions: AuctionFlows {
            started: 3,
            restarted: 1,
            ended: 2,
            takes: 4,
            debt_raw: n(2_000),
            due_raw: n(2_200),
            owed_raw: n(1_300),
            cured_raw: n(20),
            rewards_raw: n(30),
            unpaid_debt_raw: n(400),
        },
        lenders: LenderFlows { deposited_raw: n(10_000), withdrawn_raw: n(200) },
        reserve: reserve_flows(),
        tokens: BTreeMap::from([
            (POOL, transfers(1_000, 0, &[(OTHER, 980)])),
            (WETH, transfers(100, 60, &[(OTHER, 40)])),
            (USD, transfers(20_000, 8_585, &[(KEEPER, 30), (OTHER, 11_385)])),
        ]),
        ..Ledger::default()
    };
    ledger.tokens.get_mut(&POOL).unwrap().burned_raw = n(20);
    ledger
}

/// Of 406 that were staked 50 were taken out; 25 were slashed, 5 left over at the end of a round and 6 at the closing of another, of
/// which 4 were collected; 3 of the surplus distributed, and 2 to
/// the treasury; 470 were given, and 7 of the bad debt passed on to the lenders.
fn reserve_flows() -> ReserveFlows {
    ReserveFlows {
        staked_raw: n(406),
        unstaked_raw: n(50),
        slashed_raw: n(25),
        left_over_raw: n(5),
        closed_raw: n(6),
        collected_raw: n(4),
        passed_on_raw: n(7),
        donated_raw: n(470),
        to_stakers_raw: n(3),
        to_treasury_raw: n(2),
        shares: n(350),
    }
}

fn readings() -> Readings {
    let token = |address, supply: u64, at_vault: u64, others: &[(Address, u64)]| TokenReading {
        address,
        supply_raw: n(supply),
        at_vault_raw: n(at_vault),
        balances_raw: others.iter().chain(&[(VAULT, at_vault)]).map(|(holder, held)| (*holder, n(*held))).collect(),
    };
    Readings {
        books: Books {
            cash_raw: n(8_585),
            debt_raw: n(1_342),
            on_auction_raw: n(400),
            bad_debt_raw: n(33),
            funded_raw: n(9_823),
            surplus_raw: n(537),
            debt_shares: n(1_342),
        },
        debts_raw: n(1_344),
        indebted_vaults: 3,
        collaterals: vec![CollateralReading {
            name: "WETH".into(),
            token: token(WETH, 100, 60, &[(OTHER, 40)]),
            total_raw: n(52),
            in_vaults_raw: n(52),
            on_sale_raw: n(8),
        }],
        debt_asset: token(USD, 20_000, 8_585, &[(KEEPER, 30), (OTHER, 11_385)]),
        running: RunningReading { count: 1, debt_raw: n(400), due_raw: n(440), on_sale_raw: n(440) },
        auction_count: 3,
        previewed_due_raw: n(2_200),
        pool: PoolReading {
            shares: token(POOL, 980, 0, &[(OTHER, 980)]),
            assets_raw: n(9_823),
            lender_shares: n(980),
            lender_raw: n(9_822),
        },
        reserve: ReserveReading {
            held_raw: n(325),
            worth_raw: n(303),
            dripping_raw: n(20),
            shares: n(350),
            staker_raw: n(303),
            ..ReserveReading::default()
        },
        keeper_raw: n(30),
    }
}

fn broken_after(change: impl FnOnce(&mut Ledger, &mut Readings)) -> BTreeSet<String> {
    let (mut ledger, mut readings) = (ledger(), readings());
    change(&mut ledger, &mut readings);
    let identities = check(&ledger, &readings, VAULT);
    identities.into_iter().filter(|identity| !identity.holds()).map(|identity| identity.name).collect()
}

fn add_one(value: &mut U256) {
    *value = value.saturating_add(U256::ONE);
}

/// Puts one number of the readings out by a unit; exactly these identities break.
fn breaks_by_reading(of: impl Fn(&mut Readings) -> &mut U256, expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(broken_after(|_, readings| add_one(of(readings))), expected, "one unit more");
    let one_less = broken_after(|_, readings| {
        let value = of(readings);
        *value = value.saturating_sub(U256::ONE);
    });
    assert_eq!(one_less, expected, "one unit less");
}

/// Puts one number of the ledger out by a unit; exactly these identities break.
fn breaks_by_event(of: impl Fn(&mut Ledger) -> &mut U256, expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(broken_after(|ledger, _| add_one(of(ledger))), expected, "one unit more");
}

#[test]
fn a_story_told_right_adds_up() {
    assert_eq!(broken_after(|_, _| {}), BTreeSet::new());
}

#[test]
fn a_unit_of_cash_is_missed() {
    breaks_by_reading(|readings| &mut readings.books.cash_raw, &["balance sheet", "cash", "cash is held"]);
}

#[test]
fn a_unit_held_beside_the_books_is_missed() {
    breaks_by_reading(|readings| &mut readings.debt_asset.at_vault_raw, &["cash is held", "USD transfers"]);
}

#[test]
fn a_unit_of_debt_is_missed() {
    let (mut ledger, mut readings) = (ledger(), readings());
    add_one(&mut readings.books.debt_raw);
    let identities = check(&ledger, &readings, VAULT);
    let broken: Vec<String> = identities.iter().filter(|identity| !identity.holds()).map(ToString::to_string).collect();
    assert_eq!(
        broken,
        [
            "balance sheet: cash + debt + on auction + bad debt 10361 != 10360 funded + surplus",
            "debt: debt 1343 != 1342 shares * index, rounded up",
            "debt by flows: debt + repaid + to auction 4343 != 4342 borrowed + interest + returned + odd units",
        ]
    );
    add_one(&mut ledger.debt.odd_units_raw);
    assert_eq!(check(&ledger, &readings, VAULT).iter().filter(|identity| !identity.holds()).count(), 3);
}

#[test]
fn a_share_is_missed() {
    breaks_by_reading(|readings| &mut readings.books.debt_shares, &["shares"]);
    breaks_by_event(|ledger| &mut ledger.debt.shares, &["shares", "debt"]);
}

#[test]
fn the_vaults_debts_may_exceed_the_debt_by_less_than_a_unit_each() {
    let with_sum = |sum| broken_after(|_, readings| readings.debts_raw = n(sum));
    for sum in [1_342, 1_343, 1_344] {
        assert_eq!(with_sum(sum), BTreeSet::new(), "{sum}");
    }
    for sum in [1_341, 1_345] {
        assert_eq!(with_sum(sum), BTreeSet::from(["debt of each vault".to_owned()]), "{sum}");
    }
}

#[test]
fn a_unit_on_auction_is_missed() {
    breaks_by_reading(
        |readings| &mut readings.books.on_auction_raw,
        &["balance sheet", "debt on auction", "debt in auctions"],
    );
    breaks_by_reading(|readings| &mut readings.running.debt_raw, &["debt in auctions"]);
    breaks_by_reading(|readings| &mut readings.running.due_raw, &["due in auctions"]);
    breaks_by_reading(|readings| &mut readings.running.on_sale_raw, &["due in auctions"]);
}

#[test]
fn a_unit_of_bad_debt_is_missed() {
    breaks_by_reading(|readings| &mut readings.books.bad_debt_raw, &["balance sheet", "bad debt"]);
    breaks_by_event(|ledger| &mut ledger.debt.bad_debt_raw, &["debt on auction", "bad debt", "unpaid debt"]);
    breaks_by_event(|ledger| &mut ledger.debt.absorbed_raw, &["bad debt", "surplus"]);
    breaks_by_event(|ledger| &mut ledger.debt.written_down_raw, &["bad debt", "lent", "lenders' losses"]);
}

#[test]
fn a_unit_of_the_lenders_is_missed() {
    breaks_by_reading(|readings| &mut readings.books.funded_raw, &["balance sheet", "lent", "lenders' worth"]);
    breaks_by_event(|ledger| &mut ledger.debt.funded_raw, &["cash", "lent", "lenders' deposits"]);
    breaks_by_event(|ledger| &mut ledger.debt.defunded_raw, &["cash", "lent", "lenders' withdrawals"]);
}

#[test]
fn a_unit_of_the_surplus_is_missed() {
    breaks_by_reading(|readings| &mut readings.books.surplus_raw, &["balance sheet", "surplus"]);
    breaks_by_event(|ledger| &mut ledger.debt.surplus_funded_raw, &["cash", "surplus", "given to the surplus"]);
    breaks_by_event(|ledger| &mut ledger.debt.surplus_drawn_raw, &["cash", "surplus", "drawn from the surplus"]);
    breaks_by_event(|ledger| &mut ledger.debt.interest_raw, &["debt by flows", "lent"]);
    breaks_by_event(|ledger| &mut ledger.debt.interest_to_surplus_raw, &["lent", "surplus"]);
    breaks_by_event(|ledger| &mut ledger.debt.odd_units_raw, &["debt by flows", "surplus"]);
}

#[test]
fn a_unit_between_borrowers_and_the_system_is_missed() {
    breaks_by_event(|ledger| &mut ledger.debt.borrowed_raw, &["cash", "debt by flows"]);
    breaks_by_event(|ledger| &mut ledger.debt.repaid_raw, &["cash", "debt by flows"]);
    breaks_by_event(
        |ledger| &mut ledger.debt.to_auction_raw,
        &["debt by flows", "debt on auction", "debt sent to auction"],
    );
    breaks_by_event(|ledger| &mut ledger.debt.returned_raw, &["debt by flows", "debt on auction", "unpaid debt"]);
}

#[test]
fn a_unit_that_buyers_paid_is_missed() {
    breaks_by_event(|ledger| &mut ledger.debt.principal_raw, &["cash", "debt on auction", "proceeds"]);
    breaks_by_event(|ledger| &mut ledger.debt.penalty_raw, &["cash", "surplus", "proceeds"]);
    breaks_by_event(|ledger| &mut ledger.auctions.owed_raw, &["proceeds"]);
    breaks_by_event(|ledger| &mut ledger.auctions.cured_raw, &["proceeds"]);
    breaks_by_event(|ledger| &mut ledger.auctions.debt_raw, &["debt sent to auction"]);
    breaks_by_event(|ledger| &mut ledger.auctions.unpaid_debt_raw, &["unpaid debt"]);
}

#[test]
fn a_unit_of_the_keepers_reward_is_missed() {
    breaks_by_event(|ledger| &mut ledger.debt.rewards_raw, &["cash", "surplus", "rewards", "the keeper's balance"]);
    breaks_by_event(|ledger| &mut ledger.auctions.rewards_raw, &["rewards"]);
    breaks_by_reading(|readings| &mut readings.keeper_raw, &["the keeper's balance"]);
}

#[test]
fn a_unit_of_a_preview_is_missed() {
    breaks_by_reading(|readings| &mut readings.previewed_due_raw, &["previews"]);
    breaks_by_event(|ledger| &mut ledger.auctions.due_raw, &["previews"]);
}

#[test]
fn an_auction_too_many_or_too_few_is_missed() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(broken_after(|_, readings| readings.running.count = 2), names(&["auctions"]));
    assert_eq!(broken_after(|_, readings| readings.auction_count = 4), names(&["auctions ever"]));
    assert_eq!(broken_after(|ledger, _| ledger.auctions.started = 4), names(&["auctions", "auctions ever"]));
    assert_eq!(broken_after(|ledger, _| ledger.auctions.ended = 1), names(&["auctions"]));
}

#[test]
fn a_unit_between_pool_and_vault_contract_is_missed() {
    breaks_by_event(|ledger| &mut ledger.lenders.deposited_raw, &["lenders' deposits"]);
    breaks_by_event(|ledger| &mut ledger.lenders.withdrawn_raw, &["lenders' withdrawals"]);
    breaks_by_event(|ledger| &mut ledger.reserve.passed_on_raw, &["lenders' losses"]);
    breaks_by_reading(|readings| &mut readings.pool.assets_raw, &["lenders' worth"]);
}

#[test]
fn a_share_of_the_lenders_is_missed() {
    breaks_by_reading(
        |readings| &mut readings.pool.shares.supply_raw,
        &["lenders' shares", "lenders' holdings", "the lender's shares"],
    );
    breaks_by_reading(|readings| readings.pool.shares.balances_raw.get_mut(&OTHER).unwrap(), &["lenders' holdings"]);
    breaks_by_reading(|readings| &mut readings.pool.lender_shares, &["the lender's shares"]);
    breaks_by_event(|ledger| &mut ledger.tokens.get_mut(&POOL).unwrap().minted_raw, &["lenders' shares"]);
    breaks_by_event(|ledger| &mut ledger.tokens.get_mut(&POOL).unwrap().burned_raw, &["lenders' shares"]);
}

#[test]
fn a_unit_of_the_stakers_is_missed() {
    let held = ["stakes are held", "stakes"];
    breaks_by_reading(|readings| &mut readings.reserve.held_raw, &["stakes are held"]);
    breaks_by_reading(|readings| &mut readings.reserve.worth_raw, &["stakes"]);
    breaks_by_reading(|readings| &mut readings.reserve.dripping_raw, &["stakes"]);
    breaks_by_reading(|readings| &mut readings.reserve.shares, &["stakers' shares"]);
    breaks_by_event(|ledger| &mut ledger.reserve.shares, &["stakers' shares"]);
    breaks_by_event(|ledger| &mut ledger.reserve.staked_raw, &held);
    breaks_by_event(|ledger| &mut ledger.reserve.unstaked_raw, &held);
    breaks_by_event(|ledger| &mut ledger.reserve.slashed_raw, &[held[0], held[1], "given to the surplus"]);
    breaks_by_event(|ledger| &mut ledger.reserve.left_over_raw, &[held[0], held[1], "given to the surplus"]);
    breaks_by_event(|ledger| &mut ledger.reserve.closed_raw, &["stakes"]);
    breaks_by_event(|ledger| &mut ledger.reserve.collected_raw, &["stakes are held"]);
    breaks_by_event(|ledger| &mut ledger.reserve.to_stakers_raw, &[held[0], held[1], "drawn from the surplus"]);
    breaks_by_event(|ledger| &mut ledger.reserve.to_treasury_raw, &["drawn from the surplus"]);
    breaks_by_event(|ledger| &mut ledger.reserve.donated_raw, &["given to the surplus"]);
}

/// Bad debt of 700 above a surplus of 300: 400 wait, of which the stakers bear their 323 and the lenders 77.
fn broken_while_bad_debt_waits(change: impl FnOnce(&mut Readings)) -> BTreeSet<String> {
    let (ledger, mut readings) = (ledger(), readings());
    readings.books = Books { bad_debt_raw: n(700), surplus_raw: n(300), ..readings.books };
    readings.pool.assets_raw = n(9_746);
    readings.reserve = ReserveReading {
        worth_raw: n(0),
        dripping_raw: n(0),
        staker_raw: n(0),
        waiting_raw: n(400),
        queue_raw: n(400),
        lenders_loss_raw: n(77),
        ..readings.reserve
    };
    change(&mut readings);
    let identities = lenders_and_stakers(&ledger, &readings);
    identities.into_iter().filter(|identity| !identity.holds()).map(|identity| identity.name).collect()
}

#[test]
fn a_unit_of_waiting_bad_debt_is_missed() {
    let breaks = |of: fn(&mut Readings) -> &mut U256, expected: &[&str]| {
        let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(broken_while_bad_debt_waits(|readings| add_one(of(readings))), expected, "one unit more");
        let one_less = broken_while_bad_debt_waits(|readings| *of(readings) = of(readings).saturating_sub(U256::ONE));
        assert_eq!(one_less, expected, "one unit less");
    };
    assert_eq!(broken_while_bad_debt_waits(|_| {}), BTreeSet::new());
    breaks(|readings| &mut readings.reserve.waiting_raw, &["stakes", "queue", "waiting bad debt"]);
    breaks(|readings| &mut readings.reserve.queue_raw, &["queue"]);
    breaks(|readings| &mut readings.reserve.lenders_loss_raw, &["lenders' worth", "stakes"]);
    breaks(|readings| &mut readings.books.bad_debt_raw, &["waiting bad debt"]);
    breaks(|readings| &mut readings.books.surplus_raw, &["waiting bad debt"]);
}

fn weth(readings: &mut Readings) -> &mut CollateralReading {
    &mut readings.collaterals[0]
}

fn weth_flows(ledger: &mut Ledger) -> &mut CollateralFlows {
    ledger.collaterals.get_mut(&WETH).unwrap()
}

#[test]
fn a_unit_of_collateral_is_missed() {
    breaks_by_reading(
        |readings| &mut weth(readings).token.at_vault_raw,
        &["WETH held", "WETH owned", "WETH transfers"],
    );
    breaks_by_reading(|readings| &mut weth(readings).total_raw, &["WETH in vaults"]);
    breaks_by_reading(|readings| &mut weth(readings).in_vaults_raw, &["WETH owned", "WETH in vaults"]);
    breaks_by_reading(|readings| &mut weth(readings).on_sale_raw, &["WETH owned", "WETH on sale"]);
    breaks_by_event(|ledger| &mut weth_flows(ledger).deposited_raw, &["WETH held"]);
    breaks_by_event(|ledger| &mut weth_flows(ledger).withdrawn_raw, &["WETH held"]);
    breaks_by_event(|ledger| &mut weth_flows(ledger).released_raw, &["WETH held", "WETH on sale", "WETH slices"]);
    breaks_by_event(|ledger| &mut weth_flows(ledger).lots_raw, &["WETH on sale", "WETH lots"]);
    breaks_by_event(|ledger| &mut weth_flows(ledger).returned_raw, &["WETH on sale"]);
    breaks_by_event(|ledger| &mut weth_flows(ledger).started_raw, &["WETH lots"]);
    breaks_by_event(|ledger| &mut weth_flows(ledger).slices_raw, &["WETH slices"]);
}

#[test]
fn a_unit_of_a_token_is_missed() {
    breaks_by_reading(|readings| &mut readings.debt_asset.supply_raw, &["USD supply", "USD holders"]);
    breaks_by_reading(|readings| readings.debt_asset.balances_raw.get_mut(&OTHER).unwrap(), &["USD holders"]);
    breaks_by_event(|ledger| &mut ledger.tokens.get_mut(&USD).unwrap().minted_raw, &["USD supply"]);
    breaks_by_event(|ledger| &mut ledger.tokens.get_mut(&WETH).unwrap().burned_raw, &["WETH supply"]);
    breaks_by_event(
        |ledger| ledger.tokens.get_mut(&WETH).unwrap().balances_raw.get_mut(&VAULT).unwrap(),
        &["WETH transfers"],
    );
}
