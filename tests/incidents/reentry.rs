//! Calls back into the system in the middle of a take: read-only ones too. dForce and others lost millions to a view that
//! answered while its numbers were half changed.

use crate::scene::{liquidate, n, take};
use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolError};
use interface::{IAuction, IOracle, IPool, IReserve, IShared, IVault};
use support::{
    NativeWorld, System,
    actors::{ALICE, BUYER, KEEPER, LENDER, OPERATOR},
    native::ITaker,
    system::{USD, WETH},
};

const FIRST: U256 = U256::ONE;

/// A running sale, and a recipient of slices that does what it is told.
fn scene() -> (System, Address) {
    let mut world = NativeWorld::default();
    let taker = world.deploy_taker();
    let mut system = System::set_up(Box::new(world));
    system.must(LENDER, system.at.reserve, &IReserve::stakeCall { amountRaw: n(1_000 * USD), staker: LENDER });
    system.open_indebted(ALICE, &[(system.at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(system.at.weth, 1_700);
    system.must(KEEPER, system.at.auction, &liquidate(system.at.weth, FIRST));
    (system, taker)
}

/// Calls `target` in the callback of a take; what came back, and whether it succeeded.
fn in_callback(system: &mut System, taker: Address, target: Address, data: Vec<u8>) -> (bool, Bytes) {
    system.must(OPERATOR, taker, &ITaker::armCall { target, callData: data.into() });
    let call = IAuction::takeCall { data: Bytes::from_static(&[1]), ..take(FIRST, n(1_000_000_000), taker) };
    system.must(BUYER, system.at.auction, &call);
    let succeeded = system.ask(taker, &ITaker::lastCall {}).callSucceeded;
    (succeeded, system.ask(taker, &ITaker::lastReturnedCall {}))
}

/// What a view answers outside of any call, and in the middle of a take just before and after it. A view may refuse in the
/// middle, or answer what it answers before or after; it must answer nothing else.
#[test]
fn no_view_answers_a_number_that_is_true_neither_before_nor_after_the_take() {
    let (mut system, taker) = scene();
    let at = system.at;
    let one = U256::ONE;
    let (weth, zero) = (at.weth.token, U256::ZERO);
    let vault = |call: Vec<u8>| (at.vault, call);
    let auction = |call: Vec<u8>| (at.auction, call);
    let pool = |call: Vec<u8>| (at.pool, call);
    let reserve = |call: Vec<u8>| (at.reserve, call);
    let views = [
        ("account", vault(IVault::accountCall { vaultId: FIRST }.abi_encode())),
        ("healthFactor", vault(IVault::healthFactorCall { vaultId: FIRST }.abi_encode())),
        ("debtOf", vault(IVault::debtOfCall { vaultId: FIRST }.abi_encode())),
        ("collateralOf", vault(IVault::collateralOfCall { vaultId: FIRST, collateral: weth }.abi_encode())),
        ("collateral", vault(IVault::collateralCall { token: weth }.abi_encode())),
        ("books", vault(IVault::booksCall {}.abi_encode())),
        ("sale", auction(IAuction::saleCall { auctionId: FIRST }.abi_encode())),
        ("status", auction(IAuction::statusCall { auctionId: FIRST }.abi_encode())),
        ("quote", auction(IAuction::quoteCall { auctionId: FIRST, maxLotRaw: one }.abi_encode())),
        ("cureCost", auction(IAuction::cureCostCall { auctionId: FIRST }.abi_encode())),
        ("onSale", auction(IAuction::onSaleCall { collateral: weth }.abi_encode())),
        ("list", auction(IAuction::listCall { offset: zero, limit: one }.abi_encode())),
        ("totalAssets", pool(IPool::totalAssetsCall {}.abi_encode())),
        ("convertToAssets", pool(IPool::convertToAssetsCall { shares: n(1_000_000_000) }.abi_encode())),
        ("maxWithdraw", pool(IPool::maxWithdrawCall { owner: LENDER }.abi_encode())),
        ("staked", reserve(IReserve::stakedCall {}.abi_encode())),
        ("stakeOf", reserve(IReserve::stakeOfCall { staker: LENDER }.abi_encode())),
        ("lendersLoss", reserve(IReserve::lendersLossCall {}.abi_encode())),
        ("queued", reserve(IReserve::queuedCall {}.abi_encode())),
    ];
    let mut refused = Vec::new();
    for (name, (target, data)) in views {
        let before = system.world.view(target, &data).expect("it is answered");
        let (succeeded, answer) = in_callback(&mut system, taker, target, data.clone());
        let after = system.world.view(target, &data).expect("it is answered");
        if !succeeded {
            assert_eq!(answer, reentered(), "{name}");
            refused.push(name);
            continue;
        }
        assert!(answer == before || answer == after, "{name} answered {answer} in the middle, {before:02x?} before");
    }
    // The auction's own views all refuse: it is the one in the middle of a change.
    for name in ["sale", "status", "quote", "cureCost", "onSale", "list"] {
        assert!(refused.contains(&name), "{name} answered in the middle of a take: {refused:?}");
    }
}

/// A callback that changes something in another contract: it does what it would have done before or after the take, or it
/// is refused; the sums hold, and the take goes through.
#[test]
fn a_callback_into_every_other_contract_leaves_the_sums_whole() {
    let (mut system, taker) = scene();
    let at = system.at;
    let one = U256::ONE;
    let weth = at.weth.token;
    let calls = [
        ("open", at.vault, IVault::openCall {}.abi_encode()),
        ("deposit", at.vault, IVault::depositCall { vaultId: FIRST, collateral: weth, amountRaw: one }.abi_encode()),
        (
            "withdraw",
            at.vault,
            IVault::withdrawCall { vaultId: FIRST, collateral: weth, amountRaw: one, to: taker }.abi_encode(),
        ),
        ("borrow", at.vault, IVault::borrowCall { vaultId: FIRST, amountRaw: one, to: taker }.abi_encode()),
        ("repay", at.vault, IVault::repayCall { vaultId: FIRST, amountRaw: n(USD) }.abi_encode()),
        ("accrue", at.vault, IVault::accrueCall {}.abi_encode()),
        (
            "multicall",
            at.vault,
            IVault::multicallCall { calls: vec![IVault::openCall {}.abi_encode().into()] }.abi_encode(),
        ),
        ("fund", at.vault, IVault::fundCall { amountRaw: one }.abi_encode()),
        ("defund", at.vault, IVault::defundCall { amountRaw: one, to: taker }.abi_encode()),
        ("fundSurplus", at.vault, IVault::fundSurplusCall { amountRaw: one }.abi_encode()),
        ("drawSurplus", at.vault, IVault::drawSurplusCall { amountRaw: one, to: taker }.abi_encode()),
        ("writeDown", at.vault, IVault::writeDownCall { amountRaw: one }.abi_encode()),
        (
            "startLiquidation",
            at.vault,
            IVault::startLiquidationCall { vaultId: FIRST, collateral: weth, roomRaw: U256::MAX }.abi_encode(),
        ),
        ("liquidate", at.auction, liquidate(at.weth, FIRST).abi_encode()),
        ("take", at.auction, take(FIRST, one, taker).abi_encode()),
        ("restart", at.auction, IAuction::restartCall { auctionId: FIRST, keeper: taker }.abi_encode()),
        ("cure", at.auction, IAuction::cureCall { auctionId: FIRST, maxPayRaw: U256::MAX }.abi_encode()),
        ("bid", at.auction, IAuction::bidCall { auctionId: FIRST, bidRay: U256::MAX }.abi_encode()),
        ("settle", at.auction, IAuction::settleCall { auctionId: FIRST }.abi_encode()),
        ("withdrawRefund", at.auction, IAuction::withdrawRefundCall { to: taker }.abi_encode()),
        ("deposit in the pool", at.pool, IPool::depositCall { assets: one, receiver: taker }.abi_encode()),
        ("mint", at.pool, IPool::mintCall { shares: one, receiver: taker }.abi_encode()),
        (
            "withdraw from the pool",
            at.pool,
            IPool::withdrawCall { assets: one, receiver: taker, owner: LENDER }.abi_encode(),
        ),
        ("redeem", at.pool, IPool::redeemCall { shares: one, receiver: taker, owner: LENDER }.abi_encode()),
        ("stake", at.reserve, IReserve::stakeCall { amountRaw: one, staker: taker }.abi_encode()),
        ("unstake", at.reserve, IReserve::unstakeCall { shares: one, to: taker }.abi_encode()),
        ("cover", at.reserve, IReserve::coverCall {}.abi_encode()),
        ("distribute", at.reserve, IReserve::distributeCall {}.abi_encode()),
        ("donate", at.reserve, IReserve::donateCall { amountRaw: one }.abi_encode()),
        ("queueBadDebt", at.reserve, IReserve::queueBadDebtCall { vaultId: FIRST, amountRaw: one }.abi_encode()),
        ("poke", at.oracle, IOracle::pokeCall { asset: weth }.abi_encode()),
        ("transferOwnership", at.oracle, IShared::transferOwnershipCall { newOwner: taker }.abi_encode()),
    ];
    for (name, target, data) in calls {
        let (succeeded, returned) = in_callback(&mut system, taker, target, data);
        if target == at.auction {
            assert_eq!((succeeded, returned), (false, reentered()), "{name}");
        }
        // What a stranger may do to others' money is nothing, in the middle of a take as anywhere.
        let harmless = ["open", "accrue", "multicall", "poke", "distribute"];
        assert!(!succeeded || harmless.contains(&name), "{name} took effect for a stranger without money");
        let books = system.books();
        let assets = books.cashRaw + books.debtRaw + books.onAuctionRaw + books.badDebtRaw;
        assert_eq!(assets, books.fundedRaw + books.surplusRaw, "{name}");
        assert!(system.balance(at.usd.token, at.vault) >= books.cashRaw, "{name}");
    }
}

/// What whoever is locked out gets.
fn reentered() -> Bytes {
    IShared::Reentered {}.abi_encode().into()
}
