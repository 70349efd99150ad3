//! A table of decisions: one that acts and one refusal for each reason.

use crate::*;
use alloy_primitives::{Address, U256, address};
use proptest::prelude::*;

const WETH: Address = address!("00000000000000000000000000000000000000e1");
const WBTC: Address = address!("00000000000000000000000000000000000000b1");

fn n(value: u64) -> U256 {
    U256::from(value)
}

fn ray(value: u64) -> U256 {
    n(value).checked_mul(U256::from(10).pow(U256::from(27))).unwrap()
}

fn wad_percent(value: u64) -> U256 {
    n(value).checked_mul(n(10_000_000_000_000_000)).unwrap()
}

fn starter() -> Config {
    Config {
        start: Some(StartRule { min_reward_raw: n(5) }),
        restart: Some(RestartRule { min_reward_raw: n(5) }),
        ..Config::default()
    }
}

fn buyer(capital_raw: Option<u64>) -> Config {
    let rule = TakeRule { margin_bps: 200, capital_raw: capital_raw.map(n), max_spend_raw: n(1_000_000) };
    Config { take: Some(rule), ..Config::default() }
}

fn holding(collateral: Address, value: u64) -> Holding {
    Holding { collateral, value_raw: n(value), has_terms: true, room_raw: n(10_000) }
}

fn unsafe_vault() -> VaultSnapshot {
    VaultSnapshot {
        vault_id: n(7),
        health_wad: Some(wad_percent(99)),
        debt_raw: n(800),
        holdings: vec![holding(WETH, 400), holding(WBTC, 600)],
        min_due_raw: n(100),
        reward_raw: n(5),
    }
}

fn cheap_auction() -> AuctionSnapshot {
    AuctionSnapshot {
        auction_id: n(3),
        needs_restart: false,
        price_ray: ray(98),
        lot_raw: n(50),
        due_raw: n(4_900),
        min_due_raw: n(100),
        market_price_ray: Some(ray(100)),
        reward_raw: n(5),
    }
}

fn on_vault(change: impl FnOnce(&mut VaultSnapshot), config: &Config) -> Decision {
    let mut vault = unsafe_vault();
    change(&mut vault);
    decide(&Snapshot::Vault(vault), config)
}

fn on_auction(change: impl FnOnce(&mut AuctionSnapshot), config: &Config) -> Decision {
    let mut auction = cheap_auction();
    change(&mut auction);
    decide(&Snapshot::Auction(auction), config)
}

fn on_asset(change: impl FnOnce(&mut AssetSnapshot)) -> Decision {
    let mut asset = AssetSnapshot {
        asset: WETH,
        has_feed: true,
        state: 0,
        recorded_state: 0,
        recorded_at_secs: 1_000,
        now_secs: 1_300,
    };
    change(&mut asset);
    decide(&Snapshot::Asset(asset), &Config { poke: Some(PokeRule::default()), ..Config::default() })
}

fn skip(reason: Reason) -> Decision {
    Decision::Skip(reason)
}

fn liquidate(collateral: Address) -> Decision {
    Decision::Act(Plan::Liquidate { vault_id: n(7), collateral })
}

fn take(max_lot: u64) -> Decision {
    Decision::Act(Plan::Take { auction_id: n(3), max_lot_raw: n(max_lot), max_price_ray: ray(98) })
}

#[test]
fn an_unsafe_vault_is_sold_by_the_collateral_that_is_worth_most() {
    assert_eq!(on_vault(|_| {}, &starter()), liquidate(WBTC));
    assert_eq!(on_vault(|vault| vault.holdings[0].value_raw = n(601), &starter()), liquidate(WETH));
}

#[test]
fn of_two_collaterals_worth_the_same_the_smaller_address_is_sold() {
    assert_eq!(on_vault(|vault| vault.holdings[0].value_raw = n(600), &starter()), liquidate(WBTC));
}

#[test]
fn a_collateral_without_room_gives_way_to_the_next() {
    assert_eq!(on_vault(|vault| vault.holdings[1].room_raw = n(99), &starter()), liquidate(WETH));
}

#[test]
fn a_collateral_without_terms_gives_way_to_the_next() {
    assert_eq!(on_vault(|vault| vault.holdings[1].has_terms = false, &starter()), liquidate(WETH));
}

#[test]
fn a_vault_is_left_alone_by_a_keeper_that_does_not_start_auctions() {
    assert_eq!(on_vault(|_| {}, &buyer(None)), skip(Reason::NotMyJob));
}

#[test]
fn an_auction_is_left_alone_by_a_keeper_that_only_starts_them() {
    let config = Config { restart: None, ..starter() };
    assert_eq!(on_auction(|_| {}, &config), skip(Reason::NotMyJob));
}

#[test]
fn a_vault_without_debt_is_skipped_whatever_the_oracle_says() {
    let no_debt = |vault: &mut VaultSnapshot| (vault.debt_raw, vault.health_wad) = (U256::ZERO, None);
    assert_eq!(on_vault(no_debt, &starter()), skip(Reason::NoDebt));
}

#[test]
fn a_vault_the_oracle_refuses_to_price_is_skipped() {
    assert_eq!(on_vault(|vault| vault.health_wad = None, &starter()), skip(Reason::OracleRefuses));
}

#[test]
fn a_restart_the_oracle_cannot_price_is_skipped() {
    let stale = |auction: &mut AuctionSnapshot| (auction.needs_restart, auction.market_price_ray) = (true, None);
    assert_eq!(on_auction(stale, &starter()), skip(Reason::OracleRefuses));
}

#[test]
fn a_health_factor_of_exactly_one_is_safe() {
    assert_eq!(on_vault(|vault| vault.health_wad = Some(wad_percent(100)), &starter()), skip(Reason::Healthy));
    let just_below = wad_percent(100).checked_sub(U256::ONE);
    assert_eq!(on_vault(|vault| vault.health_wad = just_below, &starter()), liquidate(WBTC));
}

#[test]
fn an_empty_vault_has_nothing_to_sell() {
    assert_eq!(on_vault(|vault| vault.holdings.clear(), &starter()), skip(Reason::NothingToSell));
}

#[test]
fn a_vault_of_collaterals_without_terms_is_skipped() {
    let no_terms = |vault: &mut VaultSnapshot| vault.holdings.iter_mut().for_each(|holding| holding.has_terms = false);
    assert_eq!(on_vault(no_terms, &starter()), skip(Reason::TermsNotSet));
}

#[test]
fn a_vault_waits_while_too_much_is_on_sale() {
    let full = |vault: &mut VaultSnapshot| vault.holdings.iter_mut().for_each(|holding| holding.room_raw = n(99));
    assert_eq!(on_vault(full, &starter()), skip(Reason::NoRoom));
}

#[test]
fn a_reward_below_the_least_starts_and_restarts_nothing() {
    assert_eq!(on_vault(|vault| vault.reward_raw = n(4), &starter()), skip(Reason::RewardTooSmall));
    let stale = |auction: &mut AuctionSnapshot| (auction.needs_restart, auction.reward_raw) = (true, n(4));
    assert_eq!(on_auction(stale, &starter()), skip(Reason::RewardTooSmall));
}

#[test]
fn a_stale_auction_is_restarted() {
    let decision = on_auction(|auction| auction.needs_restart = true, &starter());
    assert_eq!(decision, Decision::Act(Plan::Restart { auction_id: n(3) }));
}

#[test]
fn an_ended_auction_is_skipped() {
    assert_eq!(on_auction(|auction| auction.lot_raw = U256::ZERO, &buyer(None)), skip(Reason::Ended));
}

#[test]
fn a_stale_auction_is_left_to_others_by_a_buyer() {
    assert_eq!(on_auction(|auction| auction.needs_restart = true, &buyer(None)), skip(Reason::NeedsRestart));
}

#[test]
fn a_running_auction_is_left_to_buyers() {
    assert_eq!(on_auction(|_| {}, &starter()), skip(Reason::RunsWell));
}

#[test]
fn nothing_is_bought_without_a_market_price() {
    assert_eq!(on_auction(|auction| auction.market_price_ray = None, &buyer(None)), skip(Reason::NoMarketPrice));
}

#[test]
fn the_limit_itself_buys_and_one_unit_above_it_does_not() {
    assert_eq!(on_auction(|_| {}, &buyer(None)), take(50));
    let above = |auction: &mut AuctionSnapshot| auction.price_ray = ray(98).checked_add(U256::ONE).unwrap();
    assert_eq!(on_auction(above, &buyer(None)), skip(Reason::PriceAboveLimit));
}

#[test]
fn a_margin_of_the_whole_price_never_buys() {
    let mut config = buyer(None);
    config.take.as_mut().unwrap().margin_bps = 10_000;
    assert_eq!(on_auction(|_| {}, &config), skip(Reason::PriceAboveLimit));
}

#[test]
fn capital_buys_the_part_it_can_pay_for() {
    // 979 buys nine units at 98 and leaves 97 of it unspent.
    assert_eq!(on_auction(|_| {}, &buyer(Some(979))), take(9));
    assert_eq!(on_auction(|_| {}, &buyer(Some(4_899))), take(49));
    assert_eq!(on_auction(|_| {}, &buyer(Some(4_900))), take(50));
}

#[test]
fn a_lot_worth_more_than_is_due_costs_what_is_due() {
    assert_eq!(on_auction(|auction| auction.due_raw = n(980), &buyer(Some(980))), take(50));
}

#[test]
fn capital_below_the_price_of_one_unit_buys_nothing() {
    assert_eq!(on_auction(|_| {}, &buyer(Some(97))), skip(Reason::NoCapital));
}

#[test]
fn a_part_of_an_auction_that_must_be_bought_whole_is_not_tried() {
    assert_eq!(on_auction(|auction| auction.min_due_raw = n(4_900), &buyer(Some(979))), skip(Reason::OnlyWholeLot));
}

#[test]
fn a_price_is_recorded_when_the_last_record_is_an_interval_old() {
    let poke = Decision::Act(Plan::Poke { asset: WETH });
    assert_eq!(on_asset(|_| {}), poke);
    assert_eq!(on_asset(|asset| asset.now_secs = 1_299), skip(Reason::RecordedLately));
    // Never recorded, and a clock that went back.
    assert_eq!(on_asset(|asset| asset.recorded_at_secs = 0), poke);
    assert_eq!(on_asset(|asset| asset.recorded_at_secs = 2_000), skip(Reason::RecordedLately));
}

#[test]
fn a_change_of_state_is_recorded_at_once_and_only_once() {
    let changed = |state, recorded_state| {
        on_asset(|asset| (asset.state, asset.recorded_state, asset.now_secs) = (state, recorded_state, 1_001))
    };
    for (state, recorded_state) in [(2, 0), (0, 2), (1, 0), (3, 1), (4, 3), (2, 1)] {
        assert_eq!(changed(state, recorded_state), Decision::Act(Plan::Poke { asset: WETH }));
    }
    for state in 1..=4 {
        assert_eq!(
            on_asset(|asset| (asset.state, asset.recorded_state) = (state, state)),
            skip(Reason::NothingToRecord)
        );
    }
}

#[test]
fn an_asset_without_a_feed_or_a_keeper_without_the_job_records_nothing() {
    assert_eq!(on_asset(|asset| (asset.has_feed, asset.state) = (false, 3)), skip(Reason::NoFeed));
    let asset =
        AssetSnapshot { asset: WETH, has_feed: true, state: 2, recorded_state: 0, recorded_at_secs: 0, now_secs: 9 };
    assert_eq!(decide(&Snapshot::Asset(asset), &starter()), skip(Reason::NotMyJob));
}

#[test]
fn every_decision_is_counted_once() {
    let mut tally = Tally::default();
    let poke = Decision::Act(Plan::Poke { asset: WETH });
    for decision in [liquidate(WETH), take(1), poke, skip(Reason::Healthy), skip(Reason::Healthy)] {
        tally.count(&decision);
    }
    tally.count_refused();
    assert_eq!((tally.liquidations(), tally.restarts(), tally.takes(), tally.refused()), (1, 0, 1, 1));
    assert_eq!((tally.skips(Reason::Healthy), tally.skips(Reason::NoDebt), tally.pokes(), tally.total()), (2, 0, 1, 5));
}

#[test]
fn no_two_reasons_share_a_name() {
    let names: std::collections::BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.name()).collect();
    assert_eq!(names.len(), Reason::ALL.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn a_plan_to_buy_keeps_to_price_lot_and_capital(
        price in 1_u64..1_000_000_000, market in 1_u64..1_000_000_000, lot in 1_u64..u64::MAX, due in 1_u64..u64::MAX,
        capital in 0_u64..u64::MAX, margin_bps in 0_u64..12_000,
    ) {
        let (price_ray, market_ray) = (ray(price), ray(market));
        let rule = TakeRule { margin_bps, capital_raw: Some(n(capital)), max_spend_raw: U256::MAX };
        let config = Config { take: Some(rule), ..Config::default() };
        let seen = AuctionSnapshot {
            price_ray, lot_raw: n(lot), due_raw: n(due), market_price_ray: Some(market_ray), ..cheap_auction()
        };
        if let Decision::Act(Plan::Take { max_lot_raw, max_price_ray, .. }) = decide(&Snapshot::Auction(seen), &config) {
            prop_assert!(price_ray <= max_price_ray && max_price_ray <= market_ray);
            prop_assert!(max_lot_raw <= n(lot) && !max_lot_raw.is_zero());
            let cost_raw = max_lot_raw.checked_mul(n(price)).unwrap().min(n(due));
            prop_assert!(cost_raw <= n(capital));
        }
    }
}
