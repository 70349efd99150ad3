//! That each event is entered where it belongs, once, and only from its own contract.

use super::*;
use alloy_primitives::address;
use alloy_sol_types::SolEvent;

const VAULT: Address = address!("000000000000000000000000000000000000ca17");
const AUCTION: Address = address!("000000000000000000000000000000000000a0c7");
const POOL: Address = address!("0000000000000000000000000000000000009001");
const RESERVE: Address = address!("0000000000000000000000000000000000004e5e");
const WETH: Address = address!("00000000000000000000000000000000000000e1");
const ALICE: Address = address!("00000000000000000000000000000000000000a1");

fn n(value: u64) -> U256 {
    U256::from(value)
}

fn sources() -> Sources {
    Sources { vault: VAULT, auction: AUCTION, pool: POOL, reserve: RESERVE, tokens: vec![WETH, POOL] }
}

fn heard<E: SolEvent>(ledger: &mut Ledger, address: Address, event: &E) {
    ledger.record(&sources(), &Logged { address, data: event.encode_log_data(), timestamp_secs: 9 });
}

#[test]
fn what_lenders_bring_and_take_is_entered_beside_their_shares() {
    let mut ledger = Ledger::default();
    heard(&mut ledger, POOL, &IPool::Transfer { from: Address::ZERO, to: ALICE, value: n(900) });
    heard(&mut ledger, POOL, &IPool::Deposit { sender: ALICE, owner: ALICE, assets: n(9), shares: n(900) });
    heard(&mut ledger, POOL, &IPool::Transfer { from: ALICE, to: Address::ZERO, value: n(200) });
    let left = IPool::Withdraw { sender: ALICE, receiver: ALICE, owner: ALICE, assets: n(2), shares: n(200) };
    heard(&mut ledger, POOL, &left);
    assert_eq!(ledger.lenders, LenderFlows { deposited_raw: n(9), withdrawn_raw: n(2) });
    let shares = &ledger.tokens[&POOL];
    assert_eq!((shares.minted_raw, shares.burned_raw, shares.balance_raw(ALICE)), (n(900), n(200), n(700)));
}

#[test]
fn what_stakers_bring_earn_and_lose_is_entered() {
    let mut ledger = Ledger::default();
    let staked = IReserve::Staked { payer: ALICE, staker: ALICE, amountRaw: n(100), shares: n(1_000) };
    heard(&mut ledger, RESERVE, &staked);
    heard(&mut ledger, RESERVE, &IReserve::Unstaked { staker: ALICE, to: ALICE, amountRaw: n(30), shares: n(300) });
    heard(&mut ledger, RESERVE, &IReserve::Distributed { stakersRaw: n(7), treasuryRaw: n(5), keptRaw: n(3) });
    heard(&mut ledger, RESERVE, &IReserve::Donated { payer: ALICE, amountRaw: n(11) });
    heard(&mut ledger, RESERVE, &IReserve::StakersSlashed { amountRaw: n(13), stakedLeftRaw: n(64) });
    heard(&mut ledger, RESERVE, &IReserve::LossPassedToLenders { amountRaw: n(17) });
    let expected = ReserveFlows {
        staked_raw: n(100),
        unstaked_raw: n(30),
        slashed_raw: n(13),
        left_over_raw: n(0),
        closed_raw: n(0),
        collected_raw: n(0),
        passed_on_raw: n(17),
        donated_raw: n(11),
        to_stakers_raw: n(7),
        to_treasury_raw: n(5),
        shares: n(700),
    };
    assert_eq!(ledger.reserve, expected);
    // The end of all stakes leaves no shares. From another address nothing is heard.
    heard(&mut ledger, RESERVE, &IReserve::StakesEnded { leftoverRaw: n(2) });
    let ended = ReserveFlows { shares: n(0), left_over_raw: n(2), ..expected };
    assert_eq!(ledger.reserve, ended);
    heard(&mut ledger, VAULT, &staked);
    assert_eq!(ledger.reserve, ended);
    // Nor does the closing of a round, whose stakers collect what it had left.
    heard(&mut ledger, RESERVE, &staked);
    heard(&mut ledger, RESERVE, &IReserve::StakesClosed { round: n(1), leftRaw: n(9), totalShares: n(1_000) });
    let collected = IReserve::Collected { round: n(1), staker: ALICE, to: ALICE, amountRaw: n(4), shares: n(500) };
    heard(&mut ledger, RESERVE, &collected);
    let closed = ReserveFlows { staked_raw: n(200), closed_raw: n(9), collected_raw: n(4), ..ended };
    assert_eq!(ledger.reserve, closed);
}

#[test]
fn what_goes_through_an_auction_is_entered_on_both_sides() {
    let mut ledger = Ledger::default();
    let (id, vault_id) = (n(1), n(7));
    let started = IAuction::AuctionStarted {
        auctionId: id,
        vaultId: vault_id,
        collateral: WETH,
        lotRaw: n(50),
        debtRaw: n(900),
        dueRaw: n(990),
        topRay: n(1),
        floorRay: n(1),
        keeper: ALICE,
        rewardRaw: n(20),
    };
    let taken = IAuction::SliceTaken {
        auctionId: id,
        taker: ALICE,
        recipient: ALICE,
        sliceRaw: n(30),
        owedRaw: n(600),
        priceRay: n(20),
        lotLeftRaw: n(20),
        dueLeftRaw: n(390),
    };
    heard(&mut ledger, AUCTION, &started);
    heard(&mut ledger, AUCTION, &taken);
    heard(
        &mut ledger,
        VAULT,
        &IVault::SliceReleased { vaultId: vault_id, collateral: WETH, to: ALICE, amountRaw: n(30) },
    );
    heard(
        &mut ledger,
        VAULT,
        &IVault::ProceedsCollected { vaultId: vault_id, payer: ALICE, principalRaw: n(545), penaltyRaw: n(55) },
    );
    heard(&mut ledger, VAULT, &IVault::LotReturned { vaultId: vault_id, collateral: WETH, amountRaw: n(20) });
    heard(
        &mut ledger,
        AUCTION,
        &IAuction::AuctionEnded { auctionId: id, vaultId: vault_id, returnedLotRaw: n(20), unpaidDebtRaw: n(355) },
    );

    let flows = &ledger.collaterals[&WETH];
    assert_eq!((flows.started_raw, flows.slices_raw, flows.owed_raw), (n(50), n(30), n(600)));
    assert_eq!((flows.released_raw, flows.returned_raw), (n(30), n(20)));
    assert_eq!((ledger.debt.principal_raw, ledger.debt.penalty_raw), (n(545), n(55)));
    let auctions = &ledger.auctions;
    assert_eq!((auctions.started, auctions.takes, auctions.ended), (1, 1, 1));
    assert_eq!((auctions.rewards_raw, auctions.unpaid_debt_raw), (n(20), n(355)));
    let fill =
        Fill { auction_id: id, timestamp_secs: 9, taker: ALICE, slice_raw: n(30), owed_raw: n(600), price_ray: n(20) };
    assert_eq!(ledger.fills, [fill]);
}

#[test]
fn both_parts_of_a_cure_are_entered() {
    let mut ledger = Ledger::default();
    let cured =
        IAuction::AuctionCured { auctionId: n(1), vaultId: n(7), payer: ALICE, principalRaw: n(355), penaltyRaw: n(4) };
    heard(&mut ledger, AUCTION, &cured);
    assert_eq!(ledger.auctions.cured_raw, n(359));
    assert_eq!(ledger.auctions.owed_raw, n(0));
}

#[test]
fn an_event_of_another_contract_is_not_ours() {
    let mut ledger = Ledger::default();
    heard(&mut ledger, AUCTION, &IVault::Funded { amountRaw: n(5) });
    heard(&mut ledger, ALICE, &IVault::Funded { amountRaw: n(5) });
    heard(&mut ledger, ALICE, &Token::Transfer { from: Address::ZERO, to: ALICE, value: n(5) });
    assert_eq!(ledger, Ledger::default());
}

#[test]
fn a_token_is_minted_moved_and_burned() {
    let mut ledger = Ledger::default();
    heard(&mut ledger, WETH, &Token::Transfer { from: Address::ZERO, to: ALICE, value: n(100) });
    heard(&mut ledger, WETH, &Token::Transfer { from: ALICE, to: VAULT, value: n(60) });
    heard(&mut ledger, WETH, &Token::Transfer { from: ALICE, to: Address::ZERO, value: n(1) });
    let flows = &ledger.tokens[&WETH];
    assert_eq!((flows.minted_raw, flows.burned_raw), (n(100), n(1)));
    assert_eq!((flows.balance_raw(ALICE), flows.balance_raw(VAULT)), (n(39), n(60)));
}

#[test]
fn roundings_against_borrowers_are_counted_as_odd_units() {
    let mut ledger = Ledger::default();
    let vault_id = n(7);
    // An index of 1.5: a debt of 100 is 66.67 shares, rounded up to 67, which owe 100.5, rounded up to 101.
    let index_ray = RAY_ONE.saturating_add(RAY_ONE.wrapping_shr(1));
    heard(&mut ledger, VAULT, &IVault::InterestAccrued { indexRay: index_ray, interestRaw: n(0), reserveRaw: n(0) });
    heard(&mut ledger, VAULT, &IVault::Borrowed { vaultId: vault_id, to: ALICE, amountRaw: n(100), shares: n(67) });
    assert_eq!((ledger.debt.debt_raw(), ledger.debt.odd_units_raw), (n(101), n(1)));
    // 10 of debt are 6.67 shares, rounded down to 6; the other 61 owe 91.5, rounded up to 92: one unit less is gone than was paid.
    heard(&mut ledger, VAULT, &IVault::Repaid { vaultId: vault_id, payer: ALICE, amountRaw: n(10), shares: n(6) });
    assert_eq!((ledger.debt.debt_raw(), ledger.debt.odd_units_raw), (n(92), n(2)));
}
