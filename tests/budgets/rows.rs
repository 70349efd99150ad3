//! The transactions that are measured, in the order they are sent.

use crate::{
    breakdown::Parts,
    scene::{MULTICALL, Scene},
};
use alloy_primitives::{Bytes, U256};
use alloy_sol_types::{SolCall, sol};
use interface::{IAuction, IVault};
use support::{
    actors::{ALICE, BOB, BUYER, KEEPER},
    system::{USD, WETH},
    world::World,
};

sol! {
    interface IMulticall {
        struct Call3 {
            address target;
            bool allowFailure;
            bytes callData;
        }
        function aggregate3(Call3[] calldata calls) external payable;
    }
}

/// What one transaction cost.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) gas: u64,
    pub(crate) parts: Parts,
}

fn row(what: &'static str, parts: Parts) -> Row {
    Row { what, gas: parts.total_gas(), parts }
}

fn n(value: u128) -> U256 {
    U256::from(value)
}

/// Sends everything that is measured.
pub(crate) fn measure(scene: &mut Scene) -> Vec<Row> {
    let at = scene.at;
    let deposit = |vault_id: u64, amount: u128| IVault::depositCall {
        vaultId: U256::from(vault_id),
        collateral: at.weth.token,
        amountRaw: n(amount),
    };
    let borrow = |vault_id: u64, amount: u128, to| IVault::borrowCall {
        vaultId: U256::from(vault_id),
        amountRaw: n(amount),
        to,
    };
    let liquidate = |vault_id: u64| IAuction::liquidateCall {
        vaultId: U256::from(vault_id),
        collateral: at.weth.token,
        keeper: KEEPER,
    };
    let take = |auction_id: u64, recipient| IAuction::takeCall {
        auctionId: U256::from(auction_id),
        maxLotRaw: U256::MAX,
        maxPriceRay: U256::MAX,
        recipient,
        data: Bytes::new(),
    };
    let mut rows = Vec::new();

    // Somebody else's vault, and an auction that has come and gone: nothing measured is the first of its kind.
    for (owner, vault_id) in [(BOB, 1), (BOB, 2)] {
        scene.send(owner, at.vault, &IVault::openCall {});
        scene.send(owner, at.vault, &deposit(vault_id, 10 * WETH));
    }
    scene.send(BOB, at.vault, &borrow(1, 14_000 * USD, BOB));
    scene.set_dollars(1, 1_700);
    scene.send(KEEPER, at.auction, &liquidate(1));
    scene.wait(300);
    scene.send(BUYER, at.auction, &take(1, BUYER));
    scene.set_dollars(1, 2_000);
    scene.send(BOB, at.vault, &borrow(2, 14_900 * USD, BOB));

    scene.send(ALICE, at.vault, &IVault::openCall {});
    scene.wait(60);
    rows.push(row("deposit, the first", scene.measure(ALICE, at.vault, &deposit(3, 10 * WETH))));
    scene.wait(60);
    rows.push(row("deposit, more of the same", scene.measure(ALICE, at.vault, &deposit(3, WETH))));
    scene.wait(60);
    rows.push(row("borrow", scene.measure(ALICE, at.vault, &borrow(3, 14_000 * USD, ALICE))));
    scene.wait(60);
    rows.push(row("borrow, more", scene.measure(ALICE, at.vault, &borrow(3, 2_000 * USD, ALICE))));
    scene.wait(60);
    let repay = IVault::repayCall { vaultId: n(3), amountRaw: n(500 * USD) };
    rows.push(row("repay a part", scene.measure(ALICE, at.vault, &repay)));
    scene.wait(60);
    let health = IVault::healthFactorCall { vaultId: n(3) };
    rows.push(row("healthFactor, read by a contract", scene.ask(at.vault, &health)));

    scene.set_dollars(1, 1_700);
    scene.wait(60);
    rows.push(row("liquidate", scene.measure(KEEPER, at.auction, &liquidate(3))));
    scene.wait(300);
    let before = scene.world.view(at.auction, &IAuction::countCall {}.abi_encode()).expect("it is answered");
    assert_eq!(U256::from_be_slice(&before), n(1), "one auction is running");
    // 1.2 * 0.9995^300, a little above the oracle's price: it pays for all that is due, and a rest of the lot goes back.
    rows.push(row("take everything", scene.measure(BUYER, at.auction, &take(2, BUYER))));
    let after = scene.world.view(at.auction, &IAuction::countCall {}.abi_encode()).expect("it is answered");
    assert_eq!(U256::from_be_slice(&after), n(0), "the take has ended it");
    scene.wait(60);
    let both = [liquidate(2).abi_encode(), take(3, MULTICALL).abi_encode()];
    let calls = both.map(|call| IMulticall::Call3 { target: at.auction, allowFailure: false, callData: call.into() });
    let both = IMulticall::aggregate3Call { calls: calls.to_vec() };
    rows.push(row("liquidate and take everything", scene.measure(KEEPER, MULTICALL, &both)));

    // The same while another auction runs, as in a market that falls: the counts of what is on sale are not zero before or after.
    scene.set_dollars(1, 2_000);
    for vault_id in [4, 5] {
        scene.send(BOB, at.vault, &IVault::openCall {});
        scene.send(BOB, at.vault, &deposit(vault_id, 10 * WETH));
        scene.send(BOB, at.vault, &borrow(vault_id, 14_000 * USD, BOB));
    }
    scene.set_dollars(1, 1_700);
    scene.send(KEEPER, at.auction, &liquidate(4));
    scene.wait(60);
    rows.push(row("liquidate, another auction running", scene.measure(KEEPER, at.auction, &liquidate(5))));
    scene.wait(300);
    rows.push(row("take everything, another auction running", scene.measure(BUYER, at.auction, &take(5, BUYER))));
    let after = scene.world.view(at.auction, &IAuction::countCall {}.abi_encode()).expect("it is answered");
    assert_eq!(U256::from_be_slice(&after), n(1), "the take has ended its auction, and the other runs on");
    rows
}
