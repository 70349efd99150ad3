//! The buyers: one pays with its own money and sells what it bought afterwards; the other has none, and sells inside of the
//! callback through its contract (abi/examples/ExampleTaker.sol).

use super::{parameters as set, stage::Stage, system::System};
use crate::{
    amount::tokens,
    chain::{
        Chain, ChainError,
        peers::{Desk, Taker, Token},
    },
};
use alloy_primitives::{Address, U256};
use interface::IAuction;
use keeper::{Config, Decision, Plan, Snapshot, TakeRule, decide};

/// The buyer with capital wants two percent, and spends at most this in one take.
const BUYER_MARGIN_BPS: u64 = 200;
const BUYER_SPEND: u64 = 15_000;
/// What it begins with.
const BUYER_CAPITAL: u64 = 100_000;
/// The buyer without capital wants three percent, of which the desk gets 0.3.
const TAKER_MARGIN_BPS: u64 = 300;
/// What the desk has to buy with.
const DESK_CASH: u64 = 50_000_000;

/// Gives the buyer its capital and the desk its cash, and lets the contracts pull from the buyer.
pub(super) fn prepare(chain: &mut Chain, system: &System, deployer: Address, buyer: Address) -> Result<(), ChainError> {
    for (holder, amount) in [(buyer, BUYER_CAPITAL), (system.desk, DESK_CASH)] {
        let mint = Token::mintCall { to: holder, amountRaw: tokens(amount, set::DEBT_DECIMALS) };
        chain.send("mint", deployer, system.debt_asset, &mint)?;
    }
    let mut approve =
        |token, spender| chain.send("approve", buyer, token, &Token::approveCall { spender, amountRaw: U256::MAX });
    approve(system.debt_asset, system.vault)?;
    for asset in &system.collaterals {
        approve(asset.token, system.desk)?;
    }
    Ok(())
}

/// Lets both buyers look at every running auction; answers how many slices they bought.
pub(super) fn buy(stage: &mut Stage) -> Result<u64, ChainError> {
    let markets = stage.market_prices()?;
    let mut bought = 0_u64;
    for auction_id in stage.running()? {
        bought = bought.saturating_add(u64::from(buy_with_capital(stage, auction_id, &markets)?));
        // The first buyer may have ended it.
        bought = bought.saturating_add(u64::from(buy_through_contract(stage, auction_id, &markets)?));
    }
    if bought > 0 {
        stage.watch.forget();
        stage.hear();
    }
    Ok(bought)
}

fn buy_with_capital(stage: &mut Stage, auction_id: U256, markets: &[Option<U256>; 2]) -> Result<bool, ChainError> {
    let buyer = stage.people.buyer;
    let capital_raw = stage.chain.ask(stage.system.debt_asset, &Token::balanceOfCall { holder: buyer })?;
    let rule = TakeRule {
        margin_bps: BUYER_MARGIN_BPS,
        capital_raw: Some(capital_raw),
        max_spend_raw: tokens(BUYER_SPEND, set::DEBT_DECIMALS),
    };
    let snapshot = stage.look_at(auction_id, markets)?;
    let decision = decide(&Snapshot::Auction(snapshot), &Config { take: Some(rule), ..Config::default() });
    stage.buyer_tally.count(&decision);
    let Decision::Act(Plan::Take { max_lot_raw, max_price_ray, .. }) = decision else {
        return Ok(false);
    };
    let call = IAuction::takeCall {
        auctionId: auction_id,
        maxLotRaw: max_lot_raw,
        maxPriceRay: max_price_ray,
        recipient: buyer,
        data: alloy_primitives::Bytes::new(),
    };
    if !stage.chain.would_succeed(buyer, stage.system.auction, &call)? {
        stage.buyer_tally.count_refused();
        return Ok(false);
    }
    stage.chain.send("take", buyer, stage.system.auction, &call)?;
    Ok(true)
}

fn buy_through_contract(stage: &mut Stage, auction_id: U256, markets: &[Option<U256>; 2]) -> Result<bool, ChainError> {
    let rule = TakeRule { margin_bps: TAKER_MARGIN_BPS, capital_raw: None, max_spend_raw: U256::MAX };
    let snapshot = stage.look_at(auction_id, markets)?;
    let decision = decide(&Snapshot::Auction(snapshot), &Config { take: Some(rule), ..Config::default() });
    stage.taker_tally.count(&decision);
    let Decision::Act(Plan::Take { max_lot_raw, max_price_ray, .. }) = decision else {
        return Ok(false);
    };
    let call = Taker::takeCall {
        auctionId: auction_id,
        maxLotRaw: max_lot_raw,
        maxPriceRay: max_price_ray,
        minProfitRaw: U256::ONE,
    };
    let (arbitrageur, taker) = (stage.people.arbitrageur, stage.system.taker);
    if !stage.chain.would_succeed(arbitrageur, taker, &call)? {
        stage.taker_tally.count_refused();
        return Ok(false);
    }
    stage.chain.send("take by callback", arbitrageur, taker, &call)?;
    Ok(true)
}

/// The buyer with capital sells what it holds, so that it can buy again.
pub(super) fn sell_holdings(stage: &mut Stage) -> Result<(), ChainError> {
    let (buyer, desk) = (stage.people.buyer, stage.system.desk);
    for place in 0..stage.system.collaterals.len() {
        let Some(token) = stage.system.collaterals.get(place).map(|asset| asset.token) else {
            continue;
        };
        let held_raw = stage.chain.ask(token, &Token::balanceOfCall { holder: buyer })?;
        if held_raw.is_zero() {
            continue;
        }
        let call = Desk::sellCall { token, amountRaw: held_raw, minOutRaw: U256::ZERO, to: buyer };
        stage.chain.send("sell to the desk", buyer, desk, &call)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
