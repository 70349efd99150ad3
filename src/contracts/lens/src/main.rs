//! Prints the Solidity interface, or the signature of the constructor, for the deployment tools; on chain it is nothing.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]

/// What the linker wants of a program without a `main`.
#[cfg(not(any(test, feature = "export-abi")))]
#[unsafe(no_mangle)]
pub extern "C" fn main() {}

#[cfg(any(test, feature = "export-abi"))]
fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("constructor") => println!("constructor(address vault, address auction)"),
        _ => print!("{}", include_str!("../../../../abi/ILens.sol")),
    }
}
