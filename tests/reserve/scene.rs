//! The scene the tests of the reserve begin with, and its numbers.

use alloy_primitives::{Address, U256};
use interface::{IReserve, IVault};
use support::{
    System,
    actors::{ALICE, BUYER, LENDER, OPERATOR, OWNER, RIVAL},
    doubles::ITestToken,
    system::{USD, WETH},
};

/// The shares of one base unit in the first stake.
pub(crate) const SHARES: u128 = 1_000_000;
/// The surplus that is not distributed.
pub(crate) const BUFFER_RAW: u128 = 4_000 * USD;
/// How long a distribution is earned.
pub(crate) const DRIP_SECS: u64 = 10_000;
/// How long a stake waits.
pub(crate) const COOLDOWN_SECS: u64 = 86_400;
/// How long it can be taken out.
pub(crate) const WINDOW_SECS: u64 = 7_200;
/// How long bad debt waits.
pub(crate) const PATIENCE_SECS: u64 = 3_600;
/// Who gets what the stakers do not.
pub(crate) const TREASURY: Address = Address::with_last_byte(0x7e);
/// The purses that stake.
pub(crate) const STAKERS: [Address; 3] = [BUYER, RIVAL, LENDER];

/// Half of what is above 4,000 dollars for the stakers.
pub(crate) fn usual_rules() -> IReserve::Rules {
    IReserve::Rules {
        bufferRaw: U256::from(BUFFER_RAW),
        stakersBps: U256::from(5_000),
        dripSecs: U256::from(DRIP_SECS),
        cooldownSecs: U256::from(COOLDOWN_SECS),
        windowSecs: U256::from(WINDOW_SECS),
        patienceSecs: U256::from(PATIENCE_SECS),
    }
}

/// Sets the rules and the treasury, and lets the stakers approve the reserve.
pub(crate) fn set_up(system: &mut System) {
    let at = system.at;
    system.must(OWNER, at.reserve, &IReserve::setRulesCall { newRules: usual_rules() });
    system.must(OWNER, at.reserve, &IReserve::setTreasuryCall { newTreasury: TREASURY });
    for staker in STAKERS {
        system.must(staker, at.usd.token, &ITestToken::approveCall { spender: at.reserve, amountRaw: U256::MAX });
    }
}

/// [`set_up`], with 6,000 dollars of the buyer's and 2,000 of the rival's staked.
pub(crate) fn staked(system: &mut System) {
    set_up(system);
    stake(system, BUYER, 6_000 * USD);
    stake(system, RIVAL, 2_000 * USD);
}

pub(crate) fn stake(system: &mut System, staker: Address, amount: u128) -> U256 {
    let call = IReserve::stakeCall { amountRaw: U256::from(amount), staker };
    system.must(staker, system.at.reserve, &call)
}

pub(crate) fn donate(system: &mut System, amount: u128) {
    system.must(LENDER, system.at.reserve, &IReserve::donateCall { amountRaw: U256::from(amount) });
}

/// Makes a vault of Alice's bad debt of `amount_raw`: its collateral falls and sells for a dollar. Answers the vault.
///
/// Prices are what they were afterwards.
pub(crate) fn lose(system: &mut System, amount_raw: u128) -> U256 {
    let at = system.at;
    let debt_raw = amount_raw + USD;
    // Twice what is needed, and at a hundredth of the price a tenth of it.
    let collateral_raw = debt_raw / USD * WETH / 1_000 + WETH;
    let mint = ITestToken::mintCall { to: ALICE, amountRaw: U256::from(collateral_raw) };
    system.must(OPERATOR, at.weth.token, &mint);
    system.refresh_prices();
    let vault_id = system.open_indebted(ALICE, &[(at.weth, collateral_raw)], debt_raw);
    system.set_price(at.weth, 1);
    let start = IVault::startLiquidationCall { vaultId: vault_id, collateral: at.weth.token, roomRaw: U256::MAX };
    let sold = system.must(at.auction, at.vault, &start);
    assert_eq!((sold.lotRaw, sold.debtRaw), (U256::from(collateral_raw), U256::from(debt_raw)));
    let release =
        IVault::releaseSliceCall { vaultId: vault_id, collateral: at.weth.token, amountRaw: sold.lotRaw, to: BUYER };
    system.must(at.auction, at.vault, &release);
    let settle = IVault::settleTakeCall {
        vaultId: vault_id,
        collateral: at.weth.token,
        payer: BUYER,
        principalRaw: U256::from(USD),
        penaltyRaw: U256::ZERO,
        returnedLotRaw: U256::ZERO,
        unpaidDebtRaw: U256::from(amount_raw),
        isLast: true,
    };
    let settled = (system.must(at.auction, at.vault, &settle), system.last.clone());
    system.set_price(at.weth, 2_000);
    system.last = settled.1;
    vault_id
}

pub(crate) fn cover(system: &mut System) -> (U256, U256) {
    let covered = system.must(ALICE, system.at.reserve, &IReserve::coverCall {});
    (covered.stakersRaw, covered.lendersRaw)
}

/// What all stakes are worth, all shares, and what drips.
pub(crate) fn all_staked(system: &System) -> [U256; 3] {
    let all = system.ask(system.at.reserve, &IReserve::stakedCall {});
    [all.assetsRaw, all.totalShares, all.drippingRaw]
}

pub(crate) fn stake_of(system: &System, staker: Address) -> IReserve::Stake {
    system.ask(system.at.reserve, &IReserve::stakeOfCall { staker })
}

/// What a staker would collect of a closed round.
pub(crate) fn left_of(system: &System, round: u64, staker: Address) -> U256 {
    system.ask(system.at.reserve, &IReserve::leftOfCall { round: U256::from(round), staker })
}

/// What a stake is worth.
pub(crate) fn worth(system: &System, staker: Address) -> U256 {
    stake_of(system, staker).assetsRaw
}

pub(crate) fn lenders_loss(system: &System) -> U256 {
    system.ask(system.at.reserve, &IReserve::lendersLossCall {})
}

/// How many entries are unpaid, what waits, and what is due.
pub(crate) fn queued(system: &System) -> [U256; 3] {
    let queued = system.ask(system.at.reserve, &IReserve::queuedCall {});
    [queued.count, queued.badDebtRaw, queued.dueRaw]
}

/// The unpaid entries: vault, amount, moment.
pub(crate) fn entries(system: &System, offset: u64, limit: u64) -> Vec<[U256; 3]> {
    let call = IReserve::queueCall { offset: U256::from(offset), limit: U256::from(limit) };
    let entries = system.ask(system.at.reserve, &call);
    entries.into_iter().map(|entry| [entry.vaultId, entry.amountRaw, entry.realisedAtSecs]).collect()
}

pub(crate) fn unstake(shares: u128, to: Address) -> IReserve::unstakeCall {
    IReserve::unstakeCall { shares: U256::from(shares), to }
}

/// Announces `shares` and waits until the window opens.
pub(crate) fn announce_and_wait(system: &mut System, staker: Address, shares: u128) {
    system.must(staker, system.at.reserve, &IReserve::announceUnstakeCall { shares: U256::from(shares) });
    system.wait(COOLDOWN_SECS);
}

/// That the books balance, and the reserve holds what it counts.
pub(crate) fn require_balance(system: &System) {
    let books = system.books();
    let (have, owe) =
        (books.cashRaw + books.debtRaw + books.onAuctionRaw + books.badDebtRaw, books.fundedRaw + books.surplusRaw);
    assert_eq!(have, owe, "{books:?}");
}

pub(crate) fn usd(dollars: u128) -> U256 {
    U256::from(dollars * USD)
}
