//! An empty crate in the place of `stylus-test`, the SDK's test machine.
//!
//! The SDK's feature of the same name lets contracts run natively on any host, which is what the tests need. It also brings in
//! its own machine, a single-contract mock with a network client behind it: some two hundred crates that the SDK only re-exports
//! as `stylus_sdk::testing`. Nothing here uses that module; `spillway-test-support` has a host of its own.
