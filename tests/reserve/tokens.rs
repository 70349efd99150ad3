//! Debt assets that are no usual tokens, allowances that are missing, and numbers that do not fit.

use crate::scene::{SHARES, donate, set_up, stake, unstake, usd, worth};
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use interface::{IReserve, IShared, IVault};
use support::{
    System, TokenKind, World,
    actors::{BUYER, LENDER, OPERATOR, OWNER, STRANGER},
    doubles::ITestToken,
    revert_of,
    system::USD,
};

support::in_each_world! {
    an_asset_that_takes_a_fee_is_refused_by_name,
    an_asset_that_returns_nothing_works,
    an_asset_that_returns_false_is_refused,
}

support::scenarios! {
    both {}
    native {
        donate_refuses_without_allowance,
        what_has_no_place_in_128_bits_is_refused,
    }
}

/// Approving returns nothing with some assets.
fn allow(system: &mut System, holder: Address, spender: Address) {
    let call = ITestToken::approveCall { spender, amountRaw: U256::MAX };
    system.world.execute(holder, system.at.usd.token, &call.abi_encode()).expect("a token lets one approve");
}

fn an_asset_that_takes_a_fee_is_refused_by_name(mut world: Box<dyn World>) {
    // Lenders cannot bring it either, so nothing is set up but the modules.
    let at = System::deploy_with_debt_asset(world.as_mut(), TokenKind::FeeOnTransfer(100));
    let system = &mut System::with(world, at);
    let modules =
        IVault::setModulesCall { auctionContract: at.auction, poolContract: at.pool, reserveContract: at.reserve };
    system.must(OWNER, at.vault, &modules);
    system.must(OPERATOR, at.usd.token, &ITestToken::mintCall { to: LENDER, amountRaw: usd(1) });
    allow(system, LENDER, at.reserve);
    let (expected, received) = (U256::from(1_000), U256::from(990));
    let refusal =
        IVault::UnexpectedAmountReceived { token: at.usd.token, expectedRaw: expected, receivedRaw: received };
    let stake = IReserve::stakeCall { amountRaw: expected, staker: LENDER };
    assert_eq!(system.send(LENDER, at.reserve, &stake).err(), Some(revert_of(&refusal)));
    let donate = IReserve::donateCall { amountRaw: expected };
    assert_eq!(system.send(LENDER, at.reserve, &donate).err(), Some(revert_of(&refusal)));
    assert_eq!(system.balance(at.usd.token, at.reserve), U256::ZERO);
    assert_eq!(worth(system, LENDER), U256::ZERO);
}

/// Stakes a thousand dollars of the buyer's, whose window is open.
fn leaving(system: &mut System) {
    let at = system.at;
    let rules = IReserve::setRulesCall { newRules: crate::scene::usual_rules() };
    system.must(OWNER, at.reserve, &rules);
    system.must(OWNER, at.reserve, &IReserve::setTreasuryCall { newTreasury: crate::scene::TREASURY });
    stake(system, BUYER, 1_000 * USD);
    crate::scene::announce_and_wait(system, BUYER, 1_000 * USD * SHARES);
}

fn an_asset_that_returns_nothing_works(world: Box<dyn World>) {
    let system = &mut System::set_up_with_debt_asset(world, TokenKind::NoReturn);
    let at = system.at;
    leaving(system);
    let (purse, surplus) = (system.balance(at.usd.token, BUYER), system.books().surplusRaw);
    system.must(BUYER, at.reserve, &unstake(400 * USD * SHARES, BUYER));
    assert_eq!(system.balance(at.usd.token, BUYER), purse + usd(400));
    donate(system, 70 * USD);
    assert_eq!(system.books().surplusRaw, surplus + usd(70));
    let done = system.must(STRANGER, at.reserve, &IReserve::distributeCall {});
    assert_eq!((done.stakersRaw, done.treasuryRaw), (usd(3_035), usd(3_035)));
    assert_eq!(system.balance(at.usd.token, crate::scene::TREASURY), usd(3_035));
}

fn an_asset_that_returns_false_is_refused(world: Box<dyn World>) {
    let system = &mut System::set_up_with_debt_asset(world, TokenKind::FalseReturning);
    let at = system.at;
    leaving(system);
    system.must(OPERATOR, at.usd.token, &ITestToken::setRefusesCall { refuses: true });
    let books = system.books();
    let failed = |from, to, amount| {
        Some(revert_of(&IShared::TransferFailed { token: at.usd.token, from, to, amountRaw: usd(amount) }))
    };
    let stake = IReserve::stakeCall { amountRaw: usd(10), staker: BUYER };
    assert_eq!(system.send(BUYER, at.reserve, &stake).err(), failed(BUYER, at.reserve, 10));
    let donate = IReserve::donateCall { amountRaw: usd(10) };
    assert_eq!(system.send(BUYER, at.reserve, &donate).err(), failed(BUYER, at.reserve, 10));
    let leave = unstake(400 * USD * SHARES, BUYER);
    assert_eq!(system.send(BUYER, at.reserve, &leave).err(), failed(at.reserve, BUYER, 400));
    let distribute = IReserve::distributeCall {};
    assert_eq!(system.send(STRANGER, at.reserve, &distribute).err(), failed(at.vault, at.reserve, 3_000));
    // Nothing of it has happened: it all works when the token does.
    assert_eq!((system.books(), worth(system, BUYER)), (books, usd(1_000)));
    system.must(OPERATOR, at.usd.token, &ITestToken::setRefusesCall { refuses: false });
    system.must(BUYER, at.reserve, &leave);
    system.must(STRANGER, at.reserve, &distribute);
}

fn donate_refuses_without_allowance(system: &mut System) {
    let at = system.at;
    system.must(OPERATOR, at.usd.token, &ITestToken::mintCall { to: STRANGER, amountRaw: usd(10) });
    let failed =
        IShared::TransferFailed { token: at.usd.token, from: STRANGER, to: at.reserve, amountRaw: U256::from(7) };
    let donate = IReserve::donateCall { amountRaw: U256::from(7) };
    system.refused(STRANGER, at.reserve, &donate, &failed);
    system.must(STRANGER, at.usd.token, &ITestToken::approveCall { spender: at.reserve, amountRaw: U256::from(6) });
    system.refused(STRANGER, at.reserve, &donate, &failed);
    system.must(STRANGER, at.usd.token, &ITestToken::approveCall { spender: at.reserve, amountRaw: U256::from(8) });
    system.must(STRANGER, at.reserve, &donate);
    let allowance = ITestToken::allowanceCall { holder: STRANGER, spender: at.reserve };
    assert_eq!(system.ask(at.usd.token, &allowance), U256::ONE);
}

/// Shares are kept in 128 bits: 3.4 * 10^32 units of the asset at the first price, where a dollar has 10^6 or 10^18.
fn what_has_no_place_in_128_bits_is_refused(system: &mut System) {
    set_up(system);
    let at = system.at;
    let most = U256::from(u128::MAX / SHARES);
    system.must(OPERATOR, at.usd.token, &ITestToken::mintCall { to: BUYER, amountRaw: most + U256::from(2) });
    let stake = |amount_raw| IReserve::stakeCall { amountRaw: amount_raw, staker: BUYER };
    system.refused(BUYER, at.reserve, &stake(most + U256::ONE), &IShared::OutOfRange {});
    system.must(BUYER, at.reserve, &stake(most));
    assert_eq!(worth(system, BUYER), most);
    system.refused(BUYER, at.reserve, &stake(U256::ONE), &IShared::OutOfRange {});
}
