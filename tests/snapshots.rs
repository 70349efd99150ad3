//! Numbers that may only change on purpose: the size of each contract, the gas of what users do, and where each contract keeps
//! what. They stand in `snapshots/`; `SPILLWAY_BLESS=1` writes them anew, and the change is reviewed as any other.

use alloy_primitives::U256;
use alloy_sol_types::SolCall;
use devnode::wasm::format::{normalise, program_code};
use interface::{IAuction, IPool, IReserve, IVault};
use support::{
    Contract, System,
    actors::{ALICE, BUYER, KEEPER, LENDER, OWNER},
    contract_wasm,
    snapshot::compare,
    system::{USD, WBTC, WETH, flat_rate},
};

/// A tenth less than what is allowed.
const WARNED_ABOVE: usize = 22_000;

#[test]
fn the_sizes_of_the_contracts_are_the_reviewed_ones() {
    let mut text = String::from(
        "# Bytes on chain: compressed, with the prefix that names the format. 24576 are allowed, above 22000 is warned of.\n",
    );
    for contract in Contract::ALL {
        let normal = normalise(&contract_wasm(contract)).unwrap_or_else(|error| panic!("{contract:?}: {error}"));
        let bytes = program_code(&normal).len();
        // What is left of the room for a fix: a contract that grows beyond this is warned of here.
        let warning = if bytes > WARNED_ABOVE { " (little room left)" } else { "" };
        text.push_str(&format!("{} {bytes}{warning}\n", contract.name()));
    }
    compare("sizes.txt", &text);
}

/// Gas of single transactions, in the order they are sent.
struct Meter {
    system: System,
    text: String,
}

impl Meter {
    fn send<C: SolCall>(
        &mut self,
        what: &str,
        from: alloy_primitives::Address,
        to: alloy_primitives::Address,
        call: &C,
    ) {
        self.system.must(from, to, call);
        let gas = self.system.last.gas_used.expect("the local chain counts gas");
        self.text.push_str(&format!("{gas:>8} {what}\n"));
    }
}

#[test]
fn the_gas_of_what_users_do_is_the_reviewed_one() {
    let mut meter = Meter {
        system: System::wasm(),
        text: String::from("# Gas of a transaction on the local chain, programs not cached.\n"),
    };
    let (at, one) = (meter.system.at, U256::ONE);
    let deposit = |asset: support::system::Asset, amount: u128| IVault::depositCall {
        vaultId: one,
        collateral: asset.token,
        amountRaw: U256::from(amount),
    };
    meter.send("open", ALICE, at.vault, &IVault::openCall {});
    meter.send("deposit, the first", ALICE, at.vault, &deposit(at.weth, 10 * WETH));
    meter.send("deposit, more of the same", ALICE, at.vault, &deposit(at.weth, WETH));
    meter.send("deposit, a second collateral", ALICE, at.vault, &deposit(at.wbtc, WBTC / 10));
    meter.send(
        "borrow, two collaterals",
        ALICE,
        at.vault,
        &IVault::borrowCall { vaultId: one, amountRaw: U256::from(10_000 * USD), to: ALICE },
    );
    let withdraw =
        IVault::withdrawCall { vaultId: one, collateral: at.wbtc.token, amountRaw: U256::from(WBTC / 10), to: ALICE };
    meter.send("withdraw against debt", ALICE, at.vault, &withdraw);
    meter.send(
        "borrow, one collateral",
        ALICE,
        at.vault,
        &IVault::borrowCall { vaultId: one, amountRaw: U256::from(6_000 * USD), to: ALICE },
    );
    meter.send("repay a part", LENDER, at.vault, &IVault::repayCall { vaultId: one, amountRaw: U256::from(500 * USD) });
    let lend = IPool::depositCall { assets: U256::from(USD), receiver: LENDER };
    meter.send("lend through the pool", LENDER, at.pool, &lend);
    meter.send("give to the surplus", LENDER, at.reserve, &IReserve::donateCall { amountRaw: U256::from(USD) });
    let rate = flat_rate(315);
    meter.send("set the rate", OWNER, at.vault, &rate);
    meter.system.wait(3_600);
    meter.send("accrue an hour", LENDER, at.vault, &IVault::accrueCall {});

    meter.system.set_price(at.weth, 1_700);
    let liquidate = IAuction::liquidateCall { vaultId: one, collateral: at.weth.token, keeper: KEEPER };
    meter.send("liquidate", KEEPER, at.auction, &liquidate);
    let take = |max_lot: U256| IAuction::takeCall {
        auctionId: one,
        maxLotRaw: max_lot,
        maxPriceRay: U256::MAX,
        recipient: BUYER,
        data: Vec::new().into(),
    };
    meter.system.wait(300);
    meter.send("take a part after 300 s", BUYER, at.auction, &take(U256::from(WETH)));
    meter.system.wait(1_700);
    meter.send("restart", KEEPER, at.auction, &IAuction::restartCall { auctionId: one, keeper: KEEPER });
    meter.system.wait(300);
    meter.send("take the rest after 300 s", BUYER, at.auction, &take(U256::MAX));
    meter.send("repay everything", LENDER, at.vault, &IVault::repayCall { vaultId: one, amountRaw: U256::MAX });
    compare("gas.txt", &meter.text);
}

#[test]
fn each_contract_keeps_everything_where_it_was_kept() {
    let mut system = System::native();
    let at = system.at;
    system.must(OWNER, at.vault, &flat_rate(315));
    system.must(
        OWNER,
        at.vault,
        &IVault::setThresholdCall {
            token: at.weth.token,
            thresholdBps: U256::from(7_800),
            rampSecs: U256::from(100_000),
        },
    );
    system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, WBTC / 100)], 15_000 * USD);
    system.wait(3_600);
    system.set_price(at.weth, 1_700);
    system.must(
        KEEPER,
        at.auction,
        &IAuction::liquidateCall { vaultId: U256::ONE, collateral: at.weth.token, keeper: KEEPER },
    );
    for contract in [at.oracle, at.vault, at.auction] {
        system.must(OWNER, contract, &interface::IShared::transferOwnershipCall { newOwner: ALICE });
    }

    let mut text = String::from(
        "# Every word a contract stores after the same few steps: contract, slot, word. A word that moves breaks an upgrade.\n",
    );
    let stored = system.world.whole_storage().expect("the native world knows all it stores");
    for (name, contract) in [("oracle", at.oracle), ("vault", at.vault), ("auction", at.auction)] {
        for (_, slot, word) in stored.iter().filter(|(account, ..)| *account == contract) {
            text.push_str(&format!("{name} {slot:064x} {word:064x}\n"));
        }
    }
    compare("storage.txt", &text);
}
