//! Talking to the chain by typed calls: every transaction is named, must succeed, and its gas and logs are kept.

mod artifact;
mod gas;
pub mod peers;
mod reason;

pub use artifact::Artifacts;
pub use gas::{GasLog, GasRow};

use alloy_primitives::{Address, Bytes, LogData, U256};
use alloy_sol_types::SolCall;
use devnode::{CallError, CallRequest, Devnode, Receipt, TxRequest};

/// What the chain refused, and what was being done.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// A transaction was not accepted or failed.
    #[error("{operation}: {reason}")]
    Transaction {
        /// What was being done.
        operation: String,
        /// Why it failed: the error by name where it is one of ours.
        reason: String,
    },
    /// A question was not answered.
    #[error("asking {question}: {reason}")]
    Call {
        /// The function.
        question: &'static str,
        /// Why: the error by name where it is one of ours.
        reason: String,
    },
    /// An answer has another shape than its interface says.
    #[error("asking {question}: the answer cannot be decoded: {reason}")]
    Answer {
        /// The function.
        question: &'static str,
        /// What does not fit.
        reason: String,
    },
    /// The clock cannot be set.
    #[error("setting the clock: {0}")]
    Clock(String),
}

/// A log that some transaction left, with its place in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Who emitted it.
    pub address: Address,
    /// Topics and data.
    pub data: LogData,
    /// The time of its block.
    pub timestamp_secs: u64,
}

/// The chain, and what was done on it.
#[derive(Debug)]
pub struct Chain {
    node: Devnode,
    gas: GasLog,
    new_logs: Vec<Logged>,
}

impl Chain {
    /// A chain that begins at `genesis_secs` and whose clock moves only when told to.
    pub fn begin(genesis_secs: u64) -> Self {
        let mut node = Devnode::builder().genesis_time_secs(genesis_secs).build();
        // Several blocks may share a second, as they do on Arbitrum.
        node.set_block_time(0);
        Self { node, gas: GasLog::default(), new_logs: Vec::new() }
    }

    /// The time of the newest block, seconds since 1970.
    pub fn now_secs(&self) -> u64 {
        self.node.time_secs()
    }

    /// An account with keys and ether; there are ten.
    pub fn funded_account(&self, index: usize) -> Address {
        self.node.accounts().get(index).map_or(Address::ZERO, |account| account.address)
    }

    /// Gives an account ether to pay its gas with.
    pub fn give_ether(&mut self, account: Address) {
        const ETHER_WEI: u64 = 1_000_000_000_000_000_000;
        self.node.set_balance(account, U256::from(ETHER_WEI));
    }

    /// Moves the clock to `timestamp_secs` and makes a block there, so that questions are asked at that time.
    pub fn advance_to(&mut self, timestamp_secs: u64) -> Result<(), ChainError> {
        self.node.set_next_timestamp(timestamp_secs).map_err(|error| ChainError::Clock(error.to_string()))?;
        self.node.mine(1);
        Ok(())
    }

    /// Tries a transaction without sending it: whether it would succeed now.
    pub fn would_succeed<C: SolCall>(&self, from: Address, to: Address, call: &C) -> Result<bool, ChainError> {
        match self.node.call(CallRequest::new(to, call.abi_encode()).from(from)) {
            Ok(_) => Ok(true),
            Err(CallError::Revert { .. }) => Ok(false),
            Err(error) => Err(ChainError::Call { question: C::SIGNATURE, reason: reason::of_call(&error) }),
        }
    }

    /// Asks a contract.
    pub fn ask<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return, ChainError> {
        let question = C::SIGNATURE;
        let output = self
            .node
            .call(CallRequest::new(to, call.abi_encode()))
            .map_err(|error| ChainError::Call { question, reason: reason::of_call(&error) })?;
        C::abi_decode_returns(&output).map_err(|error| ChainError::Answer { question, reason: error.to_string() })
    }

    /// Asks a contract that may refuse: `None` where it reverts.
    pub fn ask_maybe<C: SolCall>(&self, to: Address, call: &C) -> Result<Option<C::Return>, ChainError> {
        let question = C::SIGNATURE;
        match self.node.call(CallRequest::new(to, call.abi_encode())) {
            Ok(output) => C::abi_decode_returns(&output)
                .map(Some)
                .map_err(|error| ChainError::Answer { question, reason: error.to_string() }),
            Err(CallError::Revert { .. }) => Ok(None),
            Err(error) => Err(ChainError::Call { question, reason: reason::of_call(&error) }),
        }
    }

    /// Sends a transaction and keeps its gas under `operation`.
    pub fn send<C: SolCall>(
        &mut self,
        operation: &str,
        from: Address,
        to: Address,
        call: &C,
    ) -> Result<C::Return, ChainError> {
        let receipt = self.transact(operation, TxRequest::new(from).to(to).data(call.abi_encode()))?;
        C::abi_decode_returns(&receipt.output)
            .map_err(|error| ChainError::Answer { question: C::SIGNATURE, reason: error.to_string() })
    }

    /// Creates a contract from the bytecode of an artifact and the encoded arguments of its constructor.
    pub fn create(
        &mut self,
        name: &str,
        from: Address,
        bytecode: &Bytes,
        arguments: &[u8],
    ) -> Result<Address, ChainError> {
        let operation = format!("create {name}");
        let init_code: Bytes = [bytecode, arguments].concat().into();
        let receipt = self.transact(&operation, TxRequest::new(from).data(init_code))?;
        receipt
            .contract_address
            .ok_or_else(|| ChainError::Transaction { operation, reason: "no contract was created".into() })
    }

    /// Creates a WASM contract through the StylusDeployer, which activates it and calls its constructor; then has it cached.
    pub fn create_stylus(
        &mut self,
        name: &str,
        from: Address,
        wasm: &[u8],
        arguments: &[u8],
    ) -> Result<Address, ChainError> {
        /// What every Stylus constructor answers to: the first four bytes of keccak256("stylus_constructor()").
        const CONSTRUCTOR_SELECTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];
        let operation = format!("create {name}");
        let refused = |error: devnode::DeployError| ChainError::Transaction {
            operation: operation.clone(),
            reason: reason::of_deploy(&error),
        };
        let constructor: Bytes = [CONSTRUCTOR_SELECTOR.as_slice(), arguments].concat().into();
        let address = self.node.deploy_stylus(from, wasm, Some(constructor)).map_err(refused)?;
        self.keep_newest_block(&operation)?;
        let receipt = self.node.cache(address).map_err(refused)?;
        self.keep(&format!("cache {name}"), &receipt);
        Ok(address)
    }

    /// The logs since this was last asked.
    pub fn take_new_logs(&mut self) -> Vec<Logged> {
        std::mem::take(&mut self.new_logs)
    }

    /// The gas of everything that was sent.
    pub fn gas(&self) -> &GasLog {
        &self.gas
    }

    fn transact(&mut self, operation: &str, request: TxRequest) -> Result<Receipt, ChainError> {
        let refused = |reason| ChainError::Transaction { operation: operation.to_owned(), reason };
        let receipt = self.node.transact(request).map_err(|error| refused(error.to_string()))?;
        if !receipt.success {
            return Err(refused(reason::of_revert(&receipt.output, receipt.failure.as_deref())));
        }
        self.keep(operation, &receipt);
        Ok(receipt)
    }

    /// Keeps the gas and the logs of what the node itself sent in the newest block.
    fn keep_newest_block(&mut self, operation: &str) -> Result<(), ChainError> {
        let unknown = |error: devnode::UnknownBlock| ChainError::Transaction {
            operation: operation.to_owned(),
            reason: error.to_string(),
        };
        let hashes = self.node.block(self.node.block_number()).map_err(unknown)?.transactions.clone();
        for hash in hashes {
            if let Some(receipt) = self.node.receipt(hash).cloned() {
                self.keep(operation, &receipt);
            }
        }
        Ok(())
    }

    fn keep(&mut self, operation: &str, receipt: &Receipt) {
        self.gas.record(operation, receipt.gas_used);
        self.new_logs.extend(receipt.logs.iter().map(|log| Logged {
            address: log.address,
            data: log.data.clone(),
            timestamp_secs: log.block_timestamp_secs,
        }));
    }
}
