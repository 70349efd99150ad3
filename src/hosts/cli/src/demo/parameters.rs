//! What the DAO of the demo sets: every number of the market, in one place.

use crate::amount::tokens;
use alloy_primitives::{U256, uint};
use interface::{IAuction, IReserve};

/// The decimals of the debt asset.
pub(super) const DEBT_DECIMALS: u8 = 6;

/// A collateral and how it is listed.
pub(super) struct Listing {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) feed: &'static str,
    pub(super) decimals: u8,
    pub(super) ltv_bps: u64,
    pub(super) threshold_bps: u64,
    pub(super) penalty_bps: u64,
    pub(super) cap_tokens: u64,
}

/// The collaterals, in the order of the prices.
pub(super) const LISTINGS: [Listing; 2] = [
    Listing {
        name: "WETH",
        title: "Wrapped Ether",
        feed: "ETH / USD",
        decimals: 18,
        ltv_bps: 7_500,
        threshold_bps: 8_000,
        penalty_bps: 1_000,
        cap_tokens: 50_000,
    },
    Listing {
        name: "WBTC",
        title: "Wrapped Bitcoin",
        feed: "BTC / USD",
        decimals: 8,
        ltv_bps: 7_000,
        threshold_bps: 7_500,
        penalty_bps: 800,
        cap_tokens: 2_000,
    },
];

/// The price feeds answer every hour; an answer of two hours is stale.
pub(super) const HEARTBEAT_SECS: u64 = 7_200;
/// The debt asset's feed answers daily.
pub(super) const DEBT_HEARTBEAT_SECS: u64 = 90_000;
/// How long prices rest after the sequencer comes back.
pub(super) const GRACE_SECS: u64 = 3_600;
/// The timelock's delay.
pub(super) const TIMELOCK_DELAY_SECS: u64 = 172_800;

/// Interest bends where four fifths of the money are lent.
pub(super) const KINK_PERCENT: u64 = 80;
/// At the bend 2.96% a year, compounded 3%.
pub(super) const SLOPE1_YEARLY_BPS: u64 = 296;
/// With everything lent another 44.04%, so that it is 60% compounded.
pub(super) const SLOPE2_YEARLY_BPS: u64 = 4_404;
/// A tenth of the interest goes to the surplus, the rest to the lenders.
pub(super) const RESERVE_BPS: u64 = 1_000;
/// A liquidation restores a health of 1.05.
pub(super) const TARGET_HEALTH_WAD: U256 = uint!(1_050_000_000_000_000_000_U256);
/// Above three quarters of the debt the whole vault is sold.
pub(super) const WHOLE_SHARE_BPS: u64 = 7_500;

/// The lowered threshold of WETH, and how long it takes to arrive.
pub(super) const LOWERED_THRESHOLD_BPS: u64 = 7_700;
/// Three days, so that nobody is liquidated over night.
pub(super) const RAMP_SECS: u64 = 259_200;

/// Surplus above 100,000 dollars goes to the stakers over a week; a stake leaves after ten days, within two; bad debt that the surplus
/// cannot pay is borne at once.
pub(super) fn reserve_rules() -> IReserve::Rules {
    const DAY_SECS: u64 = 86_400;
    IReserve::Rules {
        bufferRaw: tokens(100_000, DEBT_DECIMALS),
        stakersBps: U256::from(10_000),
        dripSecs: U256::from(7 * DAY_SECS),
        cooldownSecs: U256::from(10 * DAY_SECS),
        windowSecs: U256::from(2 * DAY_SECS),
        patienceSecs: U256::ZERO,
    }
}

/// The most that lenders may bring.
pub(super) fn deposit_cap_raw() -> U256 {
    tokens(20_000_000, DEBT_DECIMALS)
}

/// The most that all vaults may owe.
pub(super) fn debt_ceiling_raw() -> U256 {
    tokens(20_000_000, DEBT_DECIMALS)
}

/// The least a vault may owe.
pub(super) fn min_debt_raw() -> U256 {
    tokens(500, DEBT_DECIMALS)
}

/// The most that may be due in all auctions at once.
pub(super) fn sale_cap_raw() -> U256 {
    tokens(900_000, DEBT_DECIMALS)
}

/// The least that a part may leave due.
pub(super) fn min_due_raw() -> U256 {
    tokens(100, DEBT_DECIMALS)
}

/// The keeper's flat reward.
pub(super) fn flat_reward_raw() -> U256 {
    tokens(20, DEBT_DECIMALS)
}

/// The keeper's share of what is due.
pub(super) const REWARD_SHARE_BPS: u64 = 10;

/// The share of the penalty that the keeper's reward never exceeds.
pub(super) const REWARD_MAX_PENALTY_BPS: u64 = 5_000;

/// How each collateral is sold: WETH by a price that falls 3 bps a second, WBTC by one that falls 1% a minute.
/// Both begin at 110% of the oracle's price and need a restart after 40 minutes, or below 60% of the start.
pub(super) fn terms() -> [IAuction::Terms; 2] {
    let common = IAuction::Terms {
        curve: U256::from(3),
        cutRay: uint!(999_700_000_000_000_000_000_000_000_U256),
        stepSecs: U256::ONE,
        bufferBps: U256::from(11_000),
        tailSecs: U256::from(2_400),
        cuspBps: U256::from(6_000),
        floorBps: U256::from(4_000),
        capRaw: tokens(600_000, DEBT_DECIMALS),
    };
    let stairs = IAuction::Terms {
        curve: U256::from(2),
        cutRay: uint!(990_000_000_000_000_000_000_000_000_U256),
        stepSecs: U256::from(60),
        ..common.clone()
    };
    [common, stairs]
}
