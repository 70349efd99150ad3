//! A recipient that is called between getting its slice and the payment.
//!
//! Natively it is a contract that does what a test tells it; on the WASM it is the example for integrators, written in Solidity,
//! which pays with what it earned by selling the slice.

use crate::scene::{FIRST, LOT, TOP, liquidate, on_sale, owed_up, sale, take_to};
use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolError, SolValue, sol};
use interface::{IAuction, IShared, IVault};
use support::{
    NativeWorld, System, WasmWorld,
    actors::{ALICE, BUYER, KEEPER, OPERATOR, STRANGER},
    doubles::ITestToken,
    native::ITaker,
    system::{USD, WETH},
};

/// The system in a native world, and a taker in it.
fn with_taker() -> (System, Address) {
    let mut world = NativeWorld::default();
    let taker = world.deploy_taker();
    (System::set_up(Box::new(world)), taker)
}

fn take_with(recipient: Address, data: &[u8]) -> IAuction::takeCall {
    IAuction::takeCall { data: Bytes::copy_from_slice(data), ..take_to(WETH, u128::MAX, recipient) }
}

#[test]
fn the_recipient_is_called_with_the_slice_in_its_hands_and_before_the_payment() {
    let (mut system, taker) = with_taker();
    on_sale(&mut system);
    let at = system.at;
    // In the callback it asks for its own balance of what was sold.
    let ask = ITestToken::balanceOfCall { account: taker }.abi_encode();
    system.must(OPERATOR, taker, &ITaker::armCall { target: at.weth.token, callData: ask.into() });
    system.must(BUYER, at.auction, &take_with(taker, b"what the buyer passed on"));
    let seen = system.ask(taker, &ITaker::lastCall {});
    let expected = ITaker::Seen {
        sender: at.auction,
        taker: BUYER,
        collateral: at.weth.token,
        sliceRaw: U256::from(WETH),
        owedRaw: owed_up(WETH, TOP),
        data: Bytes::from_static(b"what the buyer passed on"),
        times: U256::ONE,
        callSucceeded: true,
    };
    assert_eq!(seen.abi_encode(), expected.abi_encode());
    assert_eq!(system.ask(taker, &ITaker::lastReturnedCall {}), U256::from(WETH).abi_encode());

    let purse = ITestToken::balanceOfCall { account: BUYER }.abi_encode();
    system.must(OPERATOR, taker, &ITaker::armCall { target: at.usd.token, callData: purse.into() });
    let before = system.balance(at.usd.token, BUYER);
    system.must(BUYER, at.auction, &take_with(taker, &[1]));
    assert_eq!(system.ask(taker, &ITaker::lastReturnedCall {}), before.abi_encode(), "it had paid already");
    assert_eq!(before - system.balance(at.usd.token, BUYER), owed_up(WETH, TOP));
}

#[test]
fn without_data_the_recipient_is_not_called() {
    let (mut system, taker) = with_taker();
    on_sale(&mut system);
    system.must(BUYER, system.at.auction, &take_with(taker, &[]));
    assert!(system.world.view(taker, &ITaker::lastCall {}.abi_encode()).unwrap().is_empty(), "it was called");
    assert_eq!(system.balance(system.at.weth.token, taker), U256::from(WETH));
}

#[test]
fn a_callback_that_fails_undoes_the_take_and_passes_its_reason_on() {
    let (mut system, taker) = with_taker();
    on_sale(&mut system);
    let at = system.at;
    let reason = IShared::ZeroAmount {};
    system.must(OPERATOR, taker, &ITaker::failCall { reason: reason.abi_encode().into() });
    system.refused(BUYER, at.auction, &take_with(taker, &[1]), &reason);
    system.must(OPERATOR, taker, &ITaker::failCall { reason: Bytes::new() });
    system.refused(BUYER, at.auction, &take_with(taker, &[1]), &IAuction::CallbackFailed { recipient: taker });
    assert_eq!(sale(&system).lotRaw, U256::from(LOT));
}

#[test]
fn a_recipient_without_code_cannot_be_called_back() {
    let (mut system, _) = with_taker();
    on_sale(&mut system);
    let call = take_with(STRANGER, &[1]);
    system.refused(BUYER, system.at.auction, &call, &IAuction::CallbackFailed { recipient: STRANGER });
}

#[test]
fn a_callback_into_any_entry_point_of_the_auction_is_refused() {
    let (mut system, taker) = with_taker();
    on_sale(&mut system);
    let at = system.at;
    // What a change in progress cannot show half-done, and nothing else.
    let anytime = [IAuction::vaultCall::SELECTOR, IShared::ownerCall::SELECTOR, IShared::pendingOwnerCall::SELECTOR];
    let every = IAuction::IAuctionCalls::SELECTORS.iter().chain(IShared::ISharedCalls::SELECTORS);
    for selector in every {
        let name = IAuction::IAuctionCalls::name_by_selector(*selector)
            .or_else(|| IShared::ISharedCalls::name_by_selector(*selector))
            .expect("it is one of them");
        // The lock is looked at before the arguments are, so none are needed.
        system.must(OPERATOR, taker, &ITaker::armCall { target: at.auction, callData: selector.into() });
        system.must(BUYER, at.auction, &IAuction::takeCall { maxLotRaw: U256::from(1_000), ..take_with(taker, &[1]) });
        let is_let_in = system.ask(taker, &ITaker::lastCall {}).callSucceeded;
        assert_eq!(is_let_in, anytime.contains(selector), "{name}");
        if !is_let_in {
            let returned = system.ask(taker, &ITaker::lastReturnedCall {});
            assert_eq!(returned, IShared::Reentered {}.abi_encode(), "{name}");
        }
    }
    // With its arguments a call fares no better.
    let whole = [
        liquidate(&system, FIRST).abi_encode(),
        take_to(1, u128::MAX, taker).abi_encode(),
        IAuction::cureCall { auctionId: FIRST, maxPayRaw: U256::MAX }.abi_encode(),
        IAuction::restartCall { auctionId: FIRST, keeper: taker }.abi_encode(),
        IAuction::saleCall { auctionId: FIRST }.abi_encode(),
    ];
    for data in whole {
        system.must(OPERATOR, taker, &ITaker::armCall { target: at.auction, callData: data.into() });
        system.must(BUYER, at.auction, &IAuction::takeCall { maxLotRaw: U256::from(1_000), ..take_with(taker, &[1]) });
        assert_eq!(system.ask(taker, &ITaker::lastReturnedCall {}), IShared::Reentered {}.abi_encode());
    }
}

#[test]
fn a_callback_cannot_use_the_vault_half_way_through_a_take() {
    let (mut system, taker) = with_taker();
    on_sale(&mut system);
    let at = system.at;
    // Whatever it does in there, the books hold afterwards, and the hooks stay the auction's.
    let hooks = [
        IVault::startLiquidationCall { vaultId: FIRST, collateral: at.weth.token, roomRaw: U256::MAX }.abi_encode(),
        IVault::releaseSliceCall { vaultId: FIRST, collateral: at.weth.token, amountRaw: U256::ONE, to: taker }
            .abi_encode(),
        IVault::payRewardCall { keeper: taker, amountRaw: U256::ONE }.abi_encode(),
    ];
    for data in hooks {
        system.must(OPERATOR, taker, &ITaker::armCall { target: at.vault, callData: data.into() });
        system.must(BUYER, at.auction, &IAuction::takeCall { maxLotRaw: U256::from(1_000), ..take_with(taker, &[1]) });
        let returned = system.ask(taker, &ITaker::lastReturnedCall {});
        assert_eq!(returned, IVault::NotAuction { caller: taker }.abi_encode());
    }
    let books = system.books();
    assert_eq!(
        books.cashRaw + books.debtRaw + books.onAuctionRaw + books.badDebtRaw,
        books.fundedRaw + books.surplusRaw
    );
}

sol! {
    interface IExampleTaker {
        function take(uint256 auctionId, uint256 maxLotRaw, uint256 maxPriceRay, uint256 minProfitRaw) external returns (uint256 profitRaw);
    }
    interface IDesk {
        function list(address token, address feed) external;
    }
}

#[test]
fn the_example_for_integrators_buys_without_capital_on_the_wasm() {
    let mut world = WasmWorld::default();
    let at = System::set_up_in(&mut world);
    let desk = world.deploy_solidity(OPERATOR, "Desk", "Desk", &(at.usd.token, U256::from(30)).abi_encode_params());
    let arguments = (at.auction, at.vault, at.usd.token, desk).abi_encode_params();
    let taker = world.deploy_solidity(BUYER, "ExampleTaker", "ExampleTaker", &arguments);
    let mut system = System::with(Box::new(world), at);
    system.must(OPERATOR, desk, &IDesk::listCall { token: at.weth.token, feed: at.weth.feed });
    system.must(OPERATOR, at.usd.token, &ITestToken::mintCall { to: desk, amountRaw: U256::from(1_000_000 * USD) });

    system.open_indebted(ALICE, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 1_700);
    system.must(KEEPER, at.auction, &liquidate(&system, FIRST));
    // From 20% above the market to 5% below it takes 468 seconds. Below the market the whole lot costs less than what is due.
    system.wait(468);
    let price = crate::scene::price(&system).to::<u128>();
    let take = IExampleTaker::takeCall {
        auctionId: FIRST,
        maxLotRaw: U256::MAX,
        maxPriceRay: U256::from(price),
        minProfitRaw: U256::ONE,
    };
    let profit = system.must(BUYER, taker, &take);
    // It sold the lot at 1,700 less 30 basis points, rounded down, and paid what it cost.
    let proceeds =
        U256::from(LOT) * U256::from(1_700 * USD) * U256::from(9_970) / (U256::from(WETH) * U256::from(10_000));
    assert_eq!(profit, proceeds - owed_up(LOT, price));
    assert_eq!(system.balance(at.usd.token, taker), profit);
    assert_eq!(sale(&system).lotRaw, U256::ZERO);
}
