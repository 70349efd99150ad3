//! What is set once, and what the owner may set. The bounds are in `kernel::bounds::reserve`.

use alloy_primitives::Address;
use common::{
    Outcome, ask, emit, ownership, refuse,
    words::{address_in, word_of},
};
use interface::{IReserve, IVault};
use kernel::bounds::reserve::{FIRST_RULES, RawRules, rules};
use stylus_sdk::{prelude::*, stylus_core::AccountAccess};
use units::Raw;

use crate::{
    errors,
    storage::{Reserve, TREASURY},
};

impl Reserve {
    /// Names owner and vault contract; the asset is the vault's debt asset. Until the owner sets rules nothing is distributed.
    pub fn constructor(&mut self, owner: Address, vault: Address) -> Outcome<()> {
        ownership::begin(self, owner)?;
        let (debt_asset,) = ask(self.vm(), vault, IVault::debtAssetCall {})?;
        self.store_vault(vault, debt_asset);
        Ok(self.store_rules(&FIRST_RULES)?)
    }

    /// Sets the rules. What drips, and who has announced to leave, goes on as it began. Owner only.
    pub fn set_rules(&mut self, new_rules: IReserve::Rules) -> Outcome<()> {
        ownership::require_caller(self)?;
        let raw = RawRules {
            buffer_raw: new_rules.bufferRaw,
            stakers_bps: new_rules.stakersBps,
            drip_secs: new_rules.dripSecs,
            cooldown_secs: new_rules.cooldownSecs,
            window_secs: new_rules.windowSecs,
            patience_secs: new_rules.patienceSecs,
        };
        let checked = rules(&raw).map_err(errors::outside)?;
        let previous_rules = self.rules_as_abi();
        self.store_rules(&checked)?;
        // What distributions kept is divided by the new rules.
        self.store_kept(Raw::ZERO)?;
        emit!(self.vm(), IReserve::RulesSet { previousRules: previous_rules, newRules: new_rules });
        Ok(())
    }

    /// Names who gets what the stakers do not; zero names nobody, and none of the system's own contracts can be named. Owner only.
    pub fn set_treasury(&mut self, new_treasury: Address) -> Outcome<()> {
        ownership::require_caller(self)?;
        self.require_outside(new_treasury)?;
        let previous_treasury = address_in(TREASURY.get(self));
        TREASURY.set(self, word_of(new_treasury));
        self.store_kept(Raw::ZERO)?;
        emit!(self.vm(), IReserve::TreasurySet { previousTreasury: previous_treasury, newTreasury: new_treasury },);
        Ok(())
    }

    /// What a distribution sends to one of the system's own contracts would stand in nobody's books.
    fn require_outside(&self, treasury: Address) -> Outcome<()> {
        let vault = self.vault_address();
        let (auction, pool, reserve) = ask(self.vm(), vault, IVault::modulesCall {})?;
        let inside = [vault, auction, pool, reserve, self.vm().contract_address()];
        if !treasury.is_zero() && inside.contains(&treasury) {
            return Err(refuse!(IReserve::TreasuryInSystem { treasury }));
        }
        Ok(())
    }

    pub(crate) fn rules_as_abi(&self) -> IReserve::Rules {
        let rules = self.stored_rules();
        IReserve::Rules {
            bufferRaw: rules.buffer_raw.0,
            stakersBps: rules.stakers.widen(),
            dripSecs: rules.drip.widen(),
            cooldownSecs: rules.cooldown.widen(),
            windowSecs: rules.window.widen(),
            patienceSecs: rules.patience.widen(),
        }
    }
}
