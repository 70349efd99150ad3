//! What is set once and what the owner may set. The bounds are in `kernel::bounds`.

use alloy_primitives::{Address, U256};
use common::{
    Outcome, Refusal,
    call::require_code,
    emit, ownership, refuse, token,
    words::{address_in, word_of},
};
use interface::IVault;
use kernel::{
    books::Books,
    bounds::{self, OutOfBounds, RAMP_MIN_SECS, TOKEN_DECIMALS_MAX, names},
    interest::RateCurve,
    ramp::Ramp,
};
use stylus_sdk::prelude::*;
use units::{Bps, Raw, Ray, WAD_PER_BPS, Wad, try_mul};

use crate::{
    errors,
    listings::{Listing, Supply},
    storage::{AUCTION, LIMITS, ORACLE, Vault, pack_halves},
};

/// The target health until the owner sets another: 1.05, far enough above one that a small move does not liquidate again.
const TARGET_HEALTH_BPS: u64 = 10_500;
/// The whole share until the owner sets another: a sale of more than three quarters of a debt might as well be of all.
const WHOLE_SHARE: Bps = Bps(7_500);

impl Vault {
    /// Names owner, debt asset and oracle. Until the owner sets limits nothing can be borrowed, and there is no interest.
    pub fn constructor(&mut self, owner: Address, debt_asset: Address, oracle: Address) -> Outcome<()> {
        ownership::begin(self, owner)?;
        require_code(self.vm(), oracle)?;
        let decimals = self.token_decimals(debt_asset)?;
        self.store_asset(debt_asset, decimals)?;
        ORACLE.set(self, word_of(oracle));
        self.store_rule(Wad(try_mul(U256::from(TARGET_HEALTH_BPS), WAD_PER_BPS)?), WHOLE_SHARE)?;
        self.store_rate_curve(&RateCurve::flat(Ray::ZERO))?;
        Ok(self.store_books(&Books::open(self.now()))?)
    }

    /// Lists a collateral, or changes LTV, penalty and cap of a listed one, whose threshold must be the target that holds.
    /// Owner only.
    pub fn set_collateral(
        &mut self,
        token: Address,
        ltv_bps: U256,
        threshold_bps: U256,
        penalty_bps: U256,
        cap_raw: U256,
    ) -> Outcome<()> {
        ownership::require_caller(self)?;
        let (number, decimals, total_raw) = match self.number_if_listed(token) {
            0 => self.list(token, threshold_bps, ltv_bps, penalty_bps)?,
            number => {
                let ramp = self.ramp(number);
                require_target(threshold_bps, ramp.to)?;
                // While the threshold falls, penalty and threshold must fit at both ends of the ramp, LTV at the lower.
                bounds::ratios(U256::ZERO, self.threshold_now(number)?.widen(), penalty_bps)
                    .map_err(errors::outside)?;
                (number, self.listing(number).decimals, self.supply(number).total_raw)
            }
        };
        let ratios = bounds::ratios(ltv_bps, threshold_bps, penalty_bps).map_err(errors::outside)?;
        self.store_listing(number, &Listing { token, ltv: ratios.ltv, penalty: ratios.penalty, decimals })?;
        self.store_supply(number, &Supply { cap_raw: Raw(cap_raw), total_raw })?;
        emit!(
            self.vm(),
            IVault::CollateralSet { collateral: token, ltvBps: ltv_bps, penaltyBps: penalty_bps, capRaw: cap_raw },
        );
        Ok(())
    }

    /// Moves a liquidation threshold: up at once, down by a linear ramp of at least one day. Owner only.
    pub fn set_threshold(&mut self, token: Address, threshold_bps: U256, ramp_secs: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let number = self.number_of(token)?;
        let listing = self.listing(number);
        let to = bounds::threshold(threshold_bps, listing.ltv, listing.penalty).map_err(errors::outside)?;
        let (from, start) = (self.threshold_now(number)?, self.now());
        let end = if to < from { end_of_ramp(start, ramp_secs)? } else { start };
        self.store_ramp(number, &Ramp { from, to, start, end })?;
        self.emit_threshold(token, from, to, end.widen());
        Ok(())
    }

    /// Sets the most that may be lent in all and the least a vault may owe. Owner only.
    pub fn set_limits(&mut self, ceiling_raw: U256, min_debt_raw: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        LIMITS.set(self, pack_halves(ceiling_raw, min_debt_raw)?);
        emit!(self.vm(), IVault::LimitsSet { ceilingRaw: ceiling_raw, minDebtRaw: min_debt_raw });
        Ok(())
    }

    /// Sets the health a liquidation restores and the share of a debt above which all of it is sold. Owner only.
    pub fn set_liquidation_rule(&mut self, target_health_wad: U256, whole_share_bps: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let (target_health, whole_share) =
            bounds::liquidation_rule(target_health_wad, whole_share_bps).map_err(errors::outside)?;
        self.store_rule(target_health, whole_share)?;
        emit!(
            self.vm(),
            IVault::LiquidationRuleSet { targetHealthWad: target_health_wad, wholeShareBps: whole_share_bps },
        );
        Ok(())
    }

    /// Sets the curve of the interest, see `kernel::interest::rate_at`; up to now the old one holds. Owner only.
    pub fn set_rate_curve(
        &mut self,
        base_ray: U256,
        kink_bps: U256,
        slope1_ray: U256,
        slope2_ray: U256,
    ) -> Outcome<()> {
        ownership::require_caller(self)?;
        let curve = bounds::rate_curve(base_ray, kink_bps, slope1_ray, slope2_ray).map_err(errors::outside)?;
        self.accrue()?;
        self.store_rate_curve(&curve)?;
        emit!(
            self.vm(),
            IVault::RateCurveSet { baseRay: base_ray, kinkBps: kink_bps, slope1Ray: slope1_ray, slope2Ray: slope2_ray }
        );
        Ok(())
    }

    /// Names the auction contract, once. Owner only.
    pub fn set_auction(&mut self, auction_contract: Address) -> Outcome<()> {
        ownership::require_caller(self)?;
        errors::require_address(auction_contract)?;
        let auction = address_in(AUCTION.get(self));
        if !auction.is_zero() {
            return Err(refuse!(IVault::AuctionAlreadySet { auction }));
        }
        AUCTION.set(self, word_of(auction_contract));
        emit!(self.vm(), IVault::AuctionSet { auction: auction_contract });
        Ok(())
    }

    /// Gives a new collateral its number and its threshold; answers number, decimals and a total of zero.
    fn list(
        &mut self,
        token: Address,
        threshold_bps: U256,
        ltv_bps: U256,
        penalty_bps: U256,
    ) -> Outcome<(u64, u8, Raw)> {
        let threshold = bounds::ratios(ltv_bps, threshold_bps, penalty_bps).map_err(errors::outside)?.threshold;
        let decimals = self.token_decimals(token)?;
        let (number, now) = (self.new_number(token)?, self.now());
        self.store_ramp(number, &Ramp { from: threshold, to: threshold, start: now, end: now })?;
        self.emit_threshold(token, threshold, threshold, now.widen());
        Ok((number, decimals, Raw::ZERO))
    }

    fn token_decimals(&self, token: Address) -> Outcome<u8> {
        let decimals = token::decimals(self.vm(), token)?;
        if decimals > TOKEN_DECIMALS_MAX {
            let (value, max) = (U256::from(decimals), U256::from(TOKEN_DECIMALS_MAX));
            return Err(errors::outside(OutOfBounds { name: &names::DECIMALS, value, min: U256::ZERO, max }));
        }
        Ok(decimals)
    }

    fn emit_threshold(&self, collateral: Address, from: Bps, to: Bps, ramp_end_secs: U256) {
        emit!(
            self.vm(),
            IVault::ThresholdSet { collateral, fromBps: from.widen(), toBps: to.widen(), rampEndSecs: ramp_end_secs },
        );
    }
}

/// Refuses another threshold than the one that holds or is on its way: thresholds move by `set_threshold` alone.
fn require_target(threshold_bps: U256, target: Bps) -> Outcome<()> {
    let target_bps = target.widen();
    if threshold_bps == target_bps {
        return Ok(());
    }
    Err(errors::outside(OutOfBounds {
        name: &names::THRESHOLD,
        value: threshold_bps,
        min: target_bps,
        max: target_bps,
    }))
}

/// When a ramp that starts now has arrived; `RampTooShort` and `OutOfBounds` where its length is not allowed.
fn end_of_ramp(start: units::Secs, ramp_secs: U256) -> Outcome<units::Secs> {
    let too_short = |outside: OutOfBounds| -> Refusal {
        if ramp_secs < outside.min {
            return refuse!(IVault::RampTooShort { rampSecs: ramp_secs, minSecs: U256::from(RAMP_MIN_SECS) });
        }
        errors::outside(outside)
    };
    let length = bounds::ramp(ramp_secs).map_err(too_short)?;
    Ok(units::Secs::try_narrow(units::try_add(start.widen(), length.widen())?)?)
}
