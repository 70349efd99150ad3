//! Who may act for a vault: its owner, the operators the owner names, and how a vault changes hands.

use alloy_primitives::{Address, U256};
use common::{
    Outcome, emit, refuse,
    vault_layout::{Contents, Head, OFFERS, OPERATORS, operator_key},
    words::{address_in, word_of},
};
use interface::IVault;
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::try_add;

use crate::{errors, storage::Vault};

impl Vault {
    /// Lets an operator withdraw and borrow for the caller's vault, or ends that. Owner of the vault only.
    pub fn set_operator(&mut self, vault_id: U256, operator: Address, allowed: bool) -> Outcome<()> {
        errors::require_address(operator)?;
        let head = self.own_head(vault_id)?;
        OPERATORS.set(self, operator_key(vault_id, head.transfers, operator)?, U256::from(allowed));
        emit!(self.vm(), IVault::OperatorSet { vaultId: vault_id, operator, allowed });
        Ok(())
    }

    /// Offers the caller's vault to somebody; zero withdraws an offer. Owner of the vault only.
    pub fn offer_vault(&mut self, vault_id: U256, to: Address) -> Outcome<()> {
        let owner = self.own_head(vault_id)?.owner;
        OFFERS.set(self, vault_id, word_of(to));
        emit!(self.vm(), IVault::VaultOffered { vaultId: vault_id, owner, to });
        Ok(())
    }

    /// Makes the caller the owner of a vault that was offered to it. The vault's operators are no longer that.
    pub fn accept_vault(&mut self, vault_id: U256) -> Outcome<()> {
        let mut head = self.head(vault_id)?;
        let (from, to, offered_to) = (head.owner, self.vm().msg_sender(), address_in(OFFERS.get(self, vault_id)));
        if to != offered_to {
            return Err(refuse!(IVault::NotOffered { caller: to, vaultId: vault_id, offeredTo: offered_to }));
        }
        OFFERS.set(self, vault_id, U256::ZERO);
        head.owner = to;
        // Operators are kept under this number, so that those of earlier owners need not be looked for.
        head.transfers = try_add(head.transfers, U256::ONE)?;
        self.store_head(vault_id, &head)?;
        emit!(self.vm(), IVault::VaultTransferred { vaultId: vault_id, from, to });
        Ok(())
    }

    /// Whether somebody may withdraw and borrow for the vault's owner.
    pub fn is_operator(&self, vault_id: U256, operator: Address) -> Outcome<bool> {
        let head = self.head(vault_id)?;
        self.is_operator_of(vault_id, &head, operator)
    }

    /// To whom a vault is offered; zero for nobody.
    pub fn offered_to(&self, vault_id: U256) -> Outcome<Address> {
        self.head(vault_id)?;
        Ok(address_in(OFFERS.get(self, vault_id)))
    }

    /// The head of the caller's own vault; `NotVaultOwner` where it is somebody else's.
    fn own_head(&self, vault_id: U256) -> Outcome<Head> {
        let (head, caller) = (self.head(vault_id)?, self.vm().msg_sender());
        if head.owner == caller { Ok(head) } else { Err(refuse!(IVault::NotVaultOwner { caller, vaultId: vault_id })) }
    }

    /// Refuses with `NotVaultOwner` where the caller neither owns a vault nor is an operator of it.
    pub(crate) fn require_acting(&self, vault_id: U256) -> Outcome<()> {
        let (head, caller) = (self.head(vault_id)?, self.vm().msg_sender());
        if head.owner == caller || self.is_operator_of(vault_id, &head, caller)? {
            return Ok(());
        }
        Err(refuse!(IVault::NotVaultOwner { caller, vaultId: vault_id }))
    }

    /// The contents of a vault from which the caller may take: its own or one it is an operator of, with no lot on sale. What a
    /// sale does not bring is owed by the vault again, so what it holds besides must still be there then.
    pub(crate) fn acting_contents(&self, vault_id: U256) -> Outcome<Contents> {
        self.require_acting(vault_id)?;
        let contents = self.contents(vault_id)?;
        if contents.sales != 0 {
            return Err(refuse!(IVault::OnSale { vaultId: vault_id, lots: U256::from(contents.sales) }));
        }
        Ok(contents)
    }

    fn is_operator_of(&self, vault_id: U256, head: &Head, operator: Address) -> Outcome<bool> {
        Ok(!OPERATORS.get(self, operator_key(vault_id, head.transfers, operator)?).is_zero())
    }
}
