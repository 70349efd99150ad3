//! What is set once and what the owner may set. The bounds are in `kernel::bounds`.

use alloy_primitives::{Address, U256};
use common::{Outcome, ask, emit, ownership, words::word_of};
use interface::{IAuction, IVault};
use kernel::bounds::{self, RawTerms};
use stylus_sdk::prelude::*;
use units::Raw;

use crate::{
    errors,
    storage::{Auction, LIMITS, ORACLE, Reward, VAULT, pack_halves},
};

impl Auction {
    /// Names owner and vault contract; the oracle is the vault's. Until the owner sets limits and terms nothing is sold.
    pub fn constructor(&mut self, owner: Address, vault: Address) -> Outcome<()> {
        ownership::begin(self, owner)?;
        let (oracle,) = ask(self.vm(), vault, IVault::oracleCall {})?;
        VAULT.set(self, word_of(vault));
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
        self.store_terms(collateral, &terms)?;
        emit!(
            self.vm(),
            IAuction::TermsSet {
                collateral,
                curve: raw.curve,
                cutRay: raw.cut_ray,
                stepSecs: raw.step_secs,
                bufferBps: raw.buffer_bps,
                tailSecs: raw.tail_secs,
                cuspBps: raw.cusp_bps,
                floorBps: raw.floor_bps,
                capRaw: raw.cap_raw,
            },
        );
        Ok(())
    }

    /// Sets the keeper's reward: flat, and a share of what is due. Owner only.
    pub fn set_reward(&mut self, flat_raw: U256, share_bps: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let share = bounds::reward_share(share_bps).map_err(errors::outside)?;
        self.store_reward(&Reward {
            flat_raw: Raw(flat_raw),
            share,
        })?;
        emit!(
            self.vm(),
            IAuction::RewardSet {
                flatRaw: flat_raw,
                shareBps: share_bps
            }
        );
        Ok(())
    }

    /// Sets the most that may be due at once, and the least that may be left due. Owner only.
    pub fn set_limits(&mut self, cap_raw: U256, min_due_raw: U256) -> Outcome<()> {
        ownership::require_caller(self)?;
        let word = pack_halves(cap_raw, min_due_raw)?;
        LIMITS.set(self, word);
        emit!(
            self.vm(),
            IAuction::LimitsSet {
                capRaw: cap_raw,
                minDueRaw: min_due_raw
            }
        );
        Ok(())
    }
}
