//! What lenders do: bring, take, and pass shares on.

use super::{Handler, Kind, Step, step};
use crate::seen::{LENDERS, Seen};
use alloy_primitives::{Address, B256, U256};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::SolStruct;
use interface::IPool;
use support::{
    System,
    actors::{LENDER, SIGNER},
    permits::{self, CHAIN_ID, Permit},
    system::USD,
};

/// A call of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lending {
    Deposit {
        assets: U256,
        receiver: Address,
    },
    Mint {
        shares: U256,
        receiver: Address,
    },
    Withdraw {
        assets: U256,
        owner: Address,
    },
    Redeem {
        shares: U256,
        owner: Address,
    },
    Transfer {
        to: Address,
        shares: U256,
    },
    TransferFrom {
        owner: Address,
        to: Address,
        shares: U256,
    },
    Approve,
    /// Whether the owner signed exactly this, for now.
    Permit {
        is_signed: bool,
    },
}

impl Lending {
    /// A name to count by.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Deposit { .. } => "lend",
            Self::Mint { .. } => "mint",
            Self::Withdraw { .. } => "take back",
            Self::Redeem { .. } => "redeem",
            Self::Transfer { .. } => "transfer",
            Self::TransferFrom { .. } => "transfer from",
            Self::Approve => "approve",
            Self::Permit { is_signed: true } => "permit",
            Self::Permit { is_signed: false } => "unsigned permit",
        }
    }
}

impl Handler {
    pub(super) fn lend(&mut self, system: &System, seen: &Seen) -> Step {
        let pool = system.at.pool;
        let caller = self.random.pick(&[LENDERS[0], LENDERS[0], LENDERS[1], LENDERS[2], SIGNER]);
        let owner = if self.random.one_in(8) { self.random.pick(&[LENDERS[0], SIGNER]) } else { caller };
        let index = LENDERS.iter().position(|lender| *lender == owner).expect("one of them");
        let to = self.random.pick(&LENDERS);
        let shares = seen.pool.shares[index];
        let part = self.random.part_of(shares.saturating_to::<u128>());
        let some = U256::from(if self.random.one_in(3) { part } else { part / 20 });
        let usd = self.random.part_of(20_000 * USD);
        match self.random.between(0, 11) {
            0..=2 => {
                let assets = U256::from(usd);
                let call = IPool::depositCall { assets, receiver: to };
                step(Kind::Lend(Lending::Deposit { assets, receiver: to }), caller, pool, &call)
            }
            3 | 4 => {
                let shares = U256::from(usd) * U256::from(self.random.between(1, 1_100_000));
                let call = IPool::mintCall { shares, receiver: to };
                step(Kind::Lend(Lending::Mint { shares, receiver: to }), caller, pool, &call)
            }
            5 | 6 => {
                let assets_raw = seen.pool.assets_raw.clone().unwrap_or_default();
                // About what the shares are worth; what the view says is checked against what happens.
                let worth =
                    if seen.pool.supply.is_zero() { U256::ZERO } else { share_of(assets_raw, some, seen.pool.supply) };
                let assets = if self.random.one_in(10) { U256::from(usd) } else { worth };
                let call = IPool::withdrawCall { assets, receiver: to, owner };
                step(Kind::Lend(Lending::Withdraw { assets, owner }), caller, pool, &call)
            }
            7 | 8 => {
                let call = IPool::redeemCall { shares: some, receiver: to, owner };
                step(Kind::Lend(Lending::Redeem { shares: some, owner }), caller, pool, &call)
            }
            9 => {
                let call = IPool::transferCall { to, value: some };
                step(Kind::Lend(Lending::Transfer { to, shares: some }), caller, pool, &call)
            }
            10 => {
                let call = IPool::transferFromCall { from: owner, to, value: some };
                step(Kind::Lend(Lending::TransferFrom { owner, to, shares: some }), caller, pool, &call)
            }
            _ if self.random.one_in(3) => self.permit(system, seen, owner, some),
            _ => {
                let value = if self.random.one_in(3) { U256::MAX } else { some };
                let call = IPool::approveCall { spender: LENDERS[1], value };
                step(Kind::Lend(Lending::Approve), LENDER, pool, &call)
            }
        }
    }
}

impl Handler {
    /// A permit of the actor who signs; or one that nobody signed, or that was signed for something else or for then.
    fn permit(&mut self, system: &System, seen: &Seen, other: Address, value: U256) -> Step {
        let spender = LENDERS[1];
        let (late, is_used) = (self.random.one_in(6), self.random.one_in(6));
        let deadline = if late { U256::from(seen.time_secs - 1) } else { U256::from(seen.time_secs) };
        let nonce = if is_used { seen.pool.nonce + U256::ONE } else { seen.pool.nonce };
        let message = Permit { owner: SIGNER, spender, value, nonce, deadline };
        let domain = permits::domain("Spillway Pool", system.at.pool, CHAIN_ID);
        let key = PrivateKeySigner::from_bytes(&B256::repeat_byte(7)).expect("a key");
        let signature = key.sign_hash_sync(&message.eip712_signing_hash(&domain)).expect("signed");
        let is_others = self.random.one_in(4) && other != SIGNER;
        let call = IPool::permitCall {
            owner: if is_others { other } else { SIGNER },
            spender,
            value,
            deadline,
            v: 27 + u8::from(signature.v()),
            r: signature.r().into(),
            s: signature.s().into(),
        };
        let is_signed = !late && !is_used && !is_others;
        step(Kind::Lend(Lending::Permit { is_signed }), spender, system.at.pool, &call)
    }
}

fn share_of(assets_raw: U256, shares: U256, supply: U256) -> U256 {
    let wide = alloy_primitives::Uint::<512, 8>::from(assets_raw) * alloy_primitives::Uint::<512, 8>::from(shares);
    (wide / alloy_primitives::Uint::<512, 8>::from(supply)).saturating_to()
}
