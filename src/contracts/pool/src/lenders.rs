//! What lenders do: bring the debt asset for shares, give shares up for the debt asset.
//!
//! The assets go straight from the lender to the vault contract and from there to the receiver. A change is decided, stored and emitted
//! before anybody is called, so a token that calls back finds it done, and the lock closed.

use alloy_primitives::{Address, U256};
use common::{Outcome, emit, refuse, tell, token};
use interface::{IPool, IVault};
use kernel::shares::limits::{max_deposit, max_mint, max_redeem, max_withdraw};
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::{Raw, Shares};

use crate::{errors, quotes::Standing, storage::Pool};

impl Pool {
    /// Brings `assets`; the shares they are worth, rounded down, go to `receiver`.
    pub fn deposit(&mut self, assets: U256, receiver: Address) -> Outcome<U256> {
        errors::require_amount(assets)?;
        let Standing { fund, loss_raw, .. } = self.standing()?;
        let max = max_deposit(&fund, self.cap(), loss_raw);
        if Raw(assets) > max {
            return Err(refuse!(IPool::ERC4626ExceededMaxDeposit { receiver, assets, max }));
        }
        let shares = fund.issue(Raw(assets)).map_err(|refusal| errors::shares(refusal, assets))?;
        self.bring(receiver, assets, shares)?;
        Ok(shares.0)
    }

    /// Brings what `shares` cost, rounded up; they go to `receiver`.
    pub fn mint(&mut self, shares: U256, receiver: Address) -> Outcome<U256> {
        errors::require_amount(shares)?;
        let Standing { fund, loss_raw, .. } = self.standing()?;
        let max = max_mint(&fund, self.cap(), loss_raw);
        if Shares(shares) > max {
            return Err(refuse!(IPool::ERC4626ExceededMaxMint { receiver, shares, max }));
        }
        let assets = fund.assets_up(Shares(shares))?.0;
        self.bring(receiver, assets, Shares(shares))?;
        Ok(assets)
    }

    /// Pays `assets` to `receiver` for what they cost of the owner's shares, rounded up.
    pub fn withdraw(&mut self, assets: U256, receiver: Address, owner: Address) -> Outcome<U256> {
        errors::require_amount(assets)?;
        let standing = self.standing()?;
        let max = max_withdraw(&standing.fund, self.balance(owner), standing.cash_raw)?;
        if Raw(assets) > max {
            return Err(refuse!(IPool::ERC4626ExceededMaxWithdraw { owner, assets, max }));
        }
        let shares = standing.fund.shares_up(Raw(assets))?;
        self.take(owner, receiver, assets, shares)?;
        Ok(shares.0)
    }

    /// Pays what `shares` of the owner's are worth, rounded down, to `receiver`.
    pub fn redeem(&mut self, shares: U256, receiver: Address, owner: Address) -> Outcome<U256> {
        errors::require_amount(shares)?;
        let standing = self.standing()?;
        let max = max_redeem(&standing.fund, self.balance(owner), standing.cash_raw)?;
        if Shares(shares) > max {
            return Err(refuse!(IPool::ERC4626ExceededMaxRedeem { owner, shares, max }));
        }
        let assets = standing.fund.release(Shares(shares)).map_err(|refusal| errors::shares(refusal, shares))?.0;
        self.take(owner, receiver, assets, Shares(shares))?;
        Ok(assets)
    }

    fn bring(&mut self, receiver: Address, assets: U256, shares: Shares) -> Outcome<()> {
        errors::require_receiver(receiver)?;
        self.issue(receiver, shares)?;
        let sender = self.vm().msg_sender();
        emit!(self.vm(), IPool::Deposit { sender, owner: receiver, assets, shares });
        let vault = self.vault_address();
        token::pull_to(self.vm(), self.asset_address(), sender, vault, assets)?;
        tell(self.vm(), vault, IVault::fundCall { amountRaw: assets })
    }

    fn take(&mut self, owner: Address, receiver: Address, assets: U256, shares: Shares) -> Outcome<()> {
        let sender = self.vm().msg_sender();
        if sender != owner {
            self.spend_allowance(owner, sender, shares)?;
        }
        self.burn(owner, shares)?;
        emit!(self.vm(), IPool::Withdraw { sender, receiver, owner, assets, shares });
        tell(self.vm(), self.vault_address(), IVault::defundCall { amountRaw: assets, to: receiver })
    }
}
