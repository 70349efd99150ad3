//! Round trips: there and back, nobody ends with more than it began with.

use super::{Play, met};
use alloy_primitives::{Address, U256};
use interface::IPool;

/// A round trip that must gain nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Trip {
    DepositRedeem,
    DepositWithdraw,
    MintRedeem,
    MintWithdraw,
    RedeemDeposit,
    RedeemMint,
    WithdrawDeposit,
    WithdrawMint,
}

pub(super) const TRIPS: [Trip; 8] = [
    Trip::DepositRedeem,
    Trip::DepositWithdraw,
    Trip::MintRedeem,
    Trip::MintWithdraw,
    Trip::RedeemDeposit,
    Trip::RedeemMint,
    Trip::WithdrawDeposit,
    Trip::WithdrawMint,
];

/// What a leg moved.
struct Leg {
    assets: U256,
    shares: U256,
}

impl Play {
    /// Makes the trip; it is counted where both legs were possible.
    pub(super) fn trip(&mut self, lender: Address, kind: usize, amount: U256) {
        let trip = TRIPS[kind];
        let there = match trip {
            Trip::DepositRedeem | Trip::DepositWithdraw => self.deposit_of(lender, amount),
            Trip::MintRedeem | Trip::MintWithdraw => self.mint_of(lender, amount),
            Trip::RedeemDeposit | Trip::RedeemMint => self.redeem_of(lender, amount),
            Trip::WithdrawDeposit | Trip::WithdrawMint => self.withdraw_of(lender, amount),
        };
        let Some(Leg { assets, shares }) = there else {
            return;
        };
        let is_no_gain = match trip {
            Trip::DepositRedeem | Trip::MintRedeem => self.redeem_back(lender, shares).map(|got| got <= assets),
            Trip::DepositWithdraw | Trip::MintWithdraw => self.withdraw_back(lender, assets).map(|cost| cost >= shares),
            Trip::RedeemDeposit | Trip::WithdrawDeposit => self.deposit_back(lender, assets).map(|got| got <= shares),
            Trip::RedeemMint | Trip::WithdrawMint => self.mint_back(lender, shares).map(|cost| cost >= assets),
        };
        if let Some(is_no_gain) = is_no_gain {
            assert!(is_no_gain, "{trip:?} of {amount}");
            met(|met| met.trips[kind] += 1);
        }
    }

    fn deposit_of(&mut self, lender: Address, amount: U256) -> Option<Leg> {
        let assets = amount.min(self.ask(&IPool::maxDepositCall { receiver: lender }));
        let shares = self.deposit_back(lender, assets)?;
        Some(Leg { assets, shares })
    }

    fn mint_of(&mut self, lender: Address, amount: U256) -> Option<Leg> {
        let shares = self.ask(&IPool::convertToSharesCall { assets: amount }) + U256::ONE;
        let assets = self.mint_back(lender, shares)?;
        Some(Leg { assets, shares })
    }

    fn redeem_of(&mut self, owner: Address, amount: U256) -> Option<Leg> {
        let shares = self.ask(&IPool::convertToSharesCall { assets: amount });
        let shares = shares.min(self.ask(&IPool::maxRedeemCall { owner }));
        let assets = self.redeem_back(owner, shares)?;
        Some(Leg { assets, shares })
    }

    fn withdraw_of(&mut self, owner: Address, amount: U256) -> Option<Leg> {
        let assets = amount.min(self.ask(&IPool::maxWithdrawCall { owner }));
        let shares = self.withdraw_back(owner, assets)?;
        Some(Leg { assets, shares })
    }

    /// The shares, where so much may be brought and is worth any.
    fn deposit_back(&mut self, receiver: Address, assets: U256) -> Option<U256> {
        let is_possible = assets <= self.ask(&IPool::maxDepositCall { receiver })
            && !self.ask(&IPool::previewDepositCall { assets }).is_zero();
        is_possible.then(|| self.send(receiver, &IPool::depositCall { assets, receiver }))
    }

    /// The assets, where so many may be bought.
    fn mint_back(&mut self, receiver: Address, shares: U256) -> Option<U256> {
        let is_possible = shares <= self.ask(&IPool::maxMintCall { receiver });
        is_possible.then(|| self.send(receiver, &IPool::mintCall { shares, receiver }))
    }

    /// The assets, where the shares are worth any. Whoever has just brought what they cost is paid.
    fn redeem_back(&mut self, owner: Address, shares: U256) -> Option<U256> {
        let is_possible = !self.ask(&IPool::previewRedeemCall { shares }).is_zero();
        is_possible.then(|| self.send(owner, &IPool::redeemCall { shares, receiver: owner, owner }))
    }

    /// The shares, where so much can be had.
    fn withdraw_back(&mut self, owner: Address, assets: U256) -> Option<U256> {
        let is_possible = !assets.is_zero() && assets <= self.ask(&IPool::maxWithdrawCall { owner });
        is_possible.then(|| self.send(owner, &IPool::withdrawCall { assets, receiver: owner, owner }))
    }
}
