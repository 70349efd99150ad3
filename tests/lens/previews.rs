//! Liquidations as they are told beforehand and as they happen.

use alloy_primitives::{Address, U256};
use interface::{IAuction, ILens, IOracle, IShared, IVault};
use support::{
    System,
    actors::{ALICE, KEEPER, OWNER},
    system::{CEILING_RAW, HEARTBEAT_SECS, SURPLUS_RAW, USD, WBTC, WETH, flat_rate, usual_terms},
};

support::scenarios! {
    both {
        a_preview_is_what_the_liquidation_does,
        a_preview_of_an_insolvent_vault_is_what_the_liquidation_does,
    }
    native {
        a_preview_pays_the_keeper_what_the_surplus_reaches_for,
        a_preview_refuses_a_healthy_vault,
        a_preview_refuses_a_collateral_the_vault_does_not_hold,
        a_preview_refuses_while_new_auctions_are_stopped,
        a_preview_refuses_a_collateral_nobody_said_how_to_sell,
        a_preview_refuses_where_a_cap_is_reached,
        a_preview_refuses_a_room_that_leaves_dust,
        a_preview_refuses_with_the_oracle,
        a_preview_refuses_a_sale_that_is_no_share_of_debt,
    }
}

fn preview(collateral: Address) -> ILens::previewLiquidationCall {
    ILens::previewLiquidationCall { vaultId: U256::ONE, collateral }
}

fn liquidate(collateral: Address) -> IAuction::liquidateCall {
    IAuction::liquidateCall { vaultId: U256::ONE, collateral, keeper: KEEPER }
}

/// A vault of 10 weth and a tenth of a wbtc that owes 16,500.
fn unsafe_vault(system: &mut System) {
    system.open_indebted(ALICE, &[(system.at.weth, 10 * WETH), (system.at.wbtc, WBTC / 10)], 16_500 * USD);
    system.set_price(system.at.weth, 1_680);
}

/// Liquidates, and compares what the events say with what was told.
#[track_caller]
fn happens_as_told(system: &mut System, collateral: Address) -> ILens::Preview {
    let told = system.ask(system.at.lens, &preview(collateral));
    let auction_id = system.must(KEEPER, system.at.auction, &liquidate(collateral));
    let events = system.events();
    let started = events
        .iter()
        .filter(|log| log.emitter == system.at.auction)
        .find_map(|log| {
            <IAuction::AuctionStarted as alloy_sol_types::SolEvent>::decode_raw_log(
                log.topics.iter().copied(),
                &log.data,
            )
            .ok()
        })
        .expect("an auction has started");
    assert_eq!(
        (started.auctionId, started.lotRaw, started.debtRaw, started.dueRaw, started.rewardRaw),
        (auction_id, told.lotRaw, told.debtRaw, told.dueRaw, told.rewardRaw)
    );
    // It begins 20% above the price, rounded as the curve does.
    assert_eq!(started.topRay, told.priceRay * U256::from(12) / U256::from(10));
    told
}

fn a_preview_is_what_the_liquidation_does(system: &mut System) {
    unsafe_vault(system);
    let told = happens_as_told(system, system.at.weth.token);
    assert!(told.dueRaw > told.debtRaw && !told.rewardRaw.is_zero());
    let left = IVault::collateralOfCall { vaultId: U256::ONE, collateral: system.at.weth.token };
    assert_eq!(system.ask(system.at.vault, &left), U256::from(10 * WETH) - told.lotRaw);
}

fn a_preview_of_an_insolvent_vault_is_what_the_liquidation_does(system: &mut System) {
    unsafe_vault(system);
    system.set_price(system.at.weth, 1_000);
    let told = happens_as_told(system, system.at.weth.token);
    assert_eq!(told.dueRaw, told.debtRaw, "no penalty could be paid");
}

fn a_preview_pays_the_keeper_what_the_surplus_reaches_for(system: &mut System) {
    let at = system.at;
    unsafe_vault(system);
    let draw = IVault::drawSurplusCall { amountRaw: U256::from(SURPLUS_RAW - 3), to: OWNER };
    system.must(at.reserve, at.vault, &draw);
    let told = happens_as_told(system, at.weth.token);
    assert_eq!(told.rewardRaw, U256::from(3));
}

fn a_preview_refuses_a_healthy_vault(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    let health_wad = system.ask(at.vault, &IVault::healthFactorCall { vaultId: U256::ONE });
    let error = IVault::Healthy { vaultId: U256::ONE, healthWad: health_wad };
    system.ask_refused(at.lens, &preview(at.weth.token), &error);
    system.refused(KEEPER, at.auction, &liquidate(at.weth.token), &error);
}

fn a_preview_refuses_a_collateral_the_vault_does_not_hold(system: &mut System) {
    let at = system.at;
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 1_000);
    let error = IVault::NothingToSell { vaultId: U256::ONE, collateral: at.wbtc.token };
    system.ask_refused(at.lens, &preview(at.wbtc.token), &error);
    system.refused(KEEPER, at.auction, &liquidate(at.wbtc.token), &error);
}

fn a_preview_refuses_while_new_auctions_are_stopped(system: &mut System) {
    let at = system.at;
    unsafe_vault(system);
    system.must(OWNER, at.auction, &IAuction::setStopCall { level: U256::ONE });
    let error = IAuction::Stopped { level: U256::ONE };
    system.ask_refused(at.lens, &preview(at.weth.token), &error);
    system.refused(KEEPER, at.auction, &liquidate(at.weth.token), &error);
}

fn a_preview_refuses_a_collateral_nobody_said_how_to_sell(system: &mut System) {
    let at = system.at;
    unsafe_vault(system);
    let error = IAuction::TermsNotSet { collateral: at.usd.token };
    system.ask_refused(at.lens, &preview(at.usd.token), &error);
    system.refused(KEEPER, at.auction, &liquidate(at.usd.token), &error);
}

fn a_preview_refuses_where_a_cap_is_reached(system: &mut System) {
    let at = system.at;
    unsafe_vault(system);
    let told = system.ask(at.lens, &preview(at.weth.token));
    let terms = IAuction::Terms { capRaw: told.dueRaw, ..usual_terms() };
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: terms });
    happens_as_told(system, at.weth.token);
    let error = IAuction::CapReached { onSaleRaw: told.dueRaw, capRaw: told.dueRaw };
    system.ask_refused(at.lens, &preview(at.weth.token), &error);
    system.refused(KEEPER, at.auction, &liquidate(at.weth.token), &error);
}

fn a_preview_refuses_a_room_that_leaves_dust(system: &mut System) {
    let at = system.at;
    unsafe_vault(system);
    let terms = IAuction::Terms { capRaw: U256::from(60 * USD), ..usual_terms() };
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: terms });
    let told = system.try_ask(at.lens, &preview(at.weth.token)).expect_err("60 dollars are too little room");
    assert_eq!(system.send(KEEPER, at.auction, &liquidate(at.weth.token)).expect_err("the same"), told);
    // The minimum debt of 100, and its penalty.
    let decoded = <IVault::NoRoom as alloy_sol_types::SolError>::abi_decode(&told.0).expect("it names the room");
    assert_eq!(decoded.roomRaw, U256::from(60 * USD));
    assert!(decoded.neededRaw > U256::from(100 * USD));
}

fn a_preview_refuses_with_the_oracle(system: &mut System) {
    let at = system.at;
    unsafe_vault(system);
    let updated_at = system.now();
    system.wait(HEARTBEAT_SECS + 1);
    system.set_price(at.usd, 1);
    let error = IOracle::AnswerStale {
        asset: at.weth.token,
        updatedAtSecs: updated_at,
        heartbeatSecs: U256::from(HEARTBEAT_SECS),
        nowSecs: system.now(),
    };
    system.ask_refused(at.lens, &preview(at.weth.token), &error);
    system.refused(KEEPER, at.auction, &liquidate(at.weth.token), &error);
}

fn a_preview_refuses_a_sale_that_is_no_share_of_debt(system: &mut System) {
    let at = system.at;
    system.must(OWNER, at.vault, &flat_rate(315));
    let limits = IVault::setLimitsCall { ceilingRaw: U256::from(CEILING_RAW), minDebtRaw: U256::ZERO };
    system.must(OWNER, at.vault, &limits);
    unsafe_vault(system);
    system.wait(1);
    // Room for a unit of debt and the penalty on it; a share is worth more than a unit by now.
    let terms = IAuction::Terms { capRaw: U256::from(2), ..usual_terms() };
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: terms });
    let error = IShared::ZeroAmount {};
    system.ask_refused(at.lens, &preview(at.weth.token), &error);
    system.refused(KEEPER, at.auction, &liquidate(at.weth.token), &error);
}
