//! Programs and contracts that call each other, back and forth.

use revm::primitives::hex;

use super::*;

/// Bytecode that calls the first address of its calldata with the rest, and returns what it gets.
pub(super) fn forwarder() -> Vec<u8> {
    hex!("60143603601460003760006000601436036000600060003560601c5af13d600060003e3d6000f3").to_vec()
}

/// Bytecode that delegates everything to `library`.
fn proxy(library: Address) -> Vec<u8> {
    [&hex!("366000600037 6000 6000 36 6000 73")[..], library.as_slice(), &hex!("5a f4 50 3d 6000 6000 3e 3d 6000 f3")]
        .concat()
}

/// Adds one to its slot 0, then does as [`forwarder`]; what it returns has its re-entrancy flag in front.
fn hopper() -> String {
    fine(
        "(call $read_args (i32.const 0))
         (i32.store8 (i32.const 4000) (call $msg_reentrant))
         (call $storage_load_bytes32 (i32.const 30000) (i32.const 30064))
         (i32.store8 (i32.const 30095) (i32.add (i32.load8_u (i32.const 30095)) (i32.const 1)))
         (call $storage_cache_bytes32 (i32.const 30000) (i32.const 30064))
         (call $storage_flush_cache (i32.const 1))
         (if (i32.ge_u (local.get $len) (i32.const 20)) (then
           (drop (call $call_contract (i32.const 0) (i32.const 20) (i32.sub (local.get $len) (i32.const 20))
             (i32.const 3000) (i64.const -1) (i32.const 3100)))
           (drop (call $read_return_data (i32.const 4001) (i32.const 0) (i32.const 2000)))))
         (call $write_result (i32.const 4000) (i32.add (i32.const 1) (call $return_data_size)))",
    )
}

fn path(addresses: &[Address]) -> Vec<u8> {
    addresses.iter().flat_map(|address| address.to_vec()).collect()
}

fn world() -> World {
    let mut world = World::with(&hopper());
    world.put_code(OTHER, forwarder());
    world
}

#[test]
fn a_program_that_is_called_again_knows_it() {
    assert_eq!(world().go(vec![]).output(), [0]);
    assert_eq!(world().go(path(&[PROGRAM])).output(), [0, 1]);
    assert_eq!(world().go(path(&[PROGRAM, PROGRAM])).output(), [0, 1, 1]);
    assert_eq!(world().go(path(&[OTHER, PROGRAM])).output(), [0, 1]);
    // Another contract's frame does not count.
    assert_eq!(world().send(OTHER, path(&[PROGRAM])).output(), [0]);
}

#[test]
fn a_program_behind_a_proxy_is_entered_again_when_the_proxy_is() {
    let mut world = world();
    let front = Address::repeat_byte(0x44);
    world.put_code(front, proxy(PROGRAM));
    assert_eq!(world.send(front, vec![]).output(), [0]);
    assert_eq!(world.send(front, path(&[front])).output(), [0, 1]);
    // Entering the library itself is not entering the proxy.
    assert_eq!(world.send(front, path(&[PROGRAM])).output(), [0, 0]);
    assert_eq!(world.storage(front, 0), U256::from(4));
    assert_eq!(world.storage(PROGRAM, 0), U256::from(1));
}

#[test]
fn a_frame_of_callcode_counts_as_little_as_one_of_delegatecall() {
    // As the proxy, by CALLCODE, which has the value among its arguments.
    let by_callcode = [
        &hex!("366000600037 6000 6000 36 6000 6000 73")[..],
        PROGRAM.as_slice(),
        &hex!("5a f2 50 3d 6000 6000 3e 3d 6000 f3"),
    ]
    .concat();
    let mut world = world();
    let front = Address::repeat_byte(0x44);
    world.put_code(front, by_callcode);
    assert_eq!(world.send(front, vec![]).output(), [0]);
    assert_eq!(world.send(front, path(&[front])).output(), [0, 1]);
    assert_eq!(world.send(front, path(&[PROGRAM])).output(), [0, 0]);
    // The storage is the front's, and so is the account the program acts as.
    assert_eq!(world.storage(front, 0), U256::from(4));
    assert_eq!(world.storage(PROGRAM, 0), U256::from(1));
}

#[test]
fn a_program_behind_a_constructor_is_entered_for_the_first_time() {
    // The constructor delegates to the program, and what the program returns becomes the code.
    let mut world = World::new();
    world.put_program(
        PROGRAM,
        &fine("(i32.store8 (i32.const 0) (call $msg_reentrant)) (call $write_result (i32.const 0) (i32.const 1))"),
    );
    let init = proxy(PROGRAM);
    let tx = world.tx(TxKind::Create, init);
    let run = world.run(tx);
    assert!(run.result.is_success());
    let made = run.result.created_address().unwrap();
    // The flag: the constructor's frame alone counts for the new contract.
    let code = world.db.load_account(made).unwrap().info.code.clone().unwrap();
    assert_eq!(code.original_bytes()[..], [0]);
}

#[test]
fn a_hundred_nested_frames_need_no_native_stack() {
    let mut world = world();
    let hops: Vec<Address> = (0..100).map(|hop| if hop % 2 == 0 { OTHER } else { PROGRAM }).collect();
    let tx = world.tx(TxKind::Call(PROGRAM), path(&hops));
    let deep = std::thread::Builder::new().stack_size(256 << 10).spawn(move || world.run(tx)).unwrap();
    let run = deep.join().unwrap();
    let flags: Vec<u8> = (0..51).map(|frame| u8::from(frame > 0)).collect();
    assert_eq!(run.output(), flags);
}

#[test]
fn state_of_a_frame_that_reverts_is_undone_and_the_rest_stays() {
    // Stores 9 at slot 7, then reverts with a byte.
    let reverter = Address::repeat_byte(0x33);
    let mut world = world();
    world.put_code(reverter, hex!("6009600755 60bb60005360016000fd").to_vec());
    let run = world.go(path(&[OTHER, PROGRAM, reverter]));
    assert_eq!(run.output(), [0, 1, 0xbb]);
    assert_eq!(world.storage(reverter, 7), U256::ZERO);
    assert_eq!(world.storage(PROGRAM, 0), U256::from(2));
    // A program that reverts undoes what was done below it.
    let quitter = Address::repeat_byte(0x22);
    world.put_program(quitter, &module(1,
        "(call $read_args (i32.const 0))
         (drop (call $call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 3000) (i64.const -1) (i32.const 3100)))
         (call $emit_log (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 1)",
    ));
    let run = world.go(path(&[quitter, PROGRAM]));
    assert_eq!(run.output(), [0]);
    assert!(run.result.logs().is_empty());
    assert_eq!(world.storage(PROGRAM, 0), U256::from(3));
}

#[test]
fn beyond_the_depth_of_1024_a_call_fails_and_hands_its_gas_back() {
    // Calls itself as often as its calldata says, then calls OTHER, which is deeper by one.
    let countdown = [
        &hex!("600035 8015 6027 57 60019003 600052 60006000602060006000305af1 503d600060003e3d6000f3")[..],
        &hex!("5b50 60006000600060006000 73"),
        OTHER.as_slice(),
        &hex!("5a f1 503d600060003e3d6000f3"),
    ]
    .concat();
    let mut world = World::new();
    world.put_code(PROGRAM, countdown);
    world.put_program(OTHER, &fine(
        "(i32.store8 (i32.const 100) (call $call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 32) (i64.const -1) (i32.const 64)))
         (call $write_result (i32.const 100) (i32.const 1))",
    ));
    let mut status = |depth: u64| {
        let mut tx = world.tx(TxKind::Call(PROGRAM), word(depth));
        tx.gas_limit = 1 << 45;
        world.execute(tx, Mode::Call).unwrap().output().to_vec()
    };
    assert_eq!(status(1_022), [0]);
    assert_eq!(status(1_023), [2]);
    // The program itself is too deep now.
    assert_eq!(status(1_024), [0; 0]);
}

#[test]
fn a_chain_of_programs_alone_ends_where_its_pages_do() {
    // Calls itself without end, and returns how many frames there were from its own down.
    let mut world = World::with(&fine(
        "(call $contract_address (i32.const 0))
         (if (i32.eqz (call $call_contract (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 32) (i64.const -1) (i32.const 64)))
           (then (drop (call $read_return_data (i32.const 100) (i32.const 0) (i32.const 4)))))
         (i32.store (i32.const 100) (i32.add (i32.load (i32.const 100)) (i32.const 1)))
         (call $write_result (i32.const 100) (i32.const 4))",
    ));
    let mut tx = world.tx(TxKind::Call(PROGRAM), vec![]);
    tx.gas_limit = 1 << 45;
    // Each frame opens a page, and there are 128 in a transaction. The last one to be entered has nothing left for another.
    let deep = std::thread::Builder::new().stack_size(512 << 10);
    let mut world = world;
    let ended = deep.spawn(move || world.execute(tx, Mode::Call).unwrap()).unwrap().join().unwrap();
    assert_eq!(ended.output()[..], 128_u32.to_le_bytes());
}
