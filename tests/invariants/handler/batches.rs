//! Several calls of the vault contract in one transaction.

use super::{Handler, Kind, Step, step, vault_at};
use crate::seen::Seen;
use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolCall;
use interface::IVault;
use support::{System, actors::STRANGER, system::USD};

impl Handler {
    /// Two to four calls on one vault, in any order, now and then one of them inside another.
    pub(super) fn several(&mut self, system: &System, seen: &Seen) -> Step {
        let (vault_id, caller) = self.vault(seen);
        let mut calls = Vec::new();
        let mut kinds = Vec::new();
        for _ in 0..self.random.between(2, 4) {
            let (call, kind) = self.part(system, seen, vault_id);
            let is_nested = self.random.one_in(8);
            calls.push(if is_nested { IVault::multicallCall { calls: vec![call] }.abi_encode().into() } else { call });
            kinds.push(kind);
        }
        let call = IVault::multicallCall { calls };
        step(Kind::Several { vault_id, calls: kinds }, caller, system.at.vault, &call)
    }

    fn part(&mut self, system: &System, seen: &Seen, vault_id: U256) -> (Bytes, Kind) {
        let (asset, index, whole) = self.asset(system);
        let vault = vault_at(seen, vault_id);
        let owner = vault.map_or(STRANGER, |vault| vault.owner);
        let (call, kind) = match self.random.between(0, 9) {
            0..=2 => {
                let amount_raw = U256::from(self.random.part_of(whole));
                let call = IVault::depositCall { vaultId: vault_id, collateral: asset.token, amountRaw: amount_raw };
                (call.abi_encode(), Kind::Deposit)
            }
            3 => {
                let held_raw = vault.map_or(0, |vault| vault.held_raw[index].to::<u128>());
                let amount_raw = U256::from(self.random.part_of(held_raw / 4));
                let call = IVault::withdrawCall {
                    vaultId: vault_id,
                    collateral: asset.token,
                    amountRaw: amount_raw,
                    to: owner,
                };
                (call.abi_encode(), Kind::Withdraw { vault_id, index, amount_raw })
            }
            4..=6 => {
                let amount_raw = U256::from(self.random.part_of(2_000 * USD));
                let call = IVault::borrowCall { vaultId: vault_id, amountRaw: amount_raw, to: owner };
                (call.abi_encode(), Kind::Borrow { vault_id })
            }
            7 => {
                let owed_raw = vault.map_or(0, |vault| vault.debt_raw.to::<u128>());
                let amount_raw = U256::from(self.random.part_of(owed_raw));
                let call = IVault::repayCall { vaultId: vault_id, amountRaw: amount_raw };
                (call.abi_encode(), Kind::Repay { vault_id, amount_raw })
            }
            8 => {
                let operator = self.random.pick(&super::OPERATORS);
                let call = IVault::setOperatorCall { vaultId: vault_id, operator, allowed: !self.random.one_in(4) };
                (call.abi_encode(), Kind::Operator)
            }
            _ => (IVault::accrueCall {}.abi_encode(), Kind::Accrue),
        };
        (call.into(), kind)
    }
}
