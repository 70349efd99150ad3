//! Whole vaults, one or many, with prices and without.

use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolValue};
use interface::{IAuction, ILens, IShared, IVault};
use support::{
    Contract, System,
    actors::{ALICE, BOB, KEEPER, OPERATOR, OWNER, STRANGER},
    doubles::IScriptedFeed,
    system::{FEED_DOLLAR, HEARTBEAT_SECS, USD, WAD, WBTC, WETH, constructor},
};

support::scenarios! {
    both {
        a_position_shows_all_that_the_vault_holds_and_owes,
        several_positions_come_in_the_order_asked_for,
        health_factors_are_those_of_the_vaults,
        while_sources_differ_health_is_the_one_by_which_vaults_are_liquidated,
    }
    native {
        a_position_without_a_price_says_why_and_never_refuses,
        while_one_of_two_sources_is_bad_health_is_the_one_by_which_vaults_are_liquidated,
        while_the_debt_asset_has_two_prices_health_is_by_the_lower,
        a_vault_without_debt_needs_no_price,
        a_page_of_health_factors_ends_with_the_vaults,
        a_vault_that_is_not_there_is_refused,
        the_lens_names_the_contracts_it_looks_at,
        a_lens_is_not_made_for_an_address_without_code,
        nobody_owns_a_lens,
        a_vault_with_every_collateral_there_is_fits_into_one_answer,
    }
}

fn position(system: &System, vault_id: u64) -> ILens::Position {
    system.ask(system.at.lens, &ILens::positionCall { vaultId: U256::from(vault_id) })
}

fn wad(dollars: u128) -> U256 {
    U256::from(dollars) * U256::from(WAD)
}

fn a_position_shows_all_that_the_vault_holds_and_owes(system: &mut System) {
    let at = system.at;
    let vault_id = system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, WBTC / 2)], 15_000 * USD);
    let shown = position(system, 1);
    let account = system.ask(at.vault, &IVault::accountCall { vaultId: vault_id });
    assert_eq!((shown.vaultId, shown.owner, shown.status), (vault_id, ALICE, U256::ZERO));
    assert_eq!((shown.debtRaw, shown.debtValueWad), (account.debtRaw, account.debtValueWad));
    assert_eq!(
        (shown.thresholdValueWad, shown.ltvValueWad, shown.healthWad),
        (account.thresholdValueWad, account.ltvValueWad, account.healthWad)
    );
    // 10 * 2,000 * 75% + 0.5 * 40,000 * 70% - 15,000.
    assert_eq!(shown.borrowableRaw, U256::from(14_000 * USD));
    assert_eq!(shown.unsafeAtSecs, U256::MAX);
    let [weth, wbtc] = shown.holdings.as_slice() else { panic!("it holds two: {:?}", shown.holdings) };
    assert_eq!((weth.collateral, wbtc.collateral), (at.weth.token, at.wbtc.token));
    assert_eq!((weth.amountRaw, wbtc.amountRaw), (U256::from(10 * WETH), U256::from(WBTC / 2)));
    assert_eq!((weth.priceWad, wbtc.priceWad), (wad(2_000), wad(40_000)));
    assert_eq!((weth.valueWad, wbtc.valueWad), (wad(20_000), wad(20_000)));
    assert_eq!((weth.ltvBps, weth.thresholdBps), (U256::from(7_500), U256::from(8_000)));
    assert_eq!((wbtc.ltvBps, wbtc.thresholdBps), (U256::from(7_000), U256::from(7_500)));
    // The other carries 14,000, so 1,000 must stay: two thirds of an ether, rounded up, at 1,500 each.
    assert_eq!(weth.withdrawableRaw, U256::from(10 * WETH - (2 * WETH / 3 + 1)));
    // The other carries 15,000 without a unit of this one.
    assert_eq!(weth.liquidationPriceWad, U256::ZERO);
    // The other carries 16,000.
    assert_eq!(wbtc.liquidationPriceWad, U256::ZERO);
}

fn several_positions_come_in_the_order_asked_for(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, WBTC)], 15_000 * USD);
    system.open_vault(BOB, &[]);
    system.open_indebted(BOB, &[(at.wbtc, WBTC)], 1_000 * USD);
    let ids = [3_u64, 1, 2, 3].map(U256::from);
    let several = system.ask(at.lens, &ILens::positionsCall { vaultIds: ids.to_vec() });
    let one_by_one: Vec<ILens::Position> = [3, 1, 2, 3].map(|vault_id| position(system, vault_id)).to_vec();
    assert_eq!(several, one_by_one);
    assert_eq!(several.iter().map(|shown| shown.holdings.len()).collect::<Vec<_>>(), [1, 2, 0, 1]);
    assert!(system.ask(at.lens, &ILens::positionsCall { vaultIds: Vec::new() }).is_empty());
}

fn health_factors_are_those_of_the_vaults(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 10_000 * USD);
    system.open_vault(BOB, &[(at.weth, WETH)]);
    system.open_indebted(BOB, &[(at.weth, 10 * WETH), (at.wbtc, WBTC / 10)], 15_000 * USD);
    system.set_price(at.weth, 1_490);
    let scan = |first: u64, limit: u64| {
        let call = ILens::healthFactorsCall { firstId: U256::from(first), limit: U256::from(limit) };
        system.ask(at.lens, &call)
    };
    let health = |vault_id: u64| system.ask(at.vault, &IVault::healthFactorCall { vaultId: U256::from(vault_id) });
    assert_eq!(scan(1, 10), [health(1), U256::MAX, health(3)]);
    assert!(health(3) < U256::from(WAD), "the scan would show nothing otherwise");
    assert_eq!(scan(2, 1), [U256::MAX]);
    assert_eq!(scan(0, 1), [health(1)], "numbers start at one");
}

fn a_page_of_health_factors_ends_with_the_vaults(system: &mut System) {
    system.open_vault(ALICE, &[]);
    system.open_vault(ALICE, &[]);
    let scan = |first: U256, limit: U256| {
        system.ask(system.at.lens, &ILens::healthFactorsCall { firstId: first, limit }).len()
    };
    let n = |value: u64| U256::from(value);
    assert_eq!((scan(n(1), U256::MAX), scan(n(2), U256::MAX), scan(n(3), U256::MAX)), (2, 1, 0));
    assert_eq!((scan(n(1), n(0)), scan(U256::MAX, U256::MAX), scan(n(0), U256::MAX)), (0, 0, 2));
}

fn a_position_without_a_price_says_why_and_never_refuses(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, WBTC)], 15_000 * USD);
    let before = position(system, 1);
    system.wait(HEARTBEAT_SECS + 1);
    system.set_price(at.usd, 1);
    system.set_price(at.wbtc, 40_000);
    let shown = position(system, 1);
    // The number of a stale answer.
    assert_eq!(shown.status, U256::from(10));
    assert_eq!((shown.owner, shown.debtRaw), (ALICE, before.debtRaw));
    let zeros = [shown.debtValueWad, shown.thresholdValueWad, shown.ltvValueWad, shown.healthWad];
    assert_eq!(zeros, [U256::ZERO; 4]);
    assert_eq!((shown.borrowableRaw, shown.unsafeAtSecs), (U256::ZERO, U256::ZERO));
    let amounts = |position: &ILens::Position| position.holdings.iter().map(|held| held.amountRaw).collect::<Vec<_>>();
    assert_eq!(amounts(&shown), amounts(&before));
    assert_eq!(shown.holdings[0].priceWad, U256::ZERO);
    assert_eq!(shown.holdings[1].priceWad, wad(40_000));
    assert!(shown.holdings.iter().all(|held| held.liquidationPriceWad.is_zero()));
    // The wbtc carries the debt alone, so all of the weth could leave, but while it is there nothing of the wbtc.
    let withdrawable = shown.holdings.iter().map(|held| held.withdrawableRaw).collect::<Vec<_>>();
    assert_eq!(withdrawable, [U256::from(10 * WETH), U256::ZERO]);
    let scan = ILens::healthFactorsCall { firstId: U256::ONE, limit: U256::ONE };
    assert_eq!(system.ask(at.lens, &scan), [U256::MAX]);
}

/// The health of the first vault in a scan, which is that of its position; and whether it is liquidated by it or refused.
#[track_caller]
fn scanned_as_liquidated(system: &mut System) -> U256 {
    let at = system.at;
    let scan = ILens::healthFactorsCall { firstId: U256::ONE, limit: U256::from(2) };
    let scanned = system.ask(at.lens, &scan);
    let shown = position(system, 1);
    assert_eq!((scanned[0], scanned[1]), (shown.healthWad, U256::MAX));
    let call = IAuction::liquidateCall { vaultId: U256::ONE, collateral: at.weth.token, keeper: KEEPER };
    if scanned[0] < U256::from(WAD) {
        // Not for good: the tests look on.
        system.world.view(at.auction, &call.abi_encode()).expect("what is told to be unsafe can be sold");
    } else {
        let error = IVault::Healthy { vaultId: U256::ONE, healthWad: scanned[0] };
        system.refused(KEEPER, at.auction, &call, &error);
    }
    scanned[0]
}

/// 10 weth and 14,000 of debt, and a vault without debt.
fn two_vaults(system: &mut System) {
    system.open_indebted(ALICE, &[(system.at.weth, 10 * WETH)], 14_000 * USD);
    system.open_vault(BOB, &[(system.at.weth, WETH)]);
    system.set_price(system.at.weth, 1_700);
}

/// What 10 weth carry at a price, over a debt of 14,000.
fn health_at(dollars: u64) -> U256 {
    U256::from(dollars * 8) * U256::from(WAD) / U256::from(14_000)
}

fn while_sources_differ_health_is_the_one_by_which_vaults_are_liquidated(system: &mut System) {
    let at = system.at;
    two_vaults(system);
    assert_eq!(scanned_as_liquidated(system), health_at(1_700));
    let second = system.second_source(at.weth, 1_740);
    assert_eq!(scanned_as_liquidated(system), health_at(1_740));
    // The number of sources that differ; all that needs every check is still left out.
    let shown = position(system, 1);
    assert_eq!(shown.status, U256::from(15));
    assert_eq!(
        (shown.debtValueWad, shown.thresholdValueWad, shown.borrowableRaw),
        (U256::ZERO, U256::ZERO, U256::ZERO)
    );
    system.set_price(second, 1_800);
    assert_eq!(scanned_as_liquidated(system), health_at(1_800));
    // Beyond the hard limit there is no price to sell at.
    system.set_price(second, 2_000);
    let scan = ILens::healthFactorsCall { firstId: U256::ONE, limit: U256::ONE };
    assert_eq!(system.ask(at.lens, &scan), [U256::MAX]);
    assert_eq!(position(system, 1).healthWad, U256::ZERO);
}

fn while_one_of_two_sources_is_bad_health_is_the_one_by_which_vaults_are_liquidated(system: &mut System) {
    let at = system.at;
    two_vaults(system);
    let second = system.second_source(at.weth, 1_710);
    for (bad, health) in [(second.feed, health_at(1_700)), (at.weth.feed, health_at(1_710))] {
        system.set_behaviour(bad, IScriptedFeed::Behaviour::Revert);
        assert!(!position(system, 1).status.is_zero());
        assert_eq!(scanned_as_liquidated(system), health);
        system.set_behaviour(bad, IScriptedFeed::Behaviour::Answer);
    }
    for bad in [second.feed, at.weth.feed] {
        system.set_behaviour(bad, IScriptedFeed::Behaviour::Revert);
    }
    let scan = ILens::healthFactorsCall { firstId: U256::ONE, limit: U256::ONE };
    assert_eq!(system.ask(at.lens, &scan), [U256::MAX]);
    assert_eq!(position(system, 1).healthWad, U256::ZERO);
}

fn while_the_debt_asset_has_two_prices_health_is_by_the_lower(system: &mut System) {
    let at = system.at;
    two_vaults(system);
    let second = system.second_source(at.usd, 1);
    system.set_answer(second, FEED_DOLLAR / 100 * 98);
    // 13,600 against 13,720.
    assert_eq!(scanned_as_liquidated(system), U256::from(13_600) * U256::from(WAD) / U256::from(13_720));
    system.set_answer(second, FEED_DOLLAR / 100 * 95);
    assert_eq!(scanned_as_liquidated(system), U256::from(13_600) * U256::from(WAD) / U256::from(13_300));
}

fn a_vault_without_debt_needs_no_price(system: &mut System) {
    let at = system.at;
    system.open_vault(ALICE, &[(at.weth, 3 * WETH)]);
    system.wait(HEARTBEAT_SECS + 1);
    let shown = position(system, 1);
    assert_eq!((shown.status, shown.healthWad, shown.unsafeAtSecs), (U256::from(10), U256::MAX, U256::MAX));
    assert_eq!(shown.holdings[0].withdrawableRaw, U256::from(3 * WETH));
    let withdrawable = ILens::withdrawableCall { vaultId: U256::ONE, collateral: at.weth.token };
    assert_eq!(system.ask(at.lens, &withdrawable), U256::from(3 * WETH));
}

fn a_vault_that_is_not_there_is_refused(system: &mut System) {
    let (lens, collateral) = (system.at.lens, system.at.weth.token);
    system.open_vault(ALICE, &[]);
    for vault_id in [U256::ZERO, U256::from(2), U256::MAX] {
        let error = IVault::UnknownVault { vaultId: vault_id };
        system.ask_refused(lens, &ILens::positionCall { vaultId: vault_id }, &error);
        system.ask_refused(lens, &ILens::positionsCall { vaultIds: vec![U256::ONE, vault_id] }, &error);
        system.ask_refused(lens, &ILens::borrowableCall { vaultId: vault_id }, &error);
        system.ask_refused(lens, &ILens::withdrawableCall { vaultId: vault_id, collateral }, &error);
        system.ask_refused(lens, &ILens::liquidationPriceCall { vaultId: vault_id, collateral }, &error);
        system.ask_refused(lens, &ILens::unsafeAtCall { vaultId: vault_id }, &error);
        system.ask_refused(lens, &ILens::previewLiquidationCall { vaultId: vault_id, collateral }, &error);
    }
}

fn the_lens_names_the_contracts_it_looks_at(system: &mut System) {
    let at = system.at;
    assert_eq!(system.ask(at.lens, &ILens::vaultCall {}), at.vault);
    assert_eq!(system.ask(at.lens, &ILens::auctionCall {}), at.auction);
}

fn a_lens_is_not_made_for_an_address_without_code(system: &mut System) {
    let (vault, auction) = (system.at.vault, system.at.auction);
    for (vault, auction) in [(STRANGER, auction), (vault, STRANGER)] {
        let arguments = constructor(&(vault, auction).abi_encode_params());
        let refusal = system.world.deploy_contract(Contract::Lens, &arguments).expect_err("there is no code");
        assert_eq!(refusal, support::revert_of(&IShared::CallFailed { target: STRANGER }));
    }
}

fn nobody_owns_a_lens(system: &mut System) {
    let lens = system.at.lens;
    assert_eq!(system.ask(lens, &IShared::ownerCall {}), Address::ZERO);
    let offer = IShared::transferOwnershipCall { newOwner: OWNER };
    system.refused(OWNER, lens, &offer, &IShared::NotOwner { caller: OWNER, owner: Address::ZERO });
}

fn a_vault_with_every_collateral_there_is_fits_into_one_answer(system: &mut System) {
    let at = system.at;
    // Two are listed already; eight is what a deposit can spread a vault over.
    for _ in 0..6 {
        let token = system.world.deploy_token(support::TokenKind::Honest, 18);
        let feed = system.world.deploy_feed(8);
        let push = IScriptedFeed::pushCall { answer: support::system::to_i256(FEED_DOLLAR) };
        system.must(OPERATOR, feed, &push);
        let heartbeat = U256::from(HEARTBEAT_SECS);
        let set = interface::IOracle::setFeedCall { asset: token, aggregator: feed, heartbeatSecs: heartbeat };
        system.must(OWNER, at.oracle, &set);
        let list = IVault::setCollateralCall {
            token,
            ltvBps: U256::from(5_000),
            thresholdBps: U256::from(6_000),
            penaltyBps: U256::from(1_000),
            capRaw: U256::from(WETH),
        };
        system.must(OWNER, at.vault, &list);
    }
    let vault_id = system.open_vault(ALICE, &[(at.weth, WETH), (at.wbtc, WBTC)]);
    for token in system.ask(at.vault, &IVault::collateralsCall {}).into_iter().skip(2) {
        let mint = support::doubles::ITestToken::mintCall { to: ALICE, amountRaw: U256::from(100) };
        system.must(OPERATOR, token, &mint);
        let approve = support::doubles::ITestToken::approveCall { spender: at.vault, amountRaw: U256::MAX };
        system.must(ALICE, token, &approve);
        let deposit = IVault::depositCall { vaultId: vault_id, collateral: token, amountRaw: U256::from(100) };
        system.must(ALICE, at.vault, &deposit);
    }
    let shown = system.ask(at.lens, &ILens::positionsCall { vaultIds: vec![vault_id; 5] });
    assert!(shown.iter().all(|position| position.holdings.len() == 8));
    assert_eq!(shown[0].ltvValueWad, system.ask(at.vault, &IVault::accountCall { vaultId: vault_id }).ltvValueWad);
}
