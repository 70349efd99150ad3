//! The contracts' own routers, run as native Rust on a chain that is a few maps.
//!
//! [`chain`] keeps state and undoes it, [`host`] answers what a contract asks of its machine, and the other files are tokens,
//! feeds, a taker and a contract of fixed answers written for this world. It counts no gas; what it must have in common with a real chain is state, logs and
//! revert data, and `tests/invariants` compares those with the WASM after each step.

mod answers;
mod chain;
mod feed;
mod host;
mod recover;
mod taker;
mod token;

use crate::world::{Contract, Done, Revert, TokenKind, World};
use alloy_primitives::{Address, U256, keccak256};
use alloy_sol_types::SolCall;
use chain::{Chain, Program, SharedChain};
use common::lock::native as transient;
use host::Frame;
use stylus_sdk::{
    abi::{Router, router_entrypoint},
    storage::StorageType,
};

pub use answers::IAnswers;
pub use taker::ITaker;

/// When the first block was made. It is also what the local chain of the other world begins with.
pub const GENESIS_SECS: u64 = 1_700_000_000;

/// The native world.
pub struct NativeWorld {
    chain: SharedChain,
    deployments: u64,
}

impl Default for NativeWorld {
    fn default() -> Self {
        let chain = Chain::shared(GENESIS_SECS);
        chain.borrow_mut().programs.insert(recover::ADDRESS, Program::Double(recover::run));
        Self { chain, deployments: 0 }
    }
}

impl NativeWorld {
    /// Deploys a contract that takes slices and calls back what it is told to; see [`ITaker`].
    pub fn deploy_taker(&mut self) -> Address {
        self.place(Program::Double(taker::run))
    }

    /// Deploys a contract that answers everything with the same bytes; see [`IAnswers`].
    pub fn deploy_answers(&mut self) -> Address {
        self.place(Program::Double(answers::run))
    }

    /// Makes an account such a contract, which sends transactions all the same, as a delegated account does.
    pub fn make_taker(&mut self, account: Address) {
        self.chain.borrow_mut().programs.insert(account, Program::Double(taker::run));
    }

    fn place(&mut self, program: Program) -> Address {
        self.deployments += 1;
        let address = Address::from_word(keccak256(self.deployments.to_be_bytes()));
        self.chain.borrow_mut().programs.insert(address, program);
        address
    }

    fn transact(&mut self, from: Address, to: Address, calldata: &[u8]) -> Result<Done, Revert> {
        self.chain.borrow_mut().begin_transaction(from);
        let outcome = Frame::enter(&self.chain, from, to, U256::ZERO, calldata, false);
        let logs = self.chain.borrow_mut().end_transaction();
        outcome.map(|output| Done { output, logs, gas_used: None }).map_err(Revert)
    }
}

impl World for NativeWorld {
    fn name(&self) -> &'static str {
        "native"
    }

    fn time_secs(&self) -> u64 {
        self.chain.borrow().time_secs
    }

    fn advance_secs(&mut self, secs: u64) {
        self.chain.borrow_mut().time_secs += secs;
    }

    fn execute(&mut self, from: Address, to: Address, calldata: &[u8]) -> Result<Done, Revert> {
        self.transact(from, to, calldata)
    }

    fn view(&self, to: Address, calldata: &[u8]) -> Result<Vec<u8>, Revert> {
        self.chain.borrow_mut().begin_transaction(Address::ZERO);
        let mark = self.chain.borrow().mark();
        let outcome = Frame::enter(&self.chain, Address::ZERO, to, U256::ZERO, calldata, false);
        // As an eth_call: nothing of it stays.
        self.chain.borrow_mut().undo_to(mark);
        self.chain.borrow_mut().end_transaction();
        outcome.map_err(Revert)
    }

    fn deploy_token(&mut self, kind: TokenKind, decimals: u8) -> Address {
        let address = self.place(Program::Double(token::run));
        token::construct(&self.chain, address, kind, decimals);
        address
    }

    fn deploy_feed(&mut self, decimals: u8) -> Address {
        let address = self.place(Program::Double(feed::run));
        feed::construct(&self.chain, address, decimals);
        address
    }

    fn deploy_contract(&mut self, contract: Contract, constructor: &[u8]) -> Result<Address, Revert> {
        let address = self.place(Program::Router(match contract {
            Contract::Oracle => router_entrypoint::<oracle::Oracle, oracle::Oracle>,
            Contract::Vault => router_entrypoint::<vault::Vault, vault::Vault>,
            Contract::Auction => router_entrypoint::<auction::Auction, auction::Auction>,
            Contract::Pool => router_entrypoint::<pool::Pool, pool::Pool>,
            Contract::Reserve => router_entrypoint::<reserve::Reserve, reserve::Reserve>,
            Contract::Lens => router_entrypoint::<lens::Lens, lens::Lens>,
        }));
        self.transact(crate::actors::OPERATOR, address, constructor)?;
        Ok(address)
    }

    fn storage_word(&self, account: Address, slot: U256) -> U256 {
        self.chain.borrow().load(account, slot)
    }

    fn fingerprint(&self) -> Option<u64> {
        Some(self.chain.borrow().fingerprint())
    }

    fn whole_storage(&self) -> Option<Vec<(Address, U256, U256)>> {
        Some(self.chain.borrow().whole_storage())
    }
}

/// Whether a contract knows a function at all, whatever it answers to a call without arguments.
pub fn is_routed(contract: Contract, selector: [u8; 4]) -> bool {
    let vm = Frame::detached(Address::repeat_byte(1));
    let selector = u32::from_be_bytes(selector);
    transient::clear();
    // SAFETY: the storage is that of an address of its own, and nothing else refers to it.
    let is_routed = unsafe {
        match contract {
            Contract::Oracle => {
                <oracle::Oracle as Router<_>>::route(&mut oracle::Oracle::new(U256::ZERO, 0, vm), selector, &[])
                    .is_some()
            }
            Contract::Vault => {
                <vault::Vault as Router<_>>::route(&mut vault::Vault::new(U256::ZERO, 0, vm), selector, &[]).is_some()
            }
            Contract::Auction => {
                <auction::Auction as Router<_>>::route(&mut auction::Auction::new(U256::ZERO, 0, vm), selector, &[])
                    .is_some()
            }
            Contract::Pool => {
                <pool::Pool as Router<_>>::route(&mut pool::Pool::new(U256::ZERO, 0, vm), selector, &[]).is_some()
            }
            Contract::Reserve => {
                <reserve::Reserve as Router<_>>::route(&mut reserve::Reserve::new(U256::ZERO, 0, vm), selector, &[])
                    .is_some()
            }
            Contract::Lens => {
                <lens::Lens as Router<_>>::route(&mut lens::Lens::new(U256::ZERO, 0, vm), selector, &[]).is_some()
            }
        }
    };
    transient::clear();
    is_routed
}

/// The arguments of `call` in `calldata`, if that is what it calls. Wrong arguments are a revert without data, as Solidity has it.
fn arguments<C: SolCall>(calldata: &[u8]) -> Option<Result<C, Vec<u8>>> {
    (calldata.get(..4) == Some(C::SELECTOR.as_slice()))
        .then(|| C::abi_decode_validate(calldata).map_err(|_| Vec::new()))
}
