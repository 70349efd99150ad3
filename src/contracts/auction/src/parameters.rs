//! What is set once, what the owner may set, and the guardian's one right: to stop more. The bounds are in `kernel::bounds`.

use alloy_primitives::{Address, U256};
use common::{
    Outcome, ask, emit, ownership, refuse,
    words::{address_in, word_of},
};
use interface::{IAuction, IVault};
use kernel::{
    bounds::{self, RawTerms},
    incentive::Reward,
    stop::{Act, is_tighter},
};
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::Raw;

use crate::{
    errors,
    storage::{Auction, DEBT_ASSET, GUARDIAN, Limits, ORACLE, Rules},
};

impl Auction {
    /// Names owner and vault contract; oracle and debt asset are the vault's. Until the owner sets limits and terms nothing is sold.
    pub fn constructor(&mut self, owner: Address, vault: Address) -> Outcome<()> {
        ownership::begin(self, owner)?;
        let (oracle,) = ask(self.vm(), vault, IVault::oracleCall {})?;
        let (debt_asset,) = ask(self.vm(), vault, IVault::debtAssetCall {})?;
        self.store_vault(vault);
        DEBT_ASSET.set(self, word_of(debt_asset));
        ORACLE.set(self, word_of(oracle));
        Ok(())
    }

    /// Says how a collateral is sold. Running auctions are not touched. Owner only.
    pub fn set_terms(&mut self, collateral: Address, new_terms: IAuction::Terms) -> Outcome<()> {
        ownership::require_caller(self)?;
        let raw = RawTerms {
            curve: new_terms.curve,
            cut_ray: new_terms.cutRay,
            step_secs: new_terms.stepSecs,
            buffer_bps: new_terms.bufferBps,
            tail_secs: new_terms.tailSecs,
            cusp_bps: new_terms.cuspBps,
            floor_bps: new_terms.floorBps,
            cap_raw: new_terms.capRaw,
        };
        let terms = bounds::terms(&raw).map_err(errors::outside)?;
        let previous_terms = self.terms(collateral).unwrap_or_default();
        self.append_terms(collateral, &terms)?;
        emit!(self.vm(), IAuction::TermsSet { collateral, previousTerms: previous_terms, newTerms: new_terms });
        Ok(())
    }

    /// Sets the keeper's reward of auctions that start from now on: flat, a share of what is due, and the share of the penalty that
    /// all starts of an auction never exceed together. Running auctions are not touched. Owner only.
    pub fn set_reward(&mut self, new_reward: IAuction::Reward) -> Outcome<()> {
        ownership::require_caller(self)?;
        let share = bounds::reward_share(new_reward.shareBps).map_err(errors::outside)?;
        let max_penalty = bounds::penalty_share(new_reward.maxPenaltyBps).map_err(errors::outside)?;
        let previous_reward = self.reward()?;
        let reward = Reward { flat_raw: Raw(new_reward.flatRaw), share, max_penalty };
        self.append_rules(&Rules { reward, ..self.rules_now() })?;
        emit!(self.vm(), IAuction::RewardSet { previousReward: previous_reward, newReward: new_reward });
        Ok(())
    }

    /// Sets the most that may be due at once, and the least that may be left due in auctions that start from now on. Owner only.
    pub fn set_limits(&mut self, cap_raw: U256, min_due_raw: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let (previous_cap_raw, previous_min_due_raw) = self.limits()?;
        let limits = Limits { cap_raw: Raw(cap_raw), ..self.limits_of_all() };
        self.store_limits_of_all(&limits)?;
        if min_due_raw != previous_min_due_raw {
            self.append_rules(&Rules { min_due_raw: Raw(min_due_raw), ..self.rules_now() })?;
        }
        emit!(
            self.vm(),
            IAuction::LimitsSet {
                previousCapRaw: previous_cap_raw,
                capRaw: cap_raw,
                previousMinDueRaw: previous_min_due_raw,
                minDueRaw: min_due_raw,
            },
        );
        Ok(())
    }

    /// Names the guardian; zero names none. Owner only.
    pub fn set_guardian(&mut self, new_guardian: Address) -> Outcome<()> {
        ownership::require_caller(self)?;
        let previous_guardian = address_in(GUARDIAN.get(self));
        GUARDIAN.set(self, word_of(new_guardian));
        emit!(self.vm(), IAuction::GuardianSet { previousGuardian: previous_guardian, newGuardian: new_guardian },);
        Ok(())
    }

    /// Stops sales as far as `level` says. The guardian may only stop more, the owner may do all.
    pub fn set_stop(&mut self, level: U256) -> Outcome<()> {
        let stop = self.stored_stop();
        let previous_level = stop.level;
        let by = self.vm().msg_sender();
        let is_guardians = is_tighter(previous_level, level) && by == address_in(GUARDIAN.get(self));
        if !is_guardians {
            ownership::require_caller(self)?;
        }
        let new_level = bounds::sale_stop(level).map_err(errors::outside)?;
        self.store_stop(&stop.changed(new_level, self.now()))?;
        emit!(
            self.vm(),
            IAuction::StopSet { by, previousLevel: U256::from(previous_level), newLevel: U256::from(new_level) },
        );
        Ok(())
    }

    /// Refuses with `Stopped` where the level stops this act.
    pub(crate) fn require_running(&self, act: Act) -> Outcome<()> {
        let level = self.stored_stop().level;
        if act.is_stopped(level) {
            return Err(refuse!(IAuction::Stopped { level: U256::from(level) }));
        }
        Ok(())
    }
}
