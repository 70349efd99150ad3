//! The shares as a token: ERC-20, with the refusals of ERC-6093.

use alloy_primitives::{Address, U256};
use common::{Outcome, emit, refuse};
use interface::IPool;
use stylus_sdk::{prelude::*, stylus_core::MessageAccess};
use units::Shares;

use crate::{errors, storage::Pool};

impl Pool {
    /// Lets `spender` take up to `value` of the caller's shares. The largest number is without end.
    pub fn approve(&mut self, spender: Address, value: U256) -> Outcome<bool> {
        let owner = self.vm().msg_sender();
        self.allow(owner, spender, Shares(value))?;
        Ok(true)
    }

    /// Gives `value` of the caller's shares to `to`.
    pub fn transfer(&mut self, to: Address, value: U256) -> Outcome<bool> {
        let sender = self.vm().msg_sender();
        self.pass_on(sender, to, Shares(value))?;
        Ok(true)
    }

    /// Gives `value` of the shares of `from` to `to`, as far as the caller may take them.
    pub fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Outcome<bool> {
        let spender = self.vm().msg_sender();
        self.spend_allowance(from, spender, Shares(value))?;
        self.pass_on(from, to, Shares(value))?;
        Ok(true)
    }

    /// Sets what `spender` may take of the owner's shares.
    pub(crate) fn allow(&mut self, owner: Address, spender: Address, shares: Shares) -> Outcome<()> {
        if owner.is_zero() {
            return Err(refuse!(IPool::ERC20InvalidApprover { approver: owner }));
        }
        if spender.is_zero() {
            return Err(refuse!(IPool::ERC20InvalidSpender { spender }));
        }
        self.store_allowed(owner, spender, shares);
        emit!(self.vm(), IPool::Approval { owner, spender, value: shares });
        Ok(())
    }

    /// Takes `shares` from what `spender` may take, unless that is without end. No event: the transfer says it.
    pub(crate) fn spend_allowance(&mut self, owner: Address, spender: Address, shares: Shares) -> Outcome<()> {
        let allowance = self.allowed(owner, spender);
        if allowance == Shares::MAX {
            return Ok(());
        }
        let Ok(left) = allowance.try_sub(shares) else {
            return Err(refuse!(IPool::ERC20InsufficientAllowance { spender, allowance, needed: shares }));
        };
        self.store_allowed(owner, spender, left);
        Ok(())
    }

    /// New shares for `to`. Nobody has more shares than there are, so only their number can leave the range.
    pub(crate) fn issue(&mut self, to: Address, shares: Shares) -> Outcome<()> {
        let supply = self.supply().try_add(shares)?;
        self.store_supply(supply);
        self.credit(to, shares)?;
        emit!(self.vm(), IPool::Transfer { from: Address::ZERO, to, value: shares });
        Ok(())
    }

    /// Takes shares of `from` out of the world.
    pub(crate) fn burn(&mut self, from: Address, shares: Shares) -> Outcome<()> {
        self.debit(from, shares)?;
        let supply = self.supply().try_sub(shares)?;
        self.store_supply(supply);
        emit!(self.vm(), IPool::Transfer { from, to: Address::ZERO, value: shares });
        Ok(())
    }

    fn pass_on(&mut self, from: Address, to: Address, shares: Shares) -> Outcome<()> {
        if from.is_zero() {
            return Err(refuse!(IPool::ERC20InvalidSender { sender: from }));
        }
        errors::require_receiver(to)?;
        self.debit(from, shares)?;
        self.credit(to, shares)?;
        emit!(self.vm(), IPool::Transfer { from, to, value: shares });
        Ok(())
    }

    fn debit(&mut self, from: Address, shares: Shares) -> Outcome<()> {
        let balance = self.balance(from);
        let Ok(left) = balance.try_sub(shares) else {
            return Err(refuse!(IPool::ERC20InsufficientBalance { sender: from, balance, needed: shares }));
        };
        self.store_balance(from, left);
        Ok(())
    }

    fn credit(&mut self, to: Address, shares: Shares) -> Outcome<()> {
        let balance = self.balance(to).try_add(shares)?;
        self.store_balance(to, balance);
        Ok(())
    }
}
