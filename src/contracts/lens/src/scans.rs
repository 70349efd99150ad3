//! Many vaults at once, as a keeper looks at them.

use alloc::vec::Vec;

use alloy_primitives::U256;
use common::{
    Outcome,
    vault_layout::{CONTENTS, Contents},
};
use kernel::health::HEALTH_MAX;
use stylus_sdk::prelude::*;

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
            slots.push(CONTENTS.at(self.vm(), vault_id));
            ids.push(vault_id);
            vault_id = vault_id.saturating_add(U256::ONE);
        }
        let words = self.words(&slots)?;
        let (mut health_wads, mut ranges) = (Vec::new(), Ranges::default());
        for (vault_id, word) in ids.into_iter().zip(words) {
            let contents = Contents::from_word(word);
            let mut health_wad = HEALTH_MAX;
            if !contents.shares.is_zero() {
                let looked = self.look_at(&mut market, vault_id, contents)?;
                health_wad = self.health_for_sale(&market, &mut ranges, &looked)?.unwrap_or(HEALTH_MAX);
            }
            health_wads.push(health_wad.0);
        }
        Ok(health_wads)
    }
}
