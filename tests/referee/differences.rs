//! Where the two chains differ because Arbitrum differs from Ethereum: a row for each, with the reason. Everything else must agree.

use crate::{
    assembly::{deployer, op, push},
    pair::{BASE_FEE_WEI, BOB, Outcome, Pair, Tx},
};
use alloy_primitives::{Address, Bytes, U256, hex};
use serde_json::json;

/// What is done on both chains before the answer is looked at.
enum Act {
    /// A transaction whose receipt and answer are looked at.
    Send(fn() -> Tx),
    /// Code that leaves a word on the stack, run as a contract.
    Word(Vec<u8>),
}

/// One difference.
struct Difference {
    name: &'static str,
    reason: &'static str,
    act: Act,
    /// What anvil does, and what the local chain does.
    anvil: fn(&Outcome) -> bool,
    ours: fn(&Outcome) -> bool,
}

fn answered(outcome: &Outcome, word: U256) -> bool {
    outcome.success && outcome.logs.len() == 1 && outcome.logs[0].2[..] == word.to_be_bytes::<32>()
}

fn word_of(outcome: &Outcome) -> U256 {
    assert!(outcome.success, "{outcome:?}");
    U256::from_be_slice(&outcome.logs[0].2)
}

/// Calldata that costs nothing to execute: 1000 bytes that are not zero.
fn bulk() -> Tx {
    Tx::call(BOB, vec![1; 1_000])
}

fn tipped() -> Tx {
    Tx::call(BOB, vec![])
        .with("maxFeePerGas", json!(U256::from(3 * BASE_FEE_WEI)))
        .with("maxPriorityFeePerGas", json!(U256::from(BASE_FEE_WEI)))
}

/// Init code that returns a program: the prefix of one, and nothing that is valid.
fn program() -> Tx {
    Tx::create(deployer(&hex!("eff00000ff")))
}

/// ArbSys.arbChainID()
fn ask_arb_sys() -> Tx {
    Tx::call(Address::with_last_byte(0x64), hex!("d127f54a"))
}

const BATCH_POSTER: &str = "a4b000000000000000000073657175656e636572";

fn differences() -> Vec<Difference> {
    vec![
        Difference {
            name: "NUMBER",
            reason: "gives the number of the L1 block, which here is a setting that starts at 0",
            act: Act::Word(vec![op::NUMBER]),
            anvil: |outcome| word_of(outcome) > U256::ZERO,
            ours: |outcome| answered(outcome, U256::ZERO),
        },
        Difference {
            name: "BLOCKHASH",
            reason: "gives hashes of L1 blocks, and none is known when the L1 number is 0",
            act: Act::Word([push(0_u64), vec![op::BLOCKHASH]].concat()),
            anvil: |outcome| word_of(outcome) > U256::ZERO,
            ours: |outcome| answered(outcome, U256::ZERO),
        },
        Difference {
            name: "COINBASE",
            reason: "is the account that posts batches",
            act: Act::Word(vec![op::COINBASE]),
            anvil: |outcome| answered(outcome, U256::ZERO),
            ours: |outcome| answered(outcome, U256::from_be_slice(&hex::decode(BATCH_POSTER).expect("hex"))),
        },
        Difference {
            name: "PREVRANDAO",
            reason: "is 1: a sequencer has no beacon",
            act: Act::Word(vec![op::PREVRANDAO]),
            anvil: |outcome| word_of(outcome) != U256::from(1),
            ours: |outcome| answered(outcome, U256::from(1)),
        },
        Difference {
            name: "GASLIMIT",
            reason: "is 2^50: what limits a block is the gas of its transactions over time",
            act: Act::Word(vec![op::GASLIMIT]),
            anvil: |outcome| answered(outcome, U256::from(30_000_000)),
            ours: |outcome| answered(outcome, U256::from(1_u64 << 50)),
        },
        Difference {
            name: "BLOBBASEFEE",
            reason: "is an invalid opcode, as there are no blobs",
            act: Act::Word(vec![op::BLOBBASEFEE]),
            anvil: |outcome| answered(outcome, U256::from(1)),
            ours: |outcome| !outcome.success && outcome.answer == Err(None),
        },
        Difference {
            name: "the floor price of calldata (EIP-7623)",
            reason: "is switched off, because calldata is paid for by what it costs to post",
            act: Act::Send(bulk),
            anvil: |outcome| outcome.gas_used == 21_000 + 40 * 1_000,
            ours: |outcome| outcome.gas_used == 21_000 + 16 * 1_000,
        },
        Difference {
            name: "tips",
            reason: "are dropped: the sequencer takes transactions first come, first served",
            act: Act::Send(tipped),
            anvil: |outcome| outcome.gas_price_wei == 2 * BASE_FEE_WEI,
            ours: |outcome| outcome.gas_price_wei == BASE_FEE_WEI,
        },
        Difference {
            name: "code that begins with EFF000 (EIP-3541)",
            reason: "is a Stylus program and may be created",
            act: Act::Send(program),
            anvil: |outcome| !outcome.success,
            ours: |outcome| outcome.success && outcome.contract.is_some(),
        },
        Difference {
            name: "the addresses from 0x64",
            reason: "are precompiles of ArbOS",
            act: Act::Send(ask_arb_sys),
            anvil: |outcome| outcome.success && outcome.answer == Ok(Bytes::new()),
            ours: |outcome| outcome.success && outcome.answer == Ok(U256::from(412_346).to_be_bytes::<32>().into()),
        },
    ]
}

#[test]
fn each_named_difference_is_there_on_both_sides() {
    let mut pair = Pair::start();
    // Elsewhere anvil has the coinbase of the local chain.
    pair.ask_anvil("anvil_setCoinbase", json!([Address::ZERO]));
    for difference in differences() {
        let Difference { name, reason, act, anvil, ours } = difference;
        let tx = match act {
            Act::Send(tx) => tx(),
            Act::Word(code) => {
                let tail = [vec![op::PUSH0, op::MSTORE], push(32_u64), vec![op::PUSH0, op::LOG0]].concat();
                let at = pair.deploys(name, deployer(&[code, tail].concat()));
                Tx::call(at, vec![])
            }
        };
        let [theirs, our] = pair.both(&tx);
        assert!(anvil(&theirs), "{name} {reason}, and on anvil it is otherwise; there: {theirs:?}");
        assert!(ours(&our), "{name} {reason}; here: {our:?}");
    }
}

#[test]
fn the_base_fee_is_burnt_on_ethereum_and_goes_to_the_network_fee_account_here() {
    let mut pair = Pair::start();
    let outcome = pair.succeeds("a transfer", Tx::call(BOB, vec![]).value(1));
    assert_eq!(outcome.gas_used, 21_000);
    let [theirs, ours] = pair.ask("eth_getBalance", json!([Address::ZERO, "latest"]));
    assert_eq!(theirs, "0x0");
    assert_eq!(ours, json!(U256::from(21_000 * BASE_FEE_WEI)));
}

#[test]
fn accounts_at_genesis_are_a_difference_that_code_can_see() {
    let pair = Pair::start();
    // The factory of CREATE2 lies on both, with the same code; ArbSys on one alone.
    let factory = json!(["0x4e59b44847b379578588920cA78FbF26c0B4956C", "latest"]);
    let [theirs, ours] = pair.ask("eth_getCode", factory);
    assert_eq!(ours, theirs);
    let [theirs, ours] = pair.ask("eth_getCode", json!([Address::with_last_byte(0x64), "latest"]));
    assert_eq!((theirs, ours), (json!("0x"), json!("0xfe")));
}

#[test]
fn a_transaction_runs_with_at_most_32_000_000_gas_here_and_may_name_more() {
    // Ethereum refuses more than 2^24 (EIP-7825), anvil when it is told to; a block of anvil's has 30 000 000.
    const ASKED: u64 = 40_000_000;
    let mut pair = Pair::start();
    let log = [vec![op::GAS, op::PUSH0, op::MSTORE], push(32_u64), vec![op::PUSH0, op::LOG0]].concat();
    let at = pair.deploys("gas", deployer(&log));
    let given = |gas: u64| Tx::call(at, vec![]).with("gas", json!(U256::from(gas)));
    let [theirs, ours] = pair.both(&given(25_000_000));
    assert_eq!(word_of(&ours), word_of(&theirs));
    let [theirs, ours] = pair.refusals(&given(ASKED));
    assert!(theirs.as_ref().is_some_and(|words| words.contains("gas")), "{theirs:?}");
    assert_eq!(ours, None);
    let block = pair.ask_ours("eth_getBlockReceipts", json!(["latest"]));
    let found: U256 = serde_json::from_value(block[0]["logs"][0]["data"].clone()).expect("a word");
    assert!((31_900_000..32_000_000).contains(&found.to::<u64>()), "{block}");
}

#[test]
fn blob_transactions_are_refused_here() {
    let mut pair = Pair::start();
    let hash = format!("0x01{}", "11".repeat(31));
    let blobs = Tx::call(BOB, vec![]).with("blobVersionedHashes", json!([hash])).with("maxFeePerBlobGas", json!("0x1"));
    let [_, ours] = pair.refusals(&blobs);
    assert_eq!(ours.as_deref(), Some("transaction type not supported: 3"));
}

#[test]
fn a_signed_transaction_has_at_most_95_000_bytes_here() {
    // anvil, like geth, takes 128 KiB.
    let mut pair = Pair::start();
    for (nonce, bytes, is_taken) in [(0, 94_000, true), (1, 96_000, false)] {
        let [theirs, ours] = pair.signed_refusals(nonce, vec![0; bytes]);
        assert_eq!(theirs, None, "{bytes}");
        assert_eq!(ours.is_none(), is_taken, "{bytes}: {ours:?}");
        assert!(ours.is_none_or(|words| words.starts_with("oversized data: transaction size 96")), "{bytes}");
    }
}

#[test]
fn past_hashes_in_the_state_are_not_part_of_genesis_here() {
    // anvil has the contract of EIP-2935. ArbOS has one too since version 40, so that this is a gap of the local chain, and no difference of
    // Arbitrum's; here `ArbSys.arbBlockHash` alone gives hashes.
    let pair = Pair::start();
    let code = |at: &str| pair.ask("eth_getCode", json!([at, "latest"]));
    let [theirs, ours] = code("0x0000F90827F1C53a10cb7A02335B175320002935");
    assert_ne!(theirs, "0x");
    assert_eq!(ours, "0x");
    // Roots of the beacon chain (EIP-4788) are on neither: that is no difference.
    assert_eq!(code("0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02"), [json!("0x"), json!("0x")]);
}
