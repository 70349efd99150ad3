//! Numbers that may only change on purpose: the size of each contract, the gas of what users do, and where each contract keeps
//! what. They stand in `snapshots/`; `SPILLWAY_BLESS=1` writes them anew, and the change is reviewed as any other.

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::{SolCall, SolStruct};
use devnode::wasm::format::{normalise, program_code};
use interface::{IAuction, IOracle, IPool, IReserve, IShared, IVault};
use support::{
    Contract, System, TokenKind,
    actors::{ALICE, BOB, BUYER, KEEPER, LENDER, OWNER, RIVAL, STRANGER},
    contract_wasm,
    doubles::ITestToken,
    permits::Permit,
    snapshot::compare,
    system::{AUCTION_CAP_RAW, Asset, HEARTBEAT_SECS, RAY, USD, WAD, WBTC, WETH, flat_rate, usual_terms},
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
    let start = liquidate(&meter.system, one);
    meter.send("liquidate", KEEPER, at.auction, &start);
    meter.system.wait(300);
    meter.send("take a part after 300 s", BUYER, at.auction, &take(one, U256::from(WETH)));
    meter.system.wait(1_700);
    meter.send("restart", KEEPER, at.auction, &IAuction::restartCall { auctionId: one, keeper: KEEPER });
    meter.system.wait(300);
    meter.send("take the rest after 300 s", BUYER, at.auction, &take(one, U256::MAX));
    meter.send("repay everything", LENDER, at.vault, &IVault::repayCall { vaultId: one, amountRaw: U256::MAX });
    compare("gas.txt", &meter.text);
}

#[test]
fn each_contract_keeps_everything_where_it_was_kept() {
    let mut system = System::native();
    guard_a_feed(&mut system);
    sell_one_vault_and_hand_on_another(&mut system);
    bid_and_be_outbid(&mut system);
    sign_and_stake(&mut system);
    lose_more_than_the_surplus(&mut system);
    close_a_round(&mut system);
    lose_more_than_the_surplus(&mut system);
    let at = system.at;
    system.must(STRANGER, at.auction, &IAuction::setStopCall { level: U256::ONE });
    for contract in [at.oracle, at.vault, at.auction, at.pool, at.reserve] {
        system.must(OWNER, contract, &IShared::transferOwnershipCall { newOwner: ALICE });
    }

    let mut text = String::from(
        "# Every word a contract stores after the same few steps: contract, slot, word. A word that moves breaks an upgrade.\n",
    );
    let stored = system.world.whole_storage().expect("the native world knows all it stores");
    let contracts = [
        ("oracle", at.oracle),
        ("vault", at.vault),
        ("auction", at.auction),
        ("pool", at.pool),
        ("reserve", at.reserve),
        ("lens", at.lens),
    ];
    for (name, contract) in contracts {
        for (_, slot, word) in stored.iter().filter(|(account, ..)| *account == contract) {
            text.push_str(&format!("{name} {slot:064x} {word:064x}\n"));
        }
    }
    compare("storage.txt", &text);
}

/// Band, second source, breaker, rate and what pokes record, of an asset that is nobody's collateral; a guardian and a stop.
fn guard_a_feed(system: &mut System) {
    let (at, now) = (system.at, system.world.time_secs());
    let token = system.world.deploy_token(TokenKind::Honest, 18);
    let guarded = Asset { name: "guarded", token, feed: system.world.deploy_feed(8) };
    let rate = Asset { name: "rate", token, feed: system.world.deploy_feed(18) };
    let (heartbeat, feed) = (U256::from(HEARTBEAT_SECS), guarded.feed);
    system.set_price(guarded, 2_000);
    system.set_answer(rate, 1_200_000_000_000_000_000);
    system.must(OWNER, at.oracle, &IOracle::setFeedCall { asset: token, aggregator: feed, heartbeatSecs: heartbeat });
    let (min, max) = (U256::from(100 * WAD), U256::from(10_000 * WAD));
    system.must(OWNER, at.oracle, &IOracle::setBandCall { asset: token, minWad: min, maxWad: max });
    system.second_source(guarded, 2_001);
    let breaker = IOracle::setBreakerCall {
        asset: token,
        jumpBps: U256::from(1_000),
        sigmas: U256::from(3),
        holdSecs: U256::from(600),
    };
    system.must(OWNER, at.oracle, &breaker);
    let growth = IOracle::setRateCall {
        asset: token,
        rateFeed: rate.feed,
        heartbeatSecs: heartbeat,
        snapshotRateWad: U256::from(WAD / 10 * 12),
        snapshotAtSecs: U256::from(now - 700_000),
        growthBps: U256::from(1_000),
    };
    system.must(OWNER, at.oracle, &growth);
    let poke = IOracle::pokeCall { asset: token };
    system.must(KEEPER, at.oracle, &poke);
    system.wait(3_600);
    // A little, which is recorded as a price and a variance; then a jump that the second source does not confirm.
    system.set_price(guarded, 2_010);
    system.must(KEEPER, at.oracle, &poke);
    system.wait(60);
    system.set_price(guarded, 3_000);
    system.must(OWNER, at.oracle, &IOracle::setSecondCall { asset: token, ..no_second() });
    system.must(KEEPER, at.oracle, &poke);
    system.second_source(guarded, 2_999);
    system.must(OWNER, at.oracle, &IOracle::setGuardianCall { newGuardian: STRANGER });
    system.must(STRANGER, at.oracle, &IOracle::setStopCall { asset: token, level: U256::ONE });
    system.refresh_prices();
}

fn no_second() -> IOracle::setSecondCall {
    IOracle::setSecondCall {
        asset: Address::ZERO,
        aggregator: Address::ZERO,
        heartbeatSecs: U256::ZERO,
        softBps: U256::ZERO,
        hardBps: U256::ZERO,
    }
}

/// A rate, a ramp, a vault of which a part is on sale, and one that has an operator, changed hands and is offered again.
fn sell_one_vault_and_hand_on_another(system: &mut System) {
    let at = system.at;
    system.must(OWNER, at.vault, &flat_rate(315));
    let ramp = IVault::setThresholdCall {
        token: at.weth.token,
        thresholdBps: U256::from(7_800),
        rampSecs: U256::from(100_000),
    };
    system.must(OWNER, at.vault, &ramp);
    let first = system.open_indebted(ALICE, &[(at.weth, 10 * WETH), (at.wbtc, WBTC / 100)], 15_000 * USD);
    system.wait(3_600);
    system.set_price(at.weth, 1_700);
    system.must(KEEPER, at.auction, &liquidate(system, first));
    let second = system.open_vault(ALICE, &[(at.wbtc, WBTC)]);
    let operator = |operator| IVault::setOperatorCall { vaultId: second, operator, allowed: true };
    let offer = |to| IVault::offerVaultCall { vaultId: second, to };
    system.must(ALICE, at.vault, &operator(KEEPER));
    system.must(ALICE, at.vault, &offer(BOB));
    system.must(BOB, at.vault, &IVault::acceptVaultCall { vaultId: second });
    system.must(BOB, at.vault, &operator(STRANGER));
    system.must(BOB, at.vault, &offer(ALICE));
    system.must(OWNER, at.auction, &IAuction::setGuardianCall { newGuardian: STRANGER });
    system.refresh_prices();
}

/// An auction by bids of which one leads and one is to be refunded; another minimum due; and a stop.
fn bid_and_be_outbid(system: &mut System) {
    let at = system.at;
    let english = IAuction::Terms {
        curve: U256::from(4),
        cutRay: U256::from(RAY / 100 * 105),
        stepSecs: U256::from(600),
        bufferBps: U256::ZERO,
        tailSecs: U256::from(3_600),
        cuspBps: U256::ZERO,
        floorBps: U256::from(8_000),
        ..usual_terms()
    };
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: english });
    system.set_price(at.weth, 2_000);
    let vault_id = system.open_indebted(BOB, &[(at.weth, 10 * WETH)], 14_000 * USD);
    system.set_price(at.weth, 1_700);
    let auction_id = system.must(KEEPER, at.auction, &liquidate(system, vault_id));
    for (bidder, dollars) in [(BUYER, 1_400), (RIVAL, 1_500)] {
        system.must(bidder, at.usd.token, &ITestToken::approveCall { spender: at.auction, amountRaw: U256::MAX });
        let bid_ray = U256::from(dollars * (RAY / WETH * USD));
        system.must(bidder, at.auction, &IAuction::bidCall { auctionId: auction_id, bidRay: bid_ray });
    }
    let (cap, minimum) = (U256::from(AUCTION_CAP_RAW), U256::from(70 * USD));
    system.must(OWNER, at.auction, &IAuction::setLimitsCall { capRaw: cap, minDueRaw: minimum });
    system.must(OWNER, at.auction, &IAuction::setTermsCall { collateral: at.weth.token, newTerms: usual_terms() });
}

/// An allowance and a permit for shares of the pool; stakes, one of them announced, and what is distributed to them.
fn sign_and_stake(system: &mut System) {
    let at = system.at;
    let amount = U256::from(1_000 * USD);
    system.must(LENDER, at.pool, &IPool::approveCall { spender: BOB, value: amount });
    system.must(LENDER, at.pool, &IPool::transferCall { to: BOB, value: amount });
    let signer = PrivateKeySigner::from_bytes(&B256::repeat_byte(7)).expect("a key");
    let deadline = system.now() + U256::from(1_000);
    let permit = Permit { owner: signer.address(), spender: BOB, value: amount, nonce: U256::ZERO, deadline };
    let domain = system.ask(at.pool, &IPool::DOMAIN_SEPARATORCall {});
    let digest = keccak256([&[0x19, 0x01], domain.as_slice(), permit.eip712_hash_struct().as_slice()].concat());
    let signature = signer.sign_hash_sync(&digest).expect("signed");
    let call = IPool::permitCall {
        owner: permit.owner,
        spender: permit.spender,
        value: permit.value,
        deadline,
        v: 27 + u8::from(signature.v()),
        r: signature.r().into(),
        s: signature.s().into(),
    };
    system.must(BOB, at.pool, &call);

    let rules = IReserve::Rules {
        bufferRaw: U256::from(4_000 * USD),
        stakersBps: U256::from(5_000),
        dripSecs: U256::from(10_000),
        cooldownSecs: U256::from(86_400),
        windowSecs: U256::from(7_200),
        patienceSecs: U256::from(3_600),
    };
    system.must(OWNER, at.reserve, &IReserve::setRulesCall { newRules: rules });
    system.must(OWNER, at.reserve, &IReserve::setTreasuryCall { newTreasury: STRANGER });
    let shares = system.must(BUYER, at.reserve, &IReserve::stakeCall { amountRaw: amount, staker: BUYER });
    system.must(BUYER, at.reserve, &IReserve::announceUnstakeCall { shares: shares / U256::from(2) });
    system.must(BOB, at.reserve, &IReserve::distributeCall {});
}

/// All of a vault on sale, sold for less than its debt and the surplus.
fn lose_more_than_the_surplus(system: &mut System) {
    let at = system.at;
    system.set_price(at.weth, 2_000);
    let vault_id = system.open_indebted(ALICE, &[(at.weth, 100 * WETH)], 140_000 * USD);
    system.set_price(at.weth, 500);
    let auction_id = system.must(KEEPER, at.auction, &liquidate(system, vault_id));
    system.must(BUYER, at.auction, &take(auction_id, U256::MAX));
    let books = system.books();
    assert!(!books.badDebtRaw.is_zero() && books.surplusRaw.is_zero(), "{books:?}");
}

/// All stakes lost but for a few units, a stake that closes their round and is announced, and what is distributed to it.
fn close_a_round(system: &mut System) {
    let at = system.at;
    let loss_raw = system.ask(at.reserve, &IReserve::lendersLossCall {});
    let gift = IReserve::donateCall { amountRaw: loss_raw + U256::from(7) };
    system.must(LENDER, at.reserve, &gift);
    system.wait(3_600);
    assert_eq!(system.must(BOB, at.reserve, &IReserve::coverCall {}).lendersRaw, U256::ZERO);
    let stake = IReserve::stakeCall { amountRaw: U256::from(50 * USD), staker: BUYER };
    let shares = system.must(BUYER, at.reserve, &stake);
    assert_eq!(system.ask(at.reserve, &IReserve::roundCall {}), U256::ONE);
    system.must(BUYER, at.reserve, &IReserve::announceUnstakeCall { shares });
    system.must(LENDER, at.reserve, &IReserve::donateCall { amountRaw: U256::from(5_000 * USD) });
    system.must(BOB, at.reserve, &IReserve::distributeCall {});
    system.refresh_prices();
}

fn liquidate(system: &System, vault_id: U256) -> IAuction::liquidateCall {
    IAuction::liquidateCall { vaultId: vault_id, collateral: system.at.weth.token, keeper: KEEPER }
}

fn take(auction_id: U256, max_lot: U256) -> IAuction::takeCall {
    IAuction::takeCall {
        auctionId: auction_id,
        maxLotRaw: max_lot,
        maxPriceRay: U256::MAX,
        recipient: BUYER,
        data: Vec::new().into(),
    }
}
