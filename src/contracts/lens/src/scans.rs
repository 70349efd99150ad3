//! Many vaults at once, as a keeper looks at them.

use alloc::vec::Vec;

use alloy_primitives::U256;
use common::{
    Outcome,
    vault_layout::{HEADS, SHARES},
};
use kernel::health::HEALTH_MAX;
use stylus_sdk::prelude::*;
use units::Shares;

use crate::{ranges::Ranges, storage::Lens};

impl Lens {
    /// The health factors of up to `limit` vaults from number `first_id` on, as wads; the largest number for a vault without debt, and for
    /// one whose assets have no price a sale may start on, which cannot be sold now.
    pub fn health_factors(&self, first_id: U256, limit: U256) -> Outcome<Vec<U256>> {
        let mut market = self.market()?;
        let count = market.counts.vaults.saturating_add(U256::ONE).saturating_sub(first_id.max(U256::ONE)).min(limit);
        let (mut ids, mut slots) = (Vec::new(), Vec::new());
        let mut vault_id = first_id.max(U256::ONE);
        for _ in 0..count.saturating_to::<u64>() {
            slots.extend([HEADS.at(self.vm(), vault_id), SHARES.at(self.vm(), vault_id)]);
            ids.push(vault_id);
            vault_id = vault_id.saturating_add(U256::ONE);
        }
        let words = self.words(&slots)?;
        let (mut health_wads, mut ranges) = (Vec::new(), Ranges::default());
        for (vault_id, words) in ids.into_iter().zip(words.chunks_exact(2)) {
            let health_wad = match *words {
                [head, shares] if !shares.is_zero() => {
                    let looked = self.look_at(&mut market, vault_id, head, Shares(shares))?;
                    self.health_for_sale(&market, &mut ranges, &looked)?.unwrap_or(HEALTH_MAX)
                }
                _ => HEALTH_MAX,
            };
            health_wads.push(health_wad.0);
        }
        Ok(health_wads)
    }
}
