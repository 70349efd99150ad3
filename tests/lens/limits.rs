//! The limits of a vault, each tried from both sides.

use alloy_primitives::U256;
use interface::{IAuction, ILens, IOracle, IVault};
use support::{
    System,
    actors::{ALICE, OWNER, STRANGER},
    doubles::IScriptedFeed,
    system::{FEED_DOLLAR, HEARTBEAT_SECS, MIN_DEBT_RAW, USD, WAD, WBTC, WETH, flat_rate},
};

support::scenarios! {
    both {
        what_is_borrowable_can_be_borrowed_and_not_a_unit_more,
        what_is_withdrawable_can_be_withdrawn_and_not_a_unit_more,
        below_its_liquidation_price_a_vault_is_unsafe_and_above_it_safe,
        a_ramp_makes_a_vault_unsafe_in_the_second_that_was_told,
    }
    native {
        nothing_is_borrowable_below_the_minimum_debt,
        what_is_borrowable_is_bound_by_cash,
        what_is_borrowable_is_bound_by_the_ceiling,
        limits_refuse_with_the_oracle_where_a_price_is_missing,
        a_collateral_without_a_price_can_be_withdrawn_whole_where_the_others_carry_the_debt,
        a_collateral_without_a_price_stays_where_the_others_do_not_carry_the_debt,
        limits_refuse_a_collateral_that_is_not_listed,
        a_listed_collateral_that_is_not_held_has_limits_too,
    }
}

fn borrowable(system: &System) -> U256 {
    system.ask(system.at.lens, &ILens::borrowableCall { vaultId: U256::ONE })
}

fn borrow(amount_raw: U256) -> IVault::borrowCall {
    IVault::borrowCall { vaultId: U256::ONE, amountRaw: amount_raw, to: ALICE }
}

fn what_is_borrowable_can_be_borrowed_and_not_a_unit_more(system: &mut System) {
    let at = system.at;
    // An index that divides nothing evenly.
    system.must(OWNER, at.vault, &flat_rate(389));
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH + 7), (at.wbtc, WBTC / 3)], 5_000 * USD + 1);
    system.wait(3_601);
    system.set_answer(at.usd, FEED_DOLLAR + 3);
    let most_raw = borrowable(system);
    assert!(most_raw > U256::from(15_000 * USD), "{most_raw}");
    let too_much = borrow(most_raw + U256::ONE);
    assert!(system.send(ALICE, at.vault, &too_much).is_err(), "one unit more was lent");
    system.must(ALICE, at.vault, &borrow(most_raw));
    assert_eq!(borrowable(system), U256::ZERO);
}

fn what_is_withdrawable_can_be_withdrawn_and_not_a_unit_more(system: &mut System) {
    let at = system.at;
    system.must(OWNER, at.vault, &flat_rate(389));
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH + 7), (at.wbtc, WBTC / 3)], 9_000 * USD + 1);
    system.wait(3_601);
    system.set_answer(at.weth, 1_999 * FEED_DOLLAR + 13);
    for asset in [at.weth, at.wbtc] {
        let call = ILens::withdrawableCall { vaultId: U256::ONE, collateral: asset.token };
        let most_raw = system.ask(at.lens, &call);
        assert!(!most_raw.is_zero());
        let take = |amount_raw| IVault::withdrawCall {
            vaultId: U256::ONE,
            collateral: asset.token,
            amountRaw: amount_raw,
            to: ALICE,
        };
        assert!(system.send(ALICE, at.vault, &take(most_raw + U256::ONE)).is_err(), "{}: one more", asset.name);
        // Half of it, so that something is left for the other.
        system.must(ALICE, at.vault, &take(most_raw - most_raw / U256::from(2)));
        let rest_raw = system.ask(at.lens, &call);
        assert!(system.send(ALICE, at.vault, &take(rest_raw + U256::ONE)).is_err(), "{}: one more", asset.name);
    }
    let call = ILens::withdrawableCall { vaultId: U256::ONE, collateral: at.weth.token };
    let most_raw = system.ask(at.lens, &call);
    let all = IVault::withdrawCall { vaultId: U256::ONE, collateral: at.weth.token, amountRaw: most_raw, to: ALICE };
    system.must(ALICE, at.vault, &all);
    assert_eq!(system.ask(at.lens, &call), U256::ZERO);
}

fn below_its_liquidation_price_a_vault_is_unsafe_and_above_it_safe(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH + 7), (at.wbtc, WBTC / 10)], 14_000 * USD + 1);
    let call = ILens::liquidationPriceCall { vaultId: U256::ONE, collateral: at.weth.token };
    let price_wad = system.ask(at.lens, &call);
    // A feed's unit is 1e10 wad units; the highest answer that is not above the price.
    let unsafe_answer: i128 = (price_wad / U256::from(10_000_000_000_u64)).to();
    assert!(unsafe_answer > 1_000 * FEED_DOLLAR);
    let health = |system: &System| system.ask(at.vault, &IVault::healthFactorCall { vaultId: U256::ONE });
    system.set_answer(at.weth, unsafe_answer);
    assert!(health(system) < U256::from(WAD));
    assert_eq!(system.ask(at.lens, &call), price_wad, "its own price does not move it");
    system.set_answer(at.weth, unsafe_answer + 1);
    assert!(health(system) >= U256::from(WAD));
}

fn a_ramp_makes_a_vault_unsafe_in_the_second_that_was_told(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 15_000 * USD);
    let call = ILens::unsafeAtCall { vaultId: U256::ONE };
    assert_eq!(system.ask(at.lens, &call), U256::MAX);
    // 80% carry 16,000; 75% carry the debt, so the price must fall a little for the ramp to matter.
    system.set_price(at.weth, 1_950);
    let lower = IVault::setThresholdCall {
        token: at.weth.token,
        thresholdBps: U256::from(7_600),
        rampSecs: U256::from(100_000),
    };
    system.must(OWNER, at.vault, &lower);
    let told: u64 = system.ask(at.lens, &call).to();
    let now = system.world.time_secs();
    assert!(told > now && told < now + 100_000, "{told} after {now}");
    let health = |system: &System| system.ask(at.vault, &IVault::healthFactorCall { vaultId: U256::ONE });
    system.wait(told - now - 1);
    system.refresh_prices();
    assert!(health(system) >= U256::from(WAD));
    assert_eq!(system.ask(at.lens, &call), U256::from(told), "waiting does not move it");
    system.wait(1);
    assert!(health(system) < U256::from(WAD));
    system.wait(50);
    assert_eq!(system.ask(at.lens, &call), U256::from(told + 50), "it is unsafe now");
}

fn nothing_is_borrowable_below_the_minimum_debt(system: &mut System) {
    let at = system.at;
    // Carries 75% of 2,000 dollars a weth: of a fifteenth of one, 100 dollars.
    system.open_vault(ALICE, &[(at.weth, WETH / 15)]);
    assert_eq!(borrowable(system), U256::ZERO);
    let least = borrow(U256::from(MIN_DEBT_RAW - 1));
    let error = IVault::DebtTooSmall { debtRaw: U256::from(MIN_DEBT_RAW - 1), minDebtRaw: U256::from(MIN_DEBT_RAW) };
    system.refused(ALICE, at.vault, &least, &error);
    let more = IVault::depositCall { vaultId: U256::ONE, collateral: at.weth.token, amountRaw: U256::ONE };
    system.must(ALICE, at.vault, &more);
    assert_eq!(borrowable(system), U256::from(MIN_DEBT_RAW));
    system.must(ALICE, at.vault, &borrow(U256::from(MIN_DEBT_RAW)));
}

fn what_is_borrowable_is_bound_by_cash(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.wbtc, 100 * WBTC)]);
    let cash_raw = system.books().cashRaw;
    assert_eq!(borrowable(system), cash_raw);
    let error = IVault::NotEnoughCash { heldRaw: cash_raw, askedRaw: cash_raw + U256::ONE };
    system.refused(ALICE, at.vault, &borrow(cash_raw + U256::ONE), &error);
    system.must(ALICE, at.vault, &borrow(cash_raw));
}

fn what_is_borrowable_is_bound_by_the_ceiling(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.wbtc, 100 * WBTC)]);
    let ceiling_raw = U256::from(1_000 * USD);
    let limits = IVault::setLimitsCall { ceilingRaw: ceiling_raw, minDebtRaw: U256::from(MIN_DEBT_RAW) };
    system.must(OWNER, at.vault, &limits);
    assert_eq!(borrowable(system), ceiling_raw);
    let error = IVault::CeilingExceeded { debtRaw: ceiling_raw + U256::ONE, ceilingRaw: ceiling_raw };
    system.refused(ALICE, at.vault, &borrow(ceiling_raw + U256::ONE), &error);
    system.must(ALICE, at.vault, &borrow(ceiling_raw));
}

fn limits_refuse_with_the_oracle_where_a_price_is_missing(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    let updated_at = system.now();
    system.wait(HEARTBEAT_SECS + 1);
    system.set_price(at.usd, 1);
    let error = IOracle::AnswerStale {
        asset: at.weth.token,
        updatedAtSecs: updated_at,
        heartbeatSecs: U256::from(HEARTBEAT_SECS),
        nowSecs: system.now(),
    };
    let (vault_id, collateral) = (U256::ONE, at.weth.token);
    system.ask_refused(at.lens, &ILens::borrowableCall { vaultId: vault_id }, &error);
    system.ask_refused(at.lens, &ILens::withdrawableCall { vaultId: vault_id, collateral }, &error);
    system.ask_refused(at.lens, &ILens::liquidationPriceCall { vaultId: vault_id, collateral }, &error);
    system.ask_refused(at.lens, &ILens::unsafeAtCall { vaultId: vault_id }, &error);
}

/// Weth and a tenth of a wbtc whose feed does not answer; what the oracle says about that.
fn with_a_dead_feed(system: &mut System, debt_raw: u128) -> IOracle::FeedUnreadable {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, WBTC / 10)], debt_raw);
    system.set_behaviour(at.wbtc.feed, IScriptedFeed::Behaviour::Revert);
    IOracle::FeedUnreadable { asset: at.wbtc.token, aggregator: at.wbtc.feed }
}

fn withdraw(asset: support::system::Asset, amount_raw: u128) -> IVault::withdrawCall {
    IVault::withdrawCall { vaultId: U256::ONE, collateral: asset.token, amountRaw: U256::from(amount_raw), to: ALICE }
}

/// What the lens tells about a collateral on its own, and in the vault's position.
fn told(system: &System, asset: support::system::Asset) -> (Result<U256, support::Revert>, U256) {
    let at = system.at;
    let alone = system.try_ask(at.lens, &ILens::withdrawableCall { vaultId: U256::ONE, collateral: asset.token });
    let position = system.ask(at.lens, &ILens::positionCall { vaultId: U256::ONE });
    let held = position.holdings.iter().find(|held| held.collateral == asset.token);
    (alone, held.map_or(U256::ZERO, |held| held.withdrawableRaw))
}

fn a_collateral_without_a_price_can_be_withdrawn_whole_where_the_others_carry_the_debt(system: &mut System) {
    let at = system.at;
    let error = with_a_dead_feed(system, 15_000 * USD);
    let all_raw = U256::from(WBTC / 10);
    assert_eq!(told(system, at.wbtc), (Ok(all_raw), all_raw));
    // Nothing else can leave while it is there, and not a part of it.
    assert_eq!(told(system, at.weth), (Err(support::revert_of(&error)), U256::ZERO));
    system.refused(ALICE, at.vault, &withdraw(at.weth, 1), &error);
    system.refused(ALICE, at.vault, &withdraw(at.wbtc, WBTC / 10 - 1), &error);
    system.must(ALICE, at.vault, &withdraw(at.wbtc, WBTC / 10));
    assert_eq!(told(system, at.weth), (Ok(U256::ZERO), U256::ZERO), "15,000 need all of it");
}

fn a_collateral_without_a_price_stays_where_the_others_do_not_carry_the_debt(system: &mut System) {
    let at = system.at;
    let error = with_a_dead_feed(system, 15_000 * USD + 1);
    assert_eq!(told(system, at.wbtc), (Err(support::revert_of(&error)), U256::ZERO));
    system.refused(ALICE, at.vault, &withdraw(at.wbtc, 1), &error);
    let wad = |raw: u128| U256::from(raw) * U256::from(WAD / USD);
    let refusal =
        IVault::BorrowingPowerExceeded { debtValueWad: wad(15_000 * USD + 1), ltvValueWad: wad(15_000 * USD) };
    system.refused(ALICE, at.vault, &withdraw(at.wbtc, WBTC / 10), &refusal);
    // Nor does it leave where the debt itself has no price.
    system.set_price(at.weth, 4_000);
    system.set_behaviour(at.usd.feed, IScriptedFeed::Behaviour::Revert);
    let error = IOracle::FeedUnreadable { asset: at.usd.token, aggregator: at.usd.feed };
    assert_eq!(told(system, at.wbtc), (Err(support::revert_of(&error)), U256::ZERO));
    system.refused(ALICE, at.vault, &withdraw(at.wbtc, WBTC / 10), &error);
}

fn limits_refuse_a_collateral_that_is_not_listed(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    let error = IVault::UnknownCollateral { collateral: STRANGER };
    let (vault_id, collateral) = (U256::ONE, STRANGER);
    system.ask_refused(at.lens, &ILens::withdrawableCall { vaultId: vault_id, collateral }, &error);
    system.ask_refused(at.lens, &ILens::liquidationPriceCall { vaultId: vault_id, collateral }, &error);
    system.ask_refused(
        at.lens,
        &ILens::previewLiquidationCall { vaultId: vault_id, collateral },
        &IAuction::TermsNotSet { collateral },
    );
}

fn a_listed_collateral_that_is_not_held_has_limits_too(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    let (vault_id, collateral) = (U256::ONE, at.wbtc.token);
    assert_eq!(system.ask(at.lens, &ILens::withdrawableCall { vaultId: vault_id, collateral }), U256::ZERO);
    let price = ILens::liquidationPriceCall { vaultId: vault_id, collateral };
    assert_eq!(system.ask(at.lens, &price), U256::ZERO, "the vault is safe without it");
    system.set_price(at.weth, 1_000);
    assert_eq!(system.ask(at.lens, &price), U256::MAX, "and unsafe whatever it costs");
}
