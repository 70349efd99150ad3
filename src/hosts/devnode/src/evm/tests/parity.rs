//! Programs beside contracts that do the same: what both answer, and what it costs.

use revm::primitives::hex;

use super::*;
use crate::wasm::price::{cached_gas, init_gas};

/// What a hop does with the next: the first byte of its calldata.
const KINDS: [&str; 3] = ["call_contract", "delegate_call_contract", "static_call_contract"];

/// A program that calls the address in bytes 1 to 20 of its calldata, in the way byte 0 names, with the rest, and hands on what comes back.
///
/// At the end of the path it answers with the account it acts as and its caller; any byte left over makes it revert with the same answer.
fn hopping_program() -> String {
    let arms: String = KINDS
        .iter()
        .enumerate()
        .map(|(kind, name)| {
            let value = if kind == 0 { "(i32.const 2000)" } else { "" };
            format!(
                "(if (i32.eq (local.get $i) (i32.const {kind})) (then (local.set $status (call ${name} (i32.const 1)
                   (i32.const 21) (i32.sub (local.get $len) (i32.const 21)) {value} (i64.const -1) (i32.const 900)))))"
            )
        })
        .collect();
    module(
        1,
        &format!(
            "(call $read_args (i32.const 0))
             (if (i32.lt_u (local.get $len) (i32.const 21)) (then
               (call $contract_address (i32.const 1000)) (call $msg_sender (i32.const 1020))
               (call $write_result (i32.const 1000) (i32.const 40))
               (return (i32.ne (local.get $len) (i32.const 0)))))
             (local.set $i (i32.load8_u (i32.const 0)))
             {arms}
             (drop (call $read_return_data (i32.const 3000) (i32.const 0) (call $return_data_size)))
             (call $write_result (i32.const 3000) (call $return_data_size))
             (i32.ne (local.get $status) (i32.const 0))"
        ),
    )
}

/// Bytecode that does what [`hopping_program`] does.
fn hopping_bytecode() -> Vec<u8> {
    let call_arguments = hex!("60013560601c5a"); // address, gas
    let mut code = Vec::new();
    code.extend(hex!("6015361060 00 57")); // a short calldata is the end of the path: jump there
    let end_at = 6 - 1;
    code.extend(hex!("60153603 80 6015 5f 37 5f5f91 5f")); // copy the rest to 0; stack: 0 0 length 0
    code.extend(hex!("5f3560f81c")); // the kind
    code.extend(hex!("80 6001 14 60 00 57"));
    let delegate_at = code.len() - 2;
    code.extend(hex!("6002 14 60 00 57"));
    let static_at = code.len() - 2;
    code.push(0x5f);
    code.extend(call_arguments);
    code.extend(hex!("f1 60 00 56"));
    let from_call = code.len() - 2;
    code[delegate_at] = code.len() as u8;
    code.extend(hex!("5b 50"));
    code.extend(call_arguments);
    code.extend(hex!("f4 60 00 56"));
    let from_delegate = code.len() - 2;
    code[static_at] = code.len() as u8;
    code.push(0x5b);
    code.extend(call_arguments);
    code.push(0xfa);
    let settled = code.len() as u8;
    code[from_call] = settled;
    code[from_delegate] = settled;
    code.extend(hex!("5b 3d5f5f3e 60 00 57 3d5ffd"));
    let succeeded_at = code.len() - 5;
    code[succeeded_at] = code.len() as u8;
    code.extend(hex!("5b 3d5ff3"));
    code[end_at] = code.len() as u8;
    code.extend(hex!("5b 3060601b5f52 3360601b601452 36 60 00 57 60285ff3"));
    let reverts_at = code.len() - 6;
    code[reverts_at] = code.len() as u8;
    code.extend(hex!("5b 60285ffd"));
    code
}

/// Worlds in which the two accounts of a path are programs, bytecode, or one of each.
fn worlds() -> [World; 4] {
    [(true, true), (true, false), (false, true), (false, false)].map(|programs| {
        let mut world = World::new();
        for (account, is_program) in [(PROGRAM, programs.0), (OTHER, programs.1)] {
            if is_program {
                world.put_program(account, &hopping_program());
            } else {
                world.put_code(account, hopping_bytecode());
            }
        }
        world
    })
}

#[test]
fn every_path_of_call_kinds_answers_alike_through_programs_and_bytecode() {
    let mut worlds = worlds();
    for depth in 0..=3u32 {
        for number in 0..3u32.pow(depth) {
            for end in [&[][..], &[1]] {
                let mut path = Vec::new();
                let (mut rest, mut acting, mut sender) = (number, PROGRAM, SENDER);
                for hop in 0..depth {
                    let (kind, target) = ((rest % 3) as u8, if hop % 2 == 0 { OTHER } else { PROGRAM });
                    rest /= 3;
                    path.push(kind);
                    path.extend(target);
                    if kind != 1 {
                        (sender, acting) = (acting, target);
                    }
                }
                path.extend(end);
                let expected = [acting.as_slice(), sender.as_slice()].concat();
                for world in &mut worlds {
                    let run = world.send(PROGRAM, path.clone());
                    assert_eq!(run.result.is_success(), end.is_empty(), "{path:02x?}");
                    assert_eq!(run.output(), expected, "{path:02x?}");
                }
            }
        }
    }
}

#[test]
fn recursion_of_each_kind_goes_as_deep_through_programs_as_it_is_asked_to() {
    for kind in 0..3u8 {
        for depth in [1usize, 5, 20] {
            let mut world = World::with(&hopping_program());
            let path: Vec<u8> =
                std::iter::repeat_n([&[kind][..], PROGRAM.as_slice()].concat(), depth).flatten().collect();
            let run = world.go(path);
            let sender = if kind == 1 { SENDER } else { PROGRAM };
            assert_eq!(run.output(), [PROGRAM.as_slice(), sender.as_slice()].concat(), "{kind} {depth}");
            let mut steps = run.steps();
            let mut found = 0;
            while let Some(call) = steps.iter().find(|step| step.name == KINDS[usize::from(kind)]) {
                found += 1;
                steps = call.steps.as_deref().unwrap();
            }
            assert_eq!(found, depth);
        }
    }
}

#[test]
fn returning_much_data_costs_within_100_gas_of_what_a_contract_pays_and_never_less_than_its_memory() {
    // PUSH4 length, PUSH0, RETURN
    let contract = |len: u32| [&[0x63][..], &len.to_be_bytes(), &hex!("5ff3")].concat();
    for len in [100_000u32, 262_144, 400_000, 524_288] {
        let mut world = World::new();
        world.put_code(OTHER, contract(len));
        let bytecode = world.send(OTHER, vec![]).gas_used;
        world.put_program(
            PROGRAM,
            &module(8, &format!("(call $write_result (i32.const 0) (i32.const {len})) (i32.const 0)")),
        );
        let program = world.go(vec![]).gas_used;
        let words = u64::from(len).div_ceil(32);
        let memory_gas = INTRINSIC_GAS + 3 * words + words * words / 512;
        assert!(program >= memory_gas, "{len}");
        // Short data is dominated by the start of the program; long data by its memory.
        if memory_gas > INTRINSIC_GAS + 30_000 {
            assert!(program.abs_diff(bytecode) <= 100, "{len}: {program} and {bytecode}");
        }
    }
}

#[test]
fn two_programs_of_128_pages_each_pay_for_the_whole_memory() {
    for account in [PROGRAM, OTHER] {
        let mut world = World::new();
        let hash = world.put_program(account, &module(128, "(i32.const 0)"));
        assert_eq!(world.record(hash).footprint_pages, 128);
        let mut tx = world.tx(TxKind::Call(account), vec![]);
        tx.gas_limit = 40_000_000;
        let gas = world.execute(tx, Mode::Call).unwrap().gas_used - INTRINSIC_GAS;
        // 126 pages beyond the free ones, and the ramp: 31 999 998; the rest is the start.
        assert!((31_999_998..32_015_000).contains(&gas), "{gas}");
    }
}

#[test]
fn the_second_program_of_128_pages_in_a_transaction_pays_for_its_pages_but_not_for_the_ramp() {
    let mut world = World::new();
    let calls: Vec<u8> = [OTHER, Address::repeat_byte(0x55)]
        .into_iter()
        .flat_map(|to| [&hex!("5f5f5f5f5f73")[..], to.as_slice(), &hex!("5af150")].concat())
        .collect();
    world.put_code(PROGRAM, calls);
    let mut starts = 0;
    for (account, constant) in [(OTHER, 1), (Address::repeat_byte(0x55), 2)] {
        let hash = world.put_program(account, &module(128, &format!("(drop (i32.const {constant})) (i32.const 0)")));
        let record = world.record(hash);
        starts += init_gas(record.init_cost, 69, 50) + cached_gas(record.cached_cost, 11, 50);
    }
    let mut tx = world.tx(TxKind::Call(PROGRAM), vec![]);
    tx.gas_limit = 50_000_000;
    let run = world.execute(tx, Mode::Call).unwrap();
    assert!(run.result.is_success());
    // Five zeros, the address, GAS, a cold call and POP, twice; and a unit for the body of each program.
    let bytecode = 2 * (5 * 2 + 3 + 2 + 2_600 + 2);
    assert_eq!(run.gas_used - INTRINSIC_GAS - bytecode - starts - 2, 31_999_998 + 126_000);
}

#[test]
fn a_program_of_120_pages_has_a_footprint_of_120_and_grows_eight_more() {
    let text = |grow: u32| {
        format!(
            r#"(module
            (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
            (memory (export "memory") 120)
            (func (export "user_entrypoint") (param i32) (result i32)
              (i32.ne (memory.grow (i32.const {grow})) (i32.const 120))))"#
        )
    };
    for (grow, end) in [(8, None), (9, Some(FrameEnd::OutOfInk))] {
        let mut world = World::new();
        let hash = world.put_program(PROGRAM, &text(grow));
        assert_eq!(world.record(hash).footprint_pages, 120);
        let mut tx = world.tx(TxKind::Call(PROGRAM), vec![]);
        tx.gas_limit = 50_000_000;
        let run = world.execute(tx, Mode::Call).unwrap();
        assert_eq!((run.end, run.result.is_success()), (end, grow == 8));
    }
}

#[test]
fn both_sides_of_a_page_border_can_be_written_and_no_further() {
    let write = |at: u32| {
        let body = format!(
            "(i64.store (i32.const {at}) (i64.const -1)) (call $write_result (i32.const {at}) (i32.const 8)) (i32.const 0)"
        );
        World::with(&module(2, &body)).send(PROGRAM, vec![])
    };
    for at in [65_528, 65_532, 65_536, 131_064] {
        assert_eq!(write(at).output(), [0xff; 8], "{at}");
    }
    assert_eq!(write(131_065).end, Some(FrameEnd::Failure));
}

#[test]
fn simple_host_calls_cost_little_more_than_the_opcode() {
    // The host call, its arguments, and the gas of the opcode that does the same.
    let rows = [
        ("msg_sender", "(i32.const 0)", 2),
        ("msg_value", "(i32.const 0)", 2),
        ("contract_address", "(i32.const 0)", 2),
        ("tx_origin", "(i32.const 0)", 2),
        ("tx_gas_price", "(i32.const 0)", 2),
        ("block_basefee", "(i32.const 0)", 2),
        ("block_coinbase", "(i32.const 0)", 2),
        ("math_div", "(i32.const 0) (i32.const 32)", 5),
        ("math_mod", "(i32.const 0) (i32.const 32)", 5),
        ("math_add_mod", "(i32.const 0) (i32.const 32) (i32.const 64)", 8),
        ("math_mul_mod", "(i32.const 0) (i32.const 32) (i32.const 64)", 8),
        ("native_keccak256", "(i32.const 0) (i32.const 32) (i32.const 64)", 36),
        ("transient_store_bytes32", "(i32.const 0) (i32.const 32)", 100),
        ("emit_log", "(i32.const 0) (i32.const 32) (i32.const 1)", 750),
    ];
    for (name, arguments, opcode_gas) in rows {
        let run = World::with(&fine(&format!("(call ${name} {arguments})"))).go(vec![]);
        let ink = run.inks(name)[0];
        assert!(ink <= (opcode_gas + 10) * GAS, "{name}: {ink} ink, {opcode_gas} gas as an opcode");
    }
}
