//! Every opcode, on values at the edges, in code that no compiler would write.

use crate::{
    assembly::{apply, deployer, op, push, push_address, report},
    pair::{BOB, Pair, Tx},
};
use alloy_primitives::{Address, B256, U256};
use serde_json::json;

fn edges() -> Vec<U256> {
    let power = |exponent: usize| U256::from(1) << exponent;
    vec![
        U256::ZERO,
        U256::from(1),
        U256::from(2),
        U256::from(31),
        U256::from(255),
        U256::from(256),
        power(128),
        power(255),
        power(255) - U256::from(1),
        U256::MAX - U256::from(1),
        U256::MAX,
    ]
}

/// Deploys code that reports, and calls it.
fn exercise(pair: &mut Pair, name: &str, pieces: &[Vec<u8>]) {
    let code = report(pieces);
    let at = pair.deploys(name, deployer(&code));
    pair.succeeds(name, Tx::call(at, vec![]));
}

fn one(code: u8) -> Vec<u8> {
    vec![code]
}

#[test]
fn arithmetic_comparison_and_bit_opcodes_agree_on_all_pairs_of_edges() {
    let mut pair = Pair::start();
    let edges = edges();
    let two = (op::ADD..=op::SIGNEXTEND)
        .chain(op::LT..=op::SAR)
        .filter(|code| ![op::ADDMOD, op::MULMOD, op::ISZERO, op::NOT].contains(code));
    for code in two {
        let pieces: Vec<_> =
            edges.iter().flat_map(|left| edges.iter().map(move |right| apply(code, &[*left, *right]))).collect();
        exercise(&mut pair, &format!("opcode {code:#x}"), &pieces);
    }
    let some = [edges[0], edges[1], edges[4], edges[8], edges[10]];
    for code in [op::ADDMOD, op::MULMOD] {
        let mut pieces = Vec::new();
        for first in some {
            for second in some {
                pieces.extend(some.map(|third| apply(code, &[first, second, third])));
            }
        }
        exercise(&mut pair, &format!("opcode {code:#x}"), &pieces);
    }
    let pieces: Vec<_> = [op::ISZERO, op::NOT, op::CLZ]
        .iter()
        .flat_map(|code| edges.iter().map(|only| apply(*code, &[*only])))
        .collect();
    exercise(&mut pair, "unary opcodes", &pieces);
}

#[test]
fn stack_opcodes_agree_at_every_width_and_depth() {
    let mut pair = Pair::start();
    let mut pieces: Vec<Vec<u8>> =
        (0..=32_u8).map(|width| [vec![op::PUSH0 + width], vec![0xa5; usize::from(width)]].concat()).collect();
    for depth in 0..16_u8 {
        let words: Vec<u8> = (0..=depth + 1).flat_map(|number| push(u64::from(number) + 1)).collect();
        pieces.push([words.clone(), vec![op::DUP1 + depth]].concat());
        pieces.push([words, vec![op::SWAP1 + depth]].concat());
    }
    pieces.push([push(1_u64), push(2_u64), one(op::POP)].concat());
    exercise(&mut pair, "stack", &pieces);
    let underflow = pair.deploys("underflow", deployer(&[op::ADD]));
    pair.fails("underflow", Tx::call(underflow, vec![]));
    // A loop that pushes until the stack is full.
    let overflow = pair.deploys("overflow", deployer(&[op::JUMPDEST, op::PUSH0, op::PUSH0, 0x56]));
    pair.fails("overflow", Tx::call(overflow, vec![]));
    let jump = pair.deploys("a jump into data", deployer(&[0x60, 0x04, 0x56, 0x60, 0x5b]));
    pair.fails("a jump into data", Tx::call(jump, vec![]));
}

#[test]
fn memory_calldata_and_code_opcodes_agree() {
    let mut pair = Pair::start();
    let word = |at: u64| [push(at), one(op::MLOAD)].concat();
    let store = |at: u64, value: u64| [push(value), push(at), one(op::MSTORE)].concat();
    let copy = |code: u8, to: u64, from: u64, length: u64| [push(length), push(from), push(to), one(code)].concat();
    let mut pieces = vec![
        one(op::MSIZE),
        [store(1, 0x1234), word(0)].concat(),
        [push(0x1ff_u64), push(40_u64), one(op::MSTORE8), word(32)].concat(),
        [copy(op::MCOPY, 8, 0, 64), word(32)].concat(),
        [copy(op::MCOPY, 0, 8, 64), word(0)].concat(),
        [copy(op::MCOPY, 5_000, 0, 0), one(op::MSIZE)].concat(),
        one(op::CALLDATASIZE),
        [push(3_u64), one(op::CALLDATALOAD)].concat(),
        apply(op::CALLDATALOAD, &[U256::MAX]),
        [copy(op::CALLDATACOPY, 64, 2, 70), word(96)].concat(),
        one(op::CODESIZE),
        [copy(op::CODECOPY, 64, 1, 64), word(64)].concat(),
        [copy(op::CODECOPY, 64, 1_000_000, 64), word(64)].concat(),
        one(op::PC),
        one(op::GAS),
        [word(3_000), one(op::POP), one(op::MSIZE)].concat(),
    ];
    for length in [0_u64, 1, 31, 32, 33, 136, 200] {
        pieces.push([push(length), push(0_u64), one(op::KECCAK256)].concat());
    }
    let code = report(&pieces);
    let at = pair.deploys("memory", deployer(&code));
    for length in [0_usize, 1, 4, 33, 100, 300] {
        let data: Vec<u8> = (0..length).map(|index| u8::try_from(index % 251).expect("a byte")).collect();
        pair.succeeds("memory", Tx::call(at, data));
    }
    for (name, code) in [
        ("a word out of reach", apply(op::MLOAD, &[U256::from(1_u64 << 40)])),
        ("return data that is not there", apply(op::RETURNDATACOPY, &[U256::ZERO, U256::ZERO, U256::from(1)])),
        ("an opcode that does not exist", one(0x0c)),
        ("INVALID", one(op::INVALID)),
    ] {
        let at = pair.deploys(name, deployer(&code));
        pair.fails(name, Tx::call(at, vec![]));
    }
}

#[test]
fn opcodes_about_accounts_and_the_transaction_agree() {
    let mut pair = Pair::start();
    let token = pair.deploys("a contract", deployer(&[op::PUSH0, op::PUSH0, op::RETURN]));
    let about = |code: u8, account: Address| [push_address(account), vec![code]].concat();
    let mut pieces: Vec<Vec<u8>> = [
        op::ADDRESS,
        op::ORIGIN,
        op::CALLER,
        op::CALLVALUE,
        op::GASPRICE,
        op::TIMESTAMP,
        op::CHAINID,
        op::SELFBALANCE,
        op::BASEFEE,
        op::RETURNDATASIZE,
        op::GAS,
    ]
    .map(one)
    .to_vec();
    pieces.push(apply(op::BLOBHASH, &[U256::ZERO]));
    for account in [token, BOB, Address::repeat_byte(0x55), Address::with_last_byte(2)] {
        // Twice, as the first time costs more.
        for _ in 0..2 {
            pieces.extend([op::BALANCE, op::EXTCODESIZE, op::EXTCODEHASH].map(|code| about(code, account)));
        }
        pieces.push(
            [
                push(64_u64),
                push(0_u64),
                push(0_u64),
                push_address(account),
                vec![op::EXTCODECOPY],
                push(0_u64),
                one(op::MLOAD),
            ]
            .concat(),
        );
    }
    let at = pair.deploys("accounts", deployer(&report(&pieces)));
    let logged = pair.succeeds("accounts", Tx::call(at, vec![]).value(9));
    assert_eq!(logged.logs.len(), 1);
    let declared = |account: Address, slots: &[B256]| json!({ "address": account, "storageKeys": slots });
    let warm = json!([declared(BOB, &[]), declared(at, &[B256::ZERO])]);
    pair.succeeds("accounts declared warm", Tx::call(at, vec![1, 0, 2]).with("accessList", warm));
}

#[test]
fn storage_transitions_refunds_and_transient_storage_agree() {
    let mut pair = Pair::start();
    // Stores the words of the calldata one after another into slot 7, then returns what is there.
    let mut code = Vec::new();
    for index in 0..4_u64 {
        code.extend([push(index * 32), vec![op::CALLDATALOAD], push(7_u64), vec![op::SSTORE]].concat());
    }
    code.extend(
        [
            push(7_u64),
            vec![op::SLOAD, op::GAS, op::POP, op::PUSH0, op::MSTORE],
            push(32_u64),
            vec![op::PUSH0, op::RETURN],
        ]
        .concat(),
    );
    let at = pair.deploys("storage", deployer(&code));
    for first in 0..3_u64 {
        for second in 0..3_u64 {
            for third in 0..3_u64 {
                let words = [first, second, third, (first + 2 * second + third) % 3]
                    .map(|word| U256::from(word).to_be_bytes::<32>())
                    .concat();
                pair.succeeds(&format!("storage {first} {second} {third}"), Tx::call(at, words));
            }
        }
    }
    let transient = [
        [push(5_u64), push(1_u64), one(op::TSTORE), push(1_u64), one(op::TLOAD)].concat(),
        [push(2_u64), one(op::TLOAD)].concat(),
        [push(1_u64), one(op::SLOAD)].concat(),
    ];
    let at = pair.deploys("transient storage", deployer(&report(&transient)));
    pair.succeeds("transient storage", Tx::call(at, vec![]));
    // SSTORE needs more than 2300 gas left: a transfer's stipend is not enough.
    let writer = pair.deploys("a writer", deployer(&[push(1_u64), push(1_u64), one(op::SSTORE)].concat()));
    let call = [vec![op::PUSH0; 4], push(1_u64), push_address(writer), push(0_u64), vec![op::CALL]].concat();
    let at = pair.deploys("a stipend", deployer(&report(&[call])));
    pair.succeeds("a stipend", Tx::call(at, vec![]).value(2));
}

#[test]
fn logs_agree_with_each_number_of_topics() {
    let mut pair = Pair::start();
    let mut code = [push(0xfeed_u64), vec![op::PUSH0, op::MSTORE]].concat();
    for topics in 0..=4_u8 {
        code.extend((0..topics).flat_map(|topic| push(u64::from(topic) + 100)));
        code.extend([push(u64::from(topics) * 9), push(3_u64), vec![op::LOG0 + topics]].concat());
    }
    let at = pair.deploys("logs", deployer(&code));
    let outcome = pair.succeeds("logs", Tx::call(at, vec![]));
    assert_eq!(outcome.logs.len(), 5);
    let static_log = [vec![op::PUSH0; 4], push_address(at), push(100_000_u64), vec![op::STATICCALL]].concat();
    let caller = pair.deploys("a log in a static call", deployer(&report(&[static_log])));
    pair.succeeds("a log in a static call", Tx::call(caller, vec![]));
}

#[test]
fn calls_of_every_kind_agree_in_gas_value_and_return_data() {
    let mut pair = Pair::start();
    let context = [op::ADDRESS, op::CALLER, op::CALLVALUE, op::SELFBALANCE].map(one);
    let mut callees = vec![
        ("who am I", pair.deploys("who am I", deployer(&report(&context)))),
        (
            "reverts",
            pair.deploys(
                "reverts",
                deployer(
                    &[push(0xbad_u64), vec![op::PUSH0, op::MSTORE], push(32_u64), vec![op::PUSH0, op::REVERT]].concat(),
                ),
            ),
        ),
        ("halts", pair.deploys("halts", deployer(&[op::INVALID]))),
        ("stops", pair.deploys("stops", deployer(&[op::STOP]))),
    ];
    callees.push(("nobody", Address::repeat_byte(0x99)));
    callees.push(("identity", Address::with_last_byte(4)));
    for (name, callee) in callees {
        let mut pieces = Vec::new();
        for gas in [0_u64, 700, 30_000, 1_000_000] {
            for kind in [op::CALL, op::CALLCODE, op::DELEGATECALL, op::STATICCALL] {
                for wei in [0_u64, 3] {
                    let valued = kind == op::CALL || kind == op::CALLCODE;
                    if !valued && wei > 0 {
                        continue;
                    }
                    let value = if valued { push(wei) } else { Vec::new() };
                    pieces.push(
                        [
                            push(40_u64),
                            push(0x80_u64),
                            push(36_u64),
                            push(0_u64),
                            value,
                            push_address(callee),
                            push(gas),
                            vec![kind],
                        ]
                        .concat(),
                    );
                    pieces.push(one(op::RETURNDATASIZE));
                    pieces.push([push(0x80_u64), one(op::MLOAD)].concat());
                    pieces.push(
                        [
                            one(op::RETURNDATASIZE),
                            push(0_u64),
                            push(0x100_u64),
                            one(op::RETURNDATACOPY),
                            push(0x100_u64),
                            one(op::MLOAD),
                        ]
                        .concat(),
                    );
                    pieces.push(one(op::GAS));
                }
            }
        }
        let at = pair.deploys(name, deployer(&report(&pieces)));
        pair.succeeds(&format!("calls of {name}"), Tx::call(at, vec![]).value(1_000));
        pair.succeeds(&format!("calls of {name} without the money"), Tx::call(at, vec![]));
    }
    // Calls itself with all its gas: a 64th stays behind each time.
    let deep = [vec![op::PUSH0; 5], vec![op::ADDRESS, op::GAS, op::CALL, op::GAS, op::ADD]].concat();
    let at = pair.deploys("recursion", deployer(&report(&[deep])));
    pair.succeeds("recursion", Tx::call(at, vec![]));
}

#[test]
fn creations_agree_in_addresses_gas_and_failures() {
    let mut pair = Pair::start();
    let returning = |code: &[u8]| deployer(code);
    let too_long = [push(24_577_u64), vec![op::PUSH0, op::RETURN]].concat();
    let longest = [push(24_576_u64), vec![op::PUSH0, op::RETURN]].concat();
    for (name, init) in [
        ("a contract", returning(&[op::STOP, op::STOP])),
        ("no code", vec![op::STOP]),
        ("a revert with data", [push(32_u64), vec![op::PUSH0, op::REVERT]].concat()),
        ("a halt", vec![op::INVALID]),
        ("the longest code", longest),
        ("code that is too long", too_long),
        ("code that begins with EF", returning(&[0xef, 0xfe])),
        ("a contract that destroys itself", [push_address(BOB), vec![op::SELFDESTRUCT]].concat()),
    ] {
        let put: Vec<u8> = init
            .chunks(32)
            .enumerate()
            .flat_map(|(index, chunk)| {
                let mut word = [0_u8; 32];
                word[..chunk.len()].copy_from_slice(chunk);
                [vec![op::PUSH0 + 32], word.to_vec(), push(index * 32), vec![op::MSTORE]].concat()
            })
            .collect();
        for wei in [0_u64, 1, 1_000_000] {
            let create = [push(init.len()), push(0_u64), push(wei), one(op::CREATE)].concat();
            let create2 = [push(0x5a17_u64), push(init.len()), push(0_u64), push(wei), one(op::CREATE2)].concat();
            for create in [vec![create], vec![create2.clone()], vec![create2.clone(), create2]] {
                let mut pieces = vec![[put.clone(), one(op::GAS)].concat()];
                // What fails other than by a revert leaves a 64th of the gas: enough for one more that fails, not for three.
                for create in create {
                    pieces.extend([create, one(op::RETURNDATASIZE), one(op::GAS)]);
                }
                let at = pair.deploys(name, deployer(&report(&pieces)));
                pair.send(&format!("{name}, with {wei} wei"), Tx::call(at, vec![]).value(50));
            }
        }
        if name != "the longest code" {
            pair.send(&format!("{name}, as a transaction"), Tx::create(init));
        }
    }
    let huge = [push(49_153_u64), vec![op::PUSH0, op::PUSH0, op::CREATE]].concat();
    let at = pair.deploys("init code that is too long", deployer(&report(&[huge])));
    pair.fails("init code that is too long", Tx::call(at, vec![]));
}

#[test]
fn selfdestruct_agrees_for_old_and_new_contracts_and_beneficiaries() {
    let mut pair = Pair::start();
    for (name, heir) in [("an account", BOB), ("nobody", Address::repeat_byte(0x41))] {
        let code = [push_address(heir), vec![op::SELFDESTRUCT]].concat();
        let at = pair.deploys(name, deployer(&code));
        pair.succeeds(&format!("selfdestruct to {name}"), Tx::call(at, vec![]).value(5));
        pair.succeeds(&format!("selfdestruct to {name} again"), Tx::call(at, vec![]));
        pair.succeeds(&format!("selfdestruct to {name} while created"), Tx::create(code).value(5));
    }
    let own = pair.deploys("itself", deployer(&[op::ADDRESS, op::SELFDESTRUCT]));
    pair.succeeds("selfdestruct to itself", Tx::call(own, vec![]).value(5));
}
