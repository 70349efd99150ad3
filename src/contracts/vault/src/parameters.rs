//! What is set once and what the owner may set. The bounds are in `kernel::bounds`.

use alloy_primitives::{Address, U256};
use common::{
    Outcome, Refusal,
    call::require_code,
    emit, ownership, refuse, token,
    vault_layout::{Lent, Listing, POOL, Pricing, RESERVE, Selling, Sizing, Supply},
    words::word_of,
};
use interface::IVault;
use kernel::{
    books::Books,
    bounds::{self, OutOfBounds, RAMP_MIN_SECS, RawRateCurve, TOKEN_DECIMALS_MAX, names},
    interest::YearlyCurve,
    ramp::Ramp,
};
use stylus_sdk::prelude::*;
use units::{Bps, Raw, Secs, WAD_PER_BPS, Wad, try_mul};

use crate::{errors, storage::Vault, views::curve_to_abi};

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
        self.store_lent(&Lent { asset: debt_asset, decimals, min_debt_raw: Raw::ZERO })?;
        self.store_pricing(&Pricing { oracle, ceiling_raw: Raw::ZERO })?;
        let target_health_wad = Wad(try_mul(U256::from(TARGET_HEALTH_BPS), WAD_PER_BPS)?);
        self.store_sizing(&Sizing { bad_debt_raw: Raw::ZERO, target_health_wad, whole_share: WHOLE_SHARE })?;
        self.store_curve(&YearlyCurve::NONE)?;
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
        let before = self.supply_if_listed(token);
        let listing = if before.number == 0 {
            Listing { token, ltv: Bps(0), penalty: Bps(0), decimals: 0, target: Bps(0), ramp_end: self.now() }
        } else {
            let listing = self.listing(before.number);
            require_target(threshold_bps, listing.target)?;
            // While the threshold falls, penalty and threshold must fit at both ends of the ramp, LTV at the lower.
            let threshold_now_bps = self.threshold_now(before.number, &listing)?.widen();
            bounds::ratios(U256::ZERO, threshold_now_bps, penalty_bps).map_err(errors::outside)?;
            listing
        };
        let ratios = bounds::ratios(ltv_bps, threshold_bps, penalty_bps).map_err(errors::outside)?;
        let mut changed = Listing { ltv: ratios.ltv, penalty: ratios.penalty, target: ratios.threshold, ..listing };
        let mut number = before.number;
        if number == 0 {
            changed.decimals = self.token_decimals(token)?;
            number = self.new_number()?;
            self.emit_threshold(token, ratios.threshold, ratios.threshold, changed.ramp_end);
        }
        self.store_listing(number, &changed)?;
        self.store_supply(token, &Supply { number, cap_raw: Raw(cap_raw), total_raw: before.total_raw })?;
        emit!(
            self.vm(),
            IVault::CollateralSet {
                collateral: token,
                previousLtvBps: listing.ltv.widen(),
                ltvBps: ltv_bps,
                previousPenaltyBps: listing.penalty.widen(),
                penaltyBps: penalty_bps,
                previousCapRaw: before.cap_raw,
                capRaw: cap_raw,
            },
        );
        Ok(())
    }

    /// Moves a liquidation threshold: up at once, down by a linear ramp of at least one day. Owner only.
    pub fn set_threshold(&mut self, token: Address, threshold_bps: U256, ramp_secs: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let number = self.supply(token)?.number;
        let mut listing = self.listing(number);
        let to = bounds::threshold(threshold_bps, listing.ltv, listing.penalty).map_err(errors::outside)?;
        let (from, start) = (self.threshold_now(number, &listing)?, self.now());
        let end = if to < from { end_of_ramp(start, ramp_secs)? } else { start };
        listing.target = to;
        listing.ramp_end = end;
        self.store_listing(number, &listing)?;
        self.store_ramp(number, &Ramp { from, to, start, end })?;
        self.emit_threshold(token, from, to, end);
        Ok(())
    }

    /// Sets the most that all vaults may owe together after a loan, debt on auction not counted, and the least a vault may owe. Owner only.
    pub fn set_limits(&mut self, ceiling_raw: U256, min_debt_raw: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let (mut pricing, mut lent) = (self.pricing(), self.lent());
        emit!(
            self.vm(),
            IVault::LimitsSet {
                previousCeilingRaw: pricing.ceiling_raw,
                ceilingRaw: ceiling_raw,
                previousMinDebtRaw: lent.min_debt_raw,
                minDebtRaw: min_debt_raw,
            },
        );
        pricing.ceiling_raw = Raw(ceiling_raw);
        lent.min_debt_raw = Raw(min_debt_raw);
        self.store_pricing(&pricing)?;
        Ok(self.store_lent(&lent)?)
    }

    /// Sets the health a liquidation restores and the share of a debt above which all of it is sold. Owner only.
    pub fn set_liquidation_rule(&mut self, target_health_wad: U256, whole_share_bps: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let (target_health, whole_share) =
            bounds::liquidation_rule(target_health_wad, whole_share_bps).map_err(errors::outside)?;
        let before = self.sizing();
        self.store_sizing(&Sizing { target_health_wad: target_health, whole_share, ..before })?;
        emit!(
            self.vm(),
            IVault::LiquidationRuleSet {
                previousTargetHealthWad: before.target_health_wad,
                targetHealthWad: target_health_wad,
                previousWholeShareBps: before.whole_share.widen(),
                wholeShareBps: whole_share_bps,
            },
        );
        Ok(())
    }

    /// Sets the curve of the interest, see `kernel::interest::rate_at`, and the surplus' share; up to now the old one holds.
    /// Owner only.
    pub fn set_rate_curve(&mut self, new_curve: IVault::RateCurve) -> Outcome<()> {
        ownership::require_caller(self)?;
        let curve = bounds::rate_curve(&RawRateCurve {
            base_yearly_bps: new_curve.baseYearlyBps,
            kink_percent: new_curve.kinkPercent,
            slope1_yearly_bps: new_curve.slope1YearlyBps,
            slope2_yearly_bps: new_curve.slope2YearlyBps,
            reserve_bps: new_curve.reserveBps,
        })
        .map_err(errors::outside)?;
        self.accrue()?;
        let previous_curve = curve_to_abi(&self.stored_curve());
        self.store_curve(&curve)?;
        emit!(self.vm(), IVault::RateCurveSet { previousCurve: previous_curve, newCurve: new_curve });
        Ok(())
    }

    /// Names the auction, the pool and the reserve contract, once and all together. Owner only.
    pub fn set_modules(
        &mut self,
        auction_contract: Address,
        pool_contract: Address,
        reserve_contract: Address,
    ) -> Outcome<()> {
        ownership::require_caller(self)?;
        for module in [auction_contract, pool_contract, reserve_contract] {
            errors::require_address(module)?;
        }
        let (auction, pool, reserve) = self.modules()?;
        if !auction.is_zero() {
            return Err(refuse!(IVault::ModulesAlreadySet { auction, pool, reserve }));
        }
        self.store_selling(&Selling { auction: auction_contract, ..self.selling() })?;
        POOL.set(self, word_of(pool_contract));
        RESERVE.set(self, word_of(reserve_contract));
        emit!(
            self.vm(),
            IVault::ModulesSet { auction: auction_contract, pool: pool_contract, reserve: reserve_contract }
        );
        Ok(())
    }

    fn token_decimals(&self, token: Address) -> Outcome<u8> {
        let decimals = token::decimals(self.vm(), token)?;
        if decimals > TOKEN_DECIMALS_MAX {
            let (value, max) = (U256::from(decimals), U256::from(TOKEN_DECIMALS_MAX));
            return Err(errors::outside(OutOfBounds { name: &names::DECIMALS, value, min: U256::ZERO, max }));
        }
        Ok(decimals)
    }

    fn emit_threshold(&self, collateral: Address, from: Bps, to: Bps, ramp_end: Secs) {
        emit!(
            self.vm(),
            IVault::ThresholdSet { collateral, fromBps: from.widen(), toBps: to.widen(), rampEndSecs: ramp_end },
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
fn end_of_ramp(start: Secs, ramp_secs: U256) -> Outcome<Secs> {
    let too_short = |outside: OutOfBounds| -> Refusal {
        if ramp_secs < outside.min {
            return refuse!(IVault::RampTooShort { rampSecs: ramp_secs, minSecs: U256::from(RAMP_MIN_SECS) });
        }
        errors::outside(outside)
    };
    let length = bounds::ramp(ramp_secs).map_err(too_short)?;
    Ok(Secs::try_narrow(units::try_add(start.widen(), length.widen())?)?)
}
