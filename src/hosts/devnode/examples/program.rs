//! Deploys a Stylus program in process, calls it, and looks inside: `cargo run -p spillway-devnode --example program`.

use spillway_devnode::{CallRequest, Devnode, TxRequest};

/// Gives its calldata back.
const ECHO: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read (param i32)))
    (import "vm_hooks" "write_result" (func $write (param i32 i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param $len i32) (result i32)
        (call $read (i32.const 0))
        (call $write (i32.const 0) (local.get $len))
        i32.const 0))"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut node = Devnode::default();
    let alice = node.accounts()[0].address;
    let program = node.deploy_stylus(alice, &wat::parse_str(ECHO)?, None)?;
    println!("active at {program}: {:?}", node.program(program));

    let answer = node.simulate(CallRequest::new(program, *b"hello"))?;
    println!("it answers {} for {} gas", answer.output, answer.gas_used);

    let receipt = node.transact(TxRequest::new(alice).to(program).data(*b"hello"))?.succeeded()?;
    for step in node.trace(receipt.transaction_hash)? {
        println!("{:>12} ink  {}", step.start_ink - step.end_ink, step.name);
    }
    Ok(())
}
