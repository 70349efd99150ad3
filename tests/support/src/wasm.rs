//! The local chain with our contracts as WASM, and tokens and feeds as the Solidity compiler made them.

use crate::{
    actors, artifacts,
    native::GENESIS_SECS,
    world::{Contract, Done, Log, Revert, TokenKind, World},
};
use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolValue;
use devnode::{CallError, CallRequest, DeployError, Devnode, Receipt, TxRequest};

/// What an actor has to pay for gas with: a million ether.
const WEI: u128 = 1_000_000_000_000_000_000_000_000;

/// The world of WASM.
#[derive(Clone)]
pub struct WasmWorld {
    node: Devnode,
}

impl Default for WasmWorld {
    fn default() -> Self {
        // No time passes with a block: as natively, the clock moves only when told.
        let mut node = Devnode::builder().genesis_time_secs(GENESIS_SECS).block_time_secs(0).build();
        for (_, account) in actors::ALL {
            node.set_balance(account, U256::from(WEI));
        }
        Self { node }
    }
}

impl WasmWorld {
    /// The chain itself, for what only a chain can tell.
    pub fn node(&self) -> &Devnode {
        &self.node
    }

    /// Deploys a Solidity contract of `target/solidity`, with its constructor's arguments encoded.
    ///
    /// # Panics
    /// When its artifact is missing or its constructor fails.
    pub fn deploy_solidity(&mut self, from: Address, file: &str, name: &str, arguments: &[u8]) -> Address {
        let deployed = self.try_deploy_solidity(from, file, name, arguments);
        deployed.unwrap_or_else(|refusal| panic!("{file}.sol:{name}: {refusal:?}"))
    }

    /// The same where the constructor may refuse.
    ///
    /// # Errors
    /// The constructor's revert data.
    ///
    /// # Panics
    /// When the artifact is missing or the transaction is refused.
    pub fn try_deploy_solidity(
        &mut self,
        from: Address,
        file: &str,
        name: &str,
        arguments: &[u8],
    ) -> Result<Address, Revert> {
        let mut init_code = artifacts::solidity_init_code(file, name);
        init_code.extend_from_slice(arguments);
        match self.node.deploy(from, init_code, U256::ZERO) {
            Ok(receipt) => {
                Ok(receipt.contract_address.unwrap_or_else(|| panic!("{file}.sol:{name}: no address in the receipt")))
            }
            Err(DeployError::Failed(failed)) => Err(Revert(failed.output.to_vec())),
            Err(error) => panic!("{file}.sol:{name}: {error}"),
        }
    }
}

impl World for WasmWorld {
    fn name(&self) -> &'static str {
        "wasm"
    }

    fn time_secs(&self) -> u64 {
        self.node.time_secs()
    }

    fn advance_secs(&mut self, secs: u64) {
        let then = self.node.time_secs() + secs;
        self.node.set_next_timestamp(then).expect("time goes forward");
        // A call looks at the newest block, so there must be one at the new time.
        self.node.mine(1);
    }

    fn execute(&mut self, from: Address, to: Address, calldata: &[u8]) -> Result<Done, Revert> {
        if self.node.balance(from).is_zero() {
            // Whoever sends must pay for gas; a test may speak in a contract's name.
            self.node.set_balance(from, U256::from(WEI));
        }
        let request = TxRequest::new(from).to(to).data(calldata.to_vec());
        let receipt = self.node.transact(request).unwrap_or_else(|error| panic!("not mined: {error}"));
        done(receipt)
    }

    fn view(&self, to: Address, calldata: &[u8]) -> Result<Vec<u8>, Revert> {
        match self.node.call(CallRequest::new(to, calldata.to_vec())) {
            Ok(output) => Ok(output.to_vec()),
            Err(CallError::Revert { data, .. }) => Err(Revert(data.to_vec())),
            Err(error) => panic!("the call ended otherwise than by a revert: {error}"),
        }
    }

    fn deploy_token(&mut self, kind: TokenKind, decimals: u8) -> Address {
        let (file, name, arguments) = match kind {
            TokenKind::Honest => ("TestToken", "TestToken", ("Test", "TEST", U256::from(decimals)).abi_encode_params()),
            TokenKind::FeeOnTransfer(fee_bps) => {
                ("OddTokens", "FeeOnTransferToken", (U256::from(fee_bps), U256::from(decimals)).abi_encode_params())
            }
            TokenKind::NoReturn => ("OddTokens", "NoReturnToken", Vec::new()),
            TokenKind::FalseReturning => ("OddTokens", "FalseReturningToken", U256::from(decimals).abi_encode()),
            TokenKind::Reentering => ("OddTokens", "ReenteringToken", U256::from(decimals).abi_encode()),
        };
        self.deploy_solidity(actors::OPERATOR, file, name, &arguments)
    }

    fn deploy_feed(&mut self, decimals: u8) -> Address {
        self.deploy_solidity(
            actors::OPERATOR,
            "ScriptedFeed",
            "ScriptedFeed",
            &(U256::from(decimals), "scripted").abi_encode_params(),
        )
    }

    fn deploy_contract(&mut self, contract: Contract, constructor: &[u8]) -> Result<Address, Revert> {
        let wasm = artifacts::contract_wasm(contract);
        let address = self
            .node
            .deploy_stylus(actors::OPERATOR, &wasm, Some(Bytes::copy_from_slice(constructor)))
            .unwrap_or_else(|error| panic!("{}: {error}", contract.name()));
        Ok(address)
    }

    fn storage_word(&self, account: Address, slot: U256) -> U256 {
        self.node.storage(account, slot)
    }

    fn whole_storage(&self) -> Option<Vec<(Address, U256, U256)>> {
        None
    }
}

fn done(receipt: Receipt) -> Result<Done, Revert> {
    if !receipt.success {
        return Err(Revert(receipt.output.to_vec()));
    }
    let logs = receipt.log_data().map(|(emitter, log)| Log {
        emitter: *emitter,
        topics: log.topics().to_vec(),
        data: log.data.to_vec(),
    });
    Ok(Done { logs: logs.collect(), output: receipt.output.to_vec(), gas_used: Some(receipt.gas_used) })
}
