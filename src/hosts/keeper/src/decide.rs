//! The decision: a pure function of what is seen and what was told.

use crate::{AssetSnapshot, AuctionSnapshot, Config, Holding, Snapshot, TakeRule, VaultSnapshot};
use alloy_primitives::{Address, U256};
use units::{RAY_ONE, WAD_ONE, mul_div_down, mul_div_up};

/// The whole in basis points.
const ALL_BPS: u64 = 10_000;
/// The oracle's number for an asset that passes every check.
const NORMAL: u64 = 0;

/// What follows from a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Do this.
    Act(Plan),
    /// Do nothing, for this reason.
    Skip(Reason),
}

/// One transaction to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Start an auction of this collateral of this vault.
    Liquidate {
        /// The vault.
        vault_id: U256,
        /// What to sell of it.
        collateral: Address,
    },
    /// Start this auction again.
    Restart {
        /// The auction.
        auction_id: U256,
    },
    /// Buy from this auction.
    Take {
        /// The auction.
        auction_id: U256,
        /// The most to buy, in base units of the collateral.
        max_lot_raw: U256,
        /// The highest price to pay, debt base units for one collateral base unit, ray.
        max_price_ray: U256,
    },
    /// Have the oracle record what it finds of this asset.
    Poke {
        /// The asset.
        asset: Address,
    },
}

/// Why nothing is done. The order is that of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// There is no rule for this job.
    NotMyJob,
    /// The oracle prices neither the vault nor a restart.
    OracleRefuses,
    /// The vault owes nothing.
    NoDebt,
    /// The vault's health factor is one or more.
    Healthy,
    /// The vault owes, but holds nothing.
    NothingToSell,
    /// Nobody has said how what the vault holds is sold.
    TermsNotSet,
    /// As much is on sale as may be.
    NoRoom,
    /// The reward does not pay for the work.
    RewardTooSmall,
    /// The auction has ended.
    Ended,
    /// The auction must be restarted first, and that is not this keeper's job.
    NeedsRestart,
    /// The auction runs well, and buying is not this keeper's job.
    RunsWell,
    /// Nobody says what the collateral sells for, so no price is known to be good.
    NoMarketPrice,
    /// The price is not yet far enough below the market.
    PriceAboveLimit,
    /// What it may spend buys nothing.
    NoCapital,
    /// So little is due that only the whole lot can be bought, and that costs more than it may spend.
    OnlyWholeLot,
    /// No feed is set for the asset, so there is nothing to record.
    NoFeed,
    /// The asset has no usable price, as was recorded already.
    NothingToRecord,
    /// The asset's price has been recorded not long ago, and its state is what was recorded.
    RecordedLately,
}

impl Reason {
    /// All reasons, in the order of the checks.
    pub const ALL: [Self; 18] = [
        Self::NotMyJob,
        Self::OracleRefuses,
        Self::NoDebt,
        Self::Healthy,
        Self::NothingToSell,
        Self::TermsNotSet,
        Self::NoRoom,
        Self::RewardTooSmall,
        Self::Ended,
        Self::NeedsRestart,
        Self::RunsWell,
        Self::NoMarketPrice,
        Self::PriceAboveLimit,
        Self::NoCapital,
        Self::OnlyWholeLot,
        Self::NoFeed,
        Self::NothingToRecord,
        Self::RecordedLately,
    ];

    /// The reason as a key of a document: lower case, words joined by `_`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotMyJob => "not_my_job",
            Self::OracleRefuses => "oracle_refuses",
            Self::NoDebt => "no_debt",
            Self::Healthy => "healthy",
            Self::NothingToSell => "nothing_to_sell",
            Self::TermsNotSet => "terms_not_set",
            Self::NoRoom => "no_room",
            Self::RewardTooSmall => "reward_too_small",
            Self::Ended => "ended",
            Self::NeedsRestart => "needs_restart",
            Self::RunsWell => "runs_well",
            Self::NoMarketPrice => "no_market_price",
            Self::PriceAboveLimit => "price_above_limit",
            Self::NoCapital => "no_capital",
            Self::OnlyWholeLot => "only_whole_lot",
            Self::NoFeed => "no_feed",
            Self::NothingToRecord => "nothing_to_record",
            Self::RecordedLately => "recorded_lately",
        }
    }
}

/// What to do about a vault, an auction or an asset.
///
/// A vault is sold by the collateral that is worth most among those that can be sold. A slice is bought when the price is
/// at most `market * (10 000 - margin) / 10 000`, rounded down.
///
/// ```
/// use alloy_primitives::U256;
/// use spillway_keeper::{AuctionSnapshot, Config, Decision, Plan, Reason, Snapshot, TakeRule, decide};
/// let rule = TakeRule { margin_bps: 200, capital_raw: None, max_spend_raw: U256::MAX };
/// let config = Config { take: Some(rule), ..Config::default() };
/// let ray = U256::from(10).pow(U256::from(27));
/// let mut seen = AuctionSnapshot {
///     auction_id: U256::from(1), needs_restart: false, price_ray: U256::from(99) * ray, lot_raw: U256::from(10),
///     due_raw: U256::from(1_500), min_due_raw: U256::from(100), market_price_ray: Some(U256::from(100) * ray), reward_raw: U256::ZERO,
/// };
/// // 99 is not 2% below 100 ...
/// assert_eq!(decide(&Snapshot::Auction(seen.clone()), &config), Decision::Skip(Reason::PriceAboveLimit));
/// // ... and 98 is.
/// seen.price_ray = U256::from(98) * ray;
/// let plan = Plan::Take { auction_id: U256::from(1), max_lot_raw: U256::from(10), max_price_ray: U256::from(98) * ray };
/// assert_eq!(decide(&Snapshot::Auction(seen), &config), Decision::Act(plan));
/// ```
pub fn decide(snapshot: &Snapshot, config: &Config) -> Decision {
    let decided = match snapshot {
        Snapshot::Vault(vault) => about_vault(vault, config),
        Snapshot::Auction(auction) => about_auction(auction, config),
        Snapshot::Asset(asset) => about_asset(asset, config),
    };
    decided.map_or_else(Decision::Skip, Decision::Act)
}

fn about_vault(vault: &VaultSnapshot, config: &Config) -> Result<Plan, Reason> {
    let rule = config.start.as_ref().ok_or(Reason::NotMyJob)?;
    if vault.debt_raw.is_zero() {
        return Err(Reason::NoDebt);
    }
    let health_wad = vault.health_wad.ok_or(Reason::OracleRefuses)?;
    if health_wad >= WAD_ONE {
        return Err(Reason::Healthy);
    }
    if vault.holdings.is_empty() {
        return Err(Reason::NothingToSell);
    }
    let saleable: Vec<&Holding> = vault.holdings.iter().filter(|holding| holding.has_terms).collect();
    if saleable.is_empty() {
        return Err(Reason::TermsNotSet);
    }
    let richest = saleable
        .into_iter()
        .filter(|holding| !holding.room_raw.is_zero() && holding.room_raw >= vault.min_due_raw)
        // Of two that are worth the same, the smaller address: every keeper answers alike.
        .max_by_key(|holding| (holding.value_raw, std::cmp::Reverse(holding.collateral)))
        .ok_or(Reason::NoRoom)?;
    if vault.reward_raw < rule.min_reward_raw {
        return Err(Reason::RewardTooSmall);
    }
    Ok(Plan::Liquidate { vault_id: vault.vault_id, collateral: richest.collateral })
}

fn about_auction(auction: &AuctionSnapshot, config: &Config) -> Result<Plan, Reason> {
    if config.restart.is_none() && config.take.is_none() {
        return Err(Reason::NotMyJob);
    }
    if auction.lot_raw.is_zero() {
        return Err(Reason::Ended);
    }
    if auction.needs_restart {
        let rule = config.restart.as_ref().ok_or(Reason::NeedsRestart)?;
        if auction.market_price_ray.is_none() {
            return Err(Reason::OracleRefuses);
        }
        if auction.reward_raw < rule.min_reward_raw {
            return Err(Reason::RewardTooSmall);
        }
        return Ok(Plan::Restart { auction_id: auction.auction_id });
    }
    take(auction, config.take.as_ref().ok_or(Reason::RunsWell)?)
}

fn take(auction: &AuctionSnapshot, rule: &TakeRule) -> Result<Plan, Reason> {
    let market_price_ray = auction.market_price_ray.ok_or(Reason::NoMarketPrice)?;
    let kept_bps = ALL_BPS.saturating_sub(rule.margin_bps);
    // Rounded down: the buyer's limit is on the buyer's side.
    let limit_ray =
        mul_div_down(market_price_ray, U256::from(kept_bps), U256::from(ALL_BPS)).map_err(|_| Reason::NoMarketPrice)?;
    if auction.price_ray > limit_ray {
        return Err(Reason::PriceAboveLimit);
    }
    let spend_raw = rule.capital_raw.unwrap_or(U256::MAX).min(rule.max_spend_raw);
    let max_lot_raw = affordable_lot_raw(auction, spend_raw)?;
    Ok(Plan::Take { auction_id: auction.auction_id, max_lot_raw, max_price_ray: limit_ray })
}

/// A change of state is recorded at once, because a hold begins with its record; a usable price when the last one is old.
fn about_asset(asset: &AssetSnapshot, config: &Config) -> Result<Plan, Reason> {
    let rule = config.poke.as_ref().ok_or(Reason::NotMyJob)?;
    if !asset.has_feed {
        return Err(Reason::NoFeed);
    }
    if asset.state == asset.recorded_state {
        if asset.state != NORMAL {
            return Err(Reason::NothingToRecord);
        }
        if asset.now_secs.saturating_sub(asset.recorded_at_secs) < rule.interval_secs {
            return Err(Reason::RecordedLately);
        }
    }
    Ok(Plan::Poke { asset: asset.asset })
}

/// What `spend_raw` buys of the lot: all of it, or a part whose price, rounded up, is within the means.
fn affordable_lot_raw(auction: &AuctionSnapshot, spend_raw: U256) -> Result<U256, Reason> {
    // A lot dearer than what is due is cut by the contract, so no buyer ever owes more than that.
    let whole_raw = mul_div_up(auction.lot_raw, auction.price_ray, RAY_ONE).unwrap_or(U256::MAX).min(auction.due_raw);
    if whole_raw <= spend_raw {
        return Ok(auction.lot_raw);
    }
    let part_raw = mul_div_down(spend_raw, RAY_ONE, auction.price_ray).unwrap_or(U256::ZERO).min(auction.lot_raw);
    if part_raw.is_zero() {
        return Err(Reason::NoCapital);
    }
    if auction.due_raw <= auction.min_due_raw {
        return Err(Reason::OnlyWholeLot);
    }
    Ok(part_raw)
}
