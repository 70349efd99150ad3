//! Shorthand for the scenes of incidents.

use alloy_primitives::{Address, U256};
use interface::{IAuction, IVault};
use support::{
    System,
    actors::{KEEPER, OWNER},
    system::{Asset, USD, WETH, usual_terms},
};

pub(crate) fn n(value: u128) -> U256 {
    U256::from(value)
}

/// Dollars of the debt asset.
pub(crate) fn usd(dollars: u128) -> U256 {
    n(dollars * USD)
}

pub(crate) fn liquidate(asset: Asset, vault_id: U256) -> IAuction::liquidateCall {
    IAuction::liquidateCall { vaultId: vault_id, collateral: asset.token, keeper: KEEPER }
}

/// A take without limit and callback.
pub(crate) fn take(auction_id: U256, max_lot: U256, recipient: Address) -> IAuction::takeCall {
    IAuction::takeCall {
        auctionId: auction_id,
        maxLotRaw: max_lot,
        maxPriceRay: U256::MAX,
        recipient,
        data: Vec::new().into(),
    }
}

/// Changes LTV, threshold and penalty of the weth, in whichever order the bounds allow.
pub(crate) fn set_ratios(system: &mut System, ltv_bps: u64, threshold_bps: u64, penalty_bps: u64) {
    let token = system.at.weth.token;
    let set = |threshold: u64, ltv: u64, penalty: u64| IVault::setCollateralCall {
        token,
        ltvBps: U256::from(ltv),
        thresholdBps: U256::from(threshold),
        penaltyBps: U256::from(penalty),
        capRaw: n(10_000 * WETH),
    };
    let vault = system.at.vault;
    system.must(OWNER, vault, &set(8_000, 0, 0));
    let raise = IVault::setThresholdCall { token, thresholdBps: U256::from(threshold_bps), rampSecs: U256::ZERO };
    system.must(OWNER, vault, &raise);
    system.must(OWNER, vault, &set(threshold_bps, ltv_bps, penalty_bps));
}

/// Sells the weth by a linear curve that reaches zero after `step_secs`.
pub(crate) fn linear(system: &System, step_secs: u64, tail_secs: u64) -> IAuction::setTermsCall {
    let terms = IAuction::Terms {
        curve: U256::from(1),
        cutRay: U256::ZERO,
        stepSecs: U256::from(step_secs),
        tailSecs: U256::from(tail_secs),
        cuspBps: U256::from(100),
        floorBps: U256::from(100),
        ..usual_terms()
    };
    IAuction::setTermsCall { collateral: system.at.weth.token, newTerms: terms }
}

pub(crate) fn sale(system: &System, auction_id: U256) -> IAuction::Sale {
    system.ask(system.at.auction, &IAuction::saleCall { auctionId: auction_id })
}

pub(crate) fn status(system: &System, auction_id: U256) -> IAuction::statusReturn {
    system.ask(system.at.auction, &IAuction::statusCall { auctionId: auction_id })
}

pub(crate) fn health(system: &System, vault_id: U256) -> U256 {
    system.ask(system.at.vault, &IVault::healthFactorCall { vaultId: vault_id })
}

pub(crate) fn account(system: &System, vault_id: U256) -> IVault::Account {
    system.ask(system.at.vault, &IVault::accountCall { vaultId: vault_id })
}
