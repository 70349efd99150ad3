//! Small programs beside bytecode that does the same, on the same calldata: both must answer, store, log and create alike.

use revm::primitives::hex;

use super::*;

const ARGS: &str = "(call $read_args (i32.const 0))";
/// Returns the word on the stack.
const RETURN_WORD: [u8; 7] = hex!("5f5260205ff300");

/// A world with the program at PROGRAM and the bytecode at OTHER.
fn both(body: &str, code: &[u8]) -> World {
    let mut world = World::with(&fine(&format!("{ARGS} {body}")));
    world.put_code(OTHER, code.to_vec());
    world
}

/// What both answer to a question.
fn answers(world: &mut World, data: &[u8]) -> [Vec<u8>; 2] {
    [PROGRAM, OTHER].map(|to| {
        let tx = world.tx(TxKind::Call(to), data.to_vec());
        let run = world.execute(tx, Mode::Call).unwrap();
        assert!(run.result.is_success(), "{:?} {:?}", run.result, run.end);
        run.output().to_vec()
    })
}

#[test]
fn hashes_are_alike_at_every_length_around_words_and_blocks() {
    let mut world = both(
        "(call $native_keccak256 (i32.const 0) (local.get $len) (i32.const 5000)) (call $write_result (i32.const 5000) (i32.const 32))",
        &[&hex!("365f5f37 365f20")[..], &RETURN_WORD].concat(),
    );
    for length in [0, 1, 31, 32, 33, 64, 135, 136, 137, 272, 1_000, 4_096] {
        let data: Vec<u8> = (0..length).map(|byte| (byte * 7) as u8).collect();
        let [program, bytecode] = answers(&mut world, &data);
        assert_eq!(program, bytecode, "{length} bytes");
        assert_eq!(program, revm::primitives::keccak256(&data).to_vec());
    }
}

#[test]
fn arithmetic_is_alike_at_the_edges() {
    let edges = [
        U256::ZERO,
        U256::from(1),
        U256::from(2),
        U256::from(10),
        U256::from(1) << 128,
        U256::from(1) << 255,
        U256::MAX - U256::from(1),
        U256::MAX,
    ];
    let words = |numbers: &[U256]| numbers.iter().flat_map(|number| number.to_be_bytes::<32>()).collect::<Vec<u8>>();
    let binary = [("math_div", 0x04), ("math_mod", 0x06), ("math_pow", 0x0a)];
    for (name, opcode) in binary {
        let body =
            format!("(call ${name} (i32.const 0) (i32.const 32)) (call $write_result (i32.const 0) (i32.const 32))");
        let mut world = both(&body, &[&hex!("602035 5f35")[..], &[opcode], &RETURN_WORD].concat());
        for a in edges {
            for b in edges {
                let [program, bytecode] = answers(&mut world, &words(&[a, b]));
                assert_eq!(program, bytecode, "{name} {a} {b}");
            }
        }
    }
    for (name, opcode) in [("math_add_mod", 0x08), ("math_mul_mod", 0x09)] {
        let body = format!(
            "(call ${name} (i32.const 0) (i32.const 32) (i32.const 64)) (call $write_result (i32.const 0) (i32.const 32))"
        );
        let mut world = both(&body, &[&hex!("604035 602035 5f35")[..], &[opcode], &RETURN_WORD].concat());
        for a in &edges[3..] {
            for b in &edges[3..] {
                for m in edges {
                    let [program, bytecode] = answers(&mut world, &words(&[*a, *b, m]));
                    assert_eq!(program, bytecode, "{name} {a} {b} {m}");
                }
            }
        }
    }
}

#[test]
fn storage_is_alike_after_any_order_of_writes() {
    // Both give what was there before, then write.
    let mut world = both(
        "(call $storage_load_bytes32 (i32.const 0) (i32.const 64)) (call $storage_cache_bytes32 (i32.const 0) (i32.const 32))
         (call $storage_flush_cache (i32.const 1)) (call $write_result (i32.const 64) (i32.const 32))",
        &[&hex!("5f3554 602035 5f3555")[..], &RETURN_WORD].concat(),
    );
    for (slot, value) in [(1, 5), (1, 5), (2, 0), (1, 0), (1, 7), (u64::MAX, 1), (2, 9), (1, 7)] {
        let data = [word(slot), word(value)].concat();
        let runs = [PROGRAM, OTHER].map(|to| world.send(to, data.clone()));
        assert_eq!(runs[0].output(), runs[1].output(), "{slot} {value}");
        let refunds = runs.each_ref().map(|run| match &run.result {
            ExecutionResult::Success { gas, .. } => gas.inner_refunded(),
            other => panic!("{other:?}"),
        });
        assert_eq!(refunds[0], refunds[1], "{slot} {value}");
        assert_eq!(world.storage(PROGRAM, slot), world.storage(OTHER, slot));
    }
}

#[test]
fn transient_storage_is_alike_within_a_transaction_and_gone_after_it() {
    let mut world = both(
        "(call $transient_load_bytes32 (i32.const 0) (i32.const 64)) (call $transient_store_bytes32 (i32.const 0) (i32.const 32))
         (call $transient_load_bytes32 (i32.const 0) (i32.const 96)) (call $write_result (i32.const 64) (i32.const 64))",
        &hex!("5f355c5f52 602035 5f355d 5f355c602052 60405ff3"),
    );
    for _ in 0..2 {
        let [program, bytecode] = answers(&mut world, &[word(3), word(8)].concat());
        assert_eq!((&program, program.clone()), (&bytecode, [word(0), word(8)].concat()));
    }
}

#[test]
fn logs_are_alike_with_any_number_of_topics() {
    for topics in 0..=4u8 {
        // Topics are the first words of the calldata, in reverse on the stack; the data is what follows.
        let pushes: Vec<u8> = (0..topics).rev().flat_map(|topic| [0x60, 32 * topic, 0x35]).collect();
        let skip = 32 * topics;
        let copy = [
            &[0x60, skip, 0x36, 0x03, 0x60, skip, 0x5f, 0x37][..],
            &pushes[..],
            &[0x60, skip, 0x36, 0x03, 0x5f, 0xa0 + topics, 0x00],
        ];
        let mut world =
            both(&format!("(call $emit_log (i32.const 0) (local.get $len) (i32.const {topics}))"), &copy.concat());
        for bytes in [0, 1, 32, 77] {
            let data: Vec<u8> = (0..u32::from(skip) + bytes).map(|byte| byte as u8).collect();
            let [program, bytecode] = [PROGRAM, OTHER].map(|to| world.send(to, data.clone()));
            let (own, other) = (program.result.logs(), bytecode.result.logs());
            assert_eq!((own.len(), own[0].address, other[0].address), (1, PROGRAM, OTHER));
            assert_eq!(own[0].data, other[0].data, "{topics} topics, {bytes} bytes");
        }
    }
}

#[test]
fn creations_are_alike_in_what_they_make_and_what_they_leave_behind() {
    // Init code of the calldata: one that returns code, one that reverts with data, one that is invalid, and none.
    let inits = [hex!("602a5f5360035ff3").to_vec(), hex!("602a5f5360035ffd").to_vec(), vec![0xfe], vec![]];
    for salted in [false, true] {
        let (name, salt, opcode) = if salted {
            ("create2", "(i32.const 9000)", &hex!("5f365f5ff5")[..])
        } else {
            ("create1", "", &hex!("365f5ff0")[..])
        };
        // Both give the address as a word, then the return data.
        let body = format!(
            "(call ${name} (i32.const 0) (local.get $len) (i32.const 9000) {salt} (i32.const 5012) (i32.const 6000))
             (drop (call $read_return_data (i32.const 5032) (i32.const 0) (i32.const 100)))
             (call $write_result (i32.const 5000) (i32.add (i32.const 32) (call $return_data_size)))"
        );
        let code = [&hex!("365f5f37")[..], opcode, &hex!("5f52 3d5f60203e 3d602001 5ff3")].concat();
        for init in &inits {
            let mut world = both(&body, &code);
            let runs = [PROGRAM, OTHER].map(|to| world.send(to, init.clone()));
            let made = runs.each_ref().map(|run| Address::from_slice(&run.output()[12..32]));
            assert_eq!(runs[0].output()[32..], runs[1].output()[32..], "{name} {init:02x?}");
            if made[0] == Address::ZERO {
                assert_eq!(made[1], Address::ZERO);
                continue;
            }
            let expected = [PROGRAM, OTHER].map(|creator| match salted {
                true => creator.create2([0; 32], revm::primitives::keccak256(init)),
                false => creator.create(1),
            });
            assert_eq!(made, expected);
            let codes = made.map(|account| world.db.load_account(account).unwrap().info.code_hash);
            assert_eq!(codes[0], codes[1], "{name} {init:02x?}");
        }
    }
}

#[test]
fn facts_of_the_block_and_the_transaction_are_alike() {
    let facts = [
        ("block_number", true, 0x43),
        ("block_timestamp", true, 0x42),
        ("block_gas_limit", true, 0x45),
        ("chainid", true, 0x46),
        ("block_basefee", false, 0x48),
        ("block_coinbase", false, 0x41),
        ("tx_gas_price", false, 0x3a),
        ("tx_origin", false, 0x32),
        ("msg_sender", false, 0x33),
        ("msg_value", false, 0x34),
    ];
    for (name, is_returned, opcode) in facts {
        let body =
            if is_returned { format!("(drop (call ${name}))") } else { format!("(call ${name} (i32.const 64))") };
        let mut world = both(&body, &[&[opcode][..], &RETURN_WORD].concat());
        world.block.l1_number = 123;
        world.block.base_fee = 77;
        let runs = [PROGRAM, OTHER].map(|to| {
            let mut tx = world.tx(TxKind::Call(to), vec![]);
            (tx.value, tx.gas_price) = (U256::from(5), 77);
            world.run(tx)
        });
        let told = U256::from_be_slice(&runs[0].step(name).outs);
        assert_eq!(told, U256::from_be_slice(runs[1].output()), "{name}");
        assert_ne!(told, U256::ZERO, "{name}");
    }
}

#[test]
fn balance_and_code_of_an_account_are_alike() {
    let accounts = [
        (
            "account_balance",
            "(call $account_balance (i32.const 0) (i32.const 64)) (call $write_result (i32.const 64) (i32.const 32))",
            &hex!("5f3560601c31")[..],
        ),
        (
            "account_codehash",
            "(call $account_codehash (i32.const 0) (i32.const 64)) (call $write_result (i32.const 64) (i32.const 32))",
            &hex!("5f3560601c3f"),
        ),
        (
            "account_code_size",
            "(i32.store8 (i32.const 95) (call $account_code_size (i32.const 0))) (call $write_result (i32.const 64) (i32.const 32))",
            &hex!("5f3560601c3b"),
        ),
    ];
    for (name, body, code) in accounts {
        let mut world = both(body, &[code, &RETURN_WORD].concat());
        let coded = Address::repeat_byte(0x55);
        world.put_code(coded, vec![1, 2, 3]);
        world.give(coded, U256::from(44));
        for account in [coded, SENDER, Address::repeat_byte(0x77)] {
            let [program, bytecode] = answers(&mut world, account.as_slice());
            assert_eq!(program, bytecode, "{name} {account}");
        }
    }
}
