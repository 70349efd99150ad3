//! What the owner may do, and what nobody may: parameters within and outside of their bounds, and calls that are another's.

use super::{Handler, Kind, Step, step};
use crate::seen::Seen;
use alloy_primitives::U256;
use interface::{IAuction, IOracle, IPool, IReserve, IShared, IVault};
use support::{
    System,
    actors::{BUYER, OWNER, STRANGER},
    system::{USD, WAD, usual_terms},
};

impl Handler {
    pub(super) fn parameter(&mut self, system: &System, seen: &Seen) -> Step {
        let at = system.at;
        let (asset, index, whole) = self.asset(system);
        let kind = Kind::Parameter;
        match self.random.between(0, 10) {
            0 => {
                let threshold = U256::from(self.random.between(7_600, 8_400));
                let ramp = U256::from(self.random.pick(&[86_400_u64, 86_400, 100_000, 86_399]));
                step(
                    kind,
                    OWNER,
                    at.vault,
                    &IVault::setThresholdCall { token: asset.token, thresholdBps: threshold, rampSecs: ramp },
                )
            }
            1 => {
                // From nothing to about ten percent a year, and up to another ten where much is lent.
                let mut part = || U256::from(self.random.between(0, 1_000));
                let (base, slope1, slope2) = (part(), part(), part());
                let kink = U256::from(self.random.between(0, 99));
                let reserve = U256::from(self.random.pick(&[0_u64, 1_000, 1_000, 3_000, 10_000, 10_001]));
                let curve = IVault::RateCurve {
                    baseYearlyBps: base,
                    kinkPercent: kink,
                    slope1YearlyBps: slope1,
                    slope2YearlyBps: slope2,
                    reserveBps: reserve,
                };
                step(kind, OWNER, at.vault, &IVault::setRateCurveCall { newCurve: curve })
            }
            2 => {
                let ceiling = U256::from(u128::from(self.random.between(0, 5_000_000)) * USD);
                let min_debt = U256::from(100 * USD);
                step(kind, OWNER, at.vault, &IVault::setLimitsCall { ceilingRaw: ceiling, minDebtRaw: min_debt })
            }
            3 => {
                if self.random.one_in(3) {
                    let terms = self.english_terms();
                    let call = IAuction::setTermsCall { collateral: asset.token, newTerms: terms };
                    return step(kind, OWNER, at.auction, &call);
                }
                let mut terms = usual_terms();
                terms.curve = U256::from(self.random.between(1, 3));
                terms.stepSecs = U256::from(self.random.pick(&[1_u64, 30, 3_000]));
                terms.bufferBps = U256::from(self.random.between(10_000, 13_000));
                terms.tailSecs = U256::from(self.random.between(600, 5_000));
                step(kind, OWNER, at.auction, &IAuction::setTermsCall { collateral: asset.token, newTerms: terms })
            }
            4 => {
                let reward = IAuction::Reward {
                    flatRaw: U256::from(self.random.part_of(10 * USD)),
                    shareBps: U256::from(self.random.between(0, 50)),
                    maxPenaltyBps: U256::from(self.random.between(0, 10_000)),
                };
                step(kind, OWNER, at.auction, &IAuction::setRewardCall { newReward: reward })
            }
            5 => {
                let cap = self.random.pick(&[1_000_000 * USD, 1_000_000 * USD, 60_000 * USD]);
                step(
                    kind,
                    OWNER,
                    at.auction,
                    &IAuction::setLimitsCall { capRaw: U256::from(cap), minDueRaw: U256::from(50 * USD) },
                )
            }
            6 => {
                let target = U256::from(WAD / 1_000 * u128::from(self.random.between(1_020, 1_100)));
                let share = U256::from(self.random.pick(&[5_000_u64, 7_500, 10_000]));
                let call = IVault::setLiquidationRuleCall { targetHealthWad: target, wholeShareBps: share };
                step(kind, OWNER, at.vault, &call)
            }
            7 => {
                let listed = &seen.collaterals[index];
                let call = IVault::setCollateralCall {
                    token: asset.token,
                    ltvBps: U256::from(self.random.between(6_500, 7_400)),
                    thresholdBps: listed.targetThresholdBps,
                    penaltyBps: U256::from(self.random.between(0, 1_300)),
                    capRaw: U256::from(u128::from(self.random.between(10, 10_000)) * whole),
                };
                step(kind, OWNER, at.vault, &call)
            }
            8 => {
                let cap = self.random.pick(&[20_000_000 * USD, 20_000_000 * USD, 2_500_000 * USD, 0]);
                step(kind, OWNER, at.pool, &IPool::setDepositCapCall { capRaw: U256::from(cap) })
            }
            9 => self.reserve_rules(system),
            _ => {
                let call = IOracle::setFeedCall {
                    asset: asset.token,
                    aggregator: asset.feed,
                    heartbeatSecs: U256::from(self.random.between(80_000, 172_801)),
                };
                step(kind, OWNER, at.oracle, &call)
            }
        }
    }

    /// What nobody may do.
    pub(super) fn trespass(&mut self, system: &System, seen: &Seen) -> Step {
        let at = system.at;
        let (asset, ..) = self.asset(system);
        let (vault_id, _) = self.vault(seen);
        let kind = Kind::Trespass;
        let one = U256::from(USD);
        match self.random.between(0, 24) {
            13 => step(kind, OWNER, at.vault, &IVault::fundCall { amountRaw: one }),
            14 => step(kind, OWNER, at.vault, &IVault::drawSurplusCall { amountRaw: one, to: OWNER }),
            15 => step(kind, OWNER, at.vault, &IVault::writeDownCall { amountRaw: one }),
            16 => step(kind, STRANGER, at.vault, &IVault::fundSurplusCall { amountRaw: one }),
            17 => step(kind, OWNER, at.reserve, &IReserve::queueBadDebtCall { vaultId: vault_id, amountRaw: one }),
            18 => step(kind, STRANGER, at.pool, &IPool::setDepositCapCall { capRaw: U256::ZERO }),
            19 => {
                let call = IVault::sellSliceCall {
                    vaultId: vault_id,
                    collateral: asset.token,
                    sliceRaw: one,
                    to: STRANGER,
                    payer: BUYER,
                    principalRaw: one,
                    penaltyRaw: U256::ZERO,
                    returnedLotRaw: U256::ZERO,
                    unpaidDebtRaw: U256::ZERO,
                    isLast: true,
                };
                step(kind, STRANGER, at.vault, &call)
            }
            // Whatever an owner may do, by somebody who never is one.
            20..=24 => {
                let owners = match self.random.between(0, 3) {
                    0 | 1 => self.parameter(system, seen),
                    2 => self.set_feeds(system, seen),
                    _ => self.hand_over_contract(system, seen),
                };
                Step { kind, from: STRANGER, ..owners }
            }
            10 => step(
                kind,
                STRANGER,
                at.vault,
                &IVault::setOperatorCall { vaultId: vault_id, operator: STRANGER, allowed: true },
            ),
            11 => step(kind, STRANGER, at.vault, &IVault::acceptVaultCall { vaultId: vault_id }),
            12 => step(kind, OWNER, at.vault, &IVault::offerVaultCall { vaultId: vault_id, to: OWNER }),
            0 => step(kind, STRANGER, at.vault, &IVault::defundCall { amountRaw: one, to: STRANGER }),
            1 => step(
                kind,
                STRANGER,
                at.vault,
                &IVault::startLiquidationCall { vaultId: vault_id, collateral: asset.token, roomRaw: one },
            ),
            2 => {
                let call = IVault::releaseSliceCall {
                    vaultId: vault_id,
                    collateral: asset.token,
                    amountRaw: one,
                    to: STRANGER,
                };
                step(kind, STRANGER, at.vault, &call)
            }
            3 => step(kind, STRANGER, at.vault, &IVault::payRewardCall { keeper: STRANGER, amountRaw: one }),
            4 => {
                let call = IVault::settleTakeCall {
                    vaultId: vault_id,
                    collateral: asset.token,
                    payer: BUYER,
                    principalRaw: one,
                    penaltyRaw: U256::ZERO,
                    returnedLotRaw: one,
                    unpaidDebtRaw: U256::ZERO,
                    isLast: true,
                };
                step(kind, STRANGER, at.vault, &call)
            }
            5 => {
                let call = IVault::setModulesCall {
                    auctionContract: STRANGER,
                    poolContract: STRANGER,
                    reserveContract: STRANGER,
                };
                step(kind, OWNER, at.vault, &call)
            }
            6 => step(kind, STRANGER, at.auction, &IAuction::setLimitsCall { capRaw: one, minDueRaw: one }),
            7 => {
                let call = IOracle::setFeedCall {
                    asset: asset.token,
                    aggregator: at.usd.feed,
                    heartbeatSecs: U256::from(600),
                };
                step(kind, STRANGER, at.oracle, &call)
            }
            8 => step(kind, STRANGER, at.auction, &IShared::acceptOwnershipCall {}),
            _ => {
                let call =
                    IVault::withdrawCall { vaultId: vault_id, collateral: asset.token, amountRaw: one, to: STRANGER };
                step(kind, STRANGER, at.vault, &call)
            }
        }
    }
}
