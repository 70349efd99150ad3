//! Putting contracts and programs on the chain.

use alloy_primitives::{Address, B256, Bytes, U256, address};
use alloy_sol_types::{SolCall, SolError, SolEvent, sol};

use super::Devnode;
use crate::{
    arbos::precompiles::{arb_wasm::ArbWasm, arb_wasm_cache::ArbWasmCache},
    chain::{
        error::{CallError, DeployError},
        genesis::{DEV_ACCOUNT, STYLUS_DEPLOYER},
        record::Receipt,
        request::{AccountOverride, CallRequest, TxRequest},
    },
    wasm::format,
};

const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");
/// Where code lies while its activation is tried out.
const SCRATCH: Address = address!("5717105c7a7c4000000000000000000000000000");
/// What a trial activation is offered: one ether, more than any activation costs.
const OFFER_WEI: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

sol! {
    function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt) external payable returns (address created);
    event ContractDeployed(address deployedContract);
}

impl Devnode {
    /// Creates a contract from init code.
    ///
    /// # Errors
    /// The transaction was refused, or it failed.
    pub fn deploy(&mut self, from: Address, init_code: impl Into<Bytes>, value: U256) -> Result<Receipt, DeployError> {
        Ok(self.transact(TxRequest::new(from).data(init_code).value(value))?.succeeded()?)
    }

    /// Puts a WASM module on the chain as a program, without activating it, and gives its address.
    ///
    /// `wasm` is what the compiler wrote; it is normalised and compressed first, as `cargo stylus` does.
    ///
    /// # Errors
    /// The bytes are no module, or the transaction was refused or failed.
    pub fn deploy_wasm(&mut self, from: Address, wasm: &[u8], value: U256) -> Result<Address, DeployError> {
        let receipt = self.deploy(from, format::init_code(&program_code(wasm)?), value)?;
        receipt.contract_address.ok_or(DeployError::NoAddress { hash: receipt.transaction_hash })
    }

    /// What activating the program at `program` costs now, in wei.
    ///
    /// # Errors
    /// The activation would fail, for instance because the program is active already.
    pub fn activation_fee_wei(&self, program: Address) -> Result<U256, CallError> {
        self.quote(program, None)
    }

    /// Activates a program at the expense of the development account.
    ///
    /// # Errors
    /// The activation would fail, or the transaction was refused or failed.
    pub fn activate(&mut self, program: Address) -> Result<Receipt, DeployError> {
        let fee_wei = self.activation_fee_wei(program).map_err(DeployError::Activation)?;
        let call = ArbWasm::activateProgramCall { program };
        let request = TxRequest::new(DEV_ACCOUNT).to(ARB_WASM).data(call.abi_encode()).value(with_margin_up(fee_wei));
        Ok(self.transact(request)?.succeeded()?)
    }

    /// Puts an active program into the cache, as the owner of the chain.
    ///
    /// # Errors
    /// The transaction was refused or failed: the program may not run.
    pub fn cache(&mut self, program: Address) -> Result<Receipt, DeployError> {
        let call = ArbWasmCache::cacheProgramCall { program };
        Ok(self.transact(TxRequest::new(DEV_ACCOUNT).to(ARB_WASM_CACHE).data(call.abi_encode()))?.succeeded()?)
    }

    /// Puts a WASM module on the chain, activates it and calls its constructor, all in one transaction through the StylusDeployer.
    ///
    /// `constructor` is whole calldata: the selector of `stylus_constructor()`, 0x5585258d, and the arguments. Without it no constructor is called.
    /// `from` pays the activation fee; the unused part of what was sent comes back.
    ///
    /// # Errors
    /// The bytes are no module, the activation would fail, or the transaction was refused or failed.
    pub fn deploy_stylus(
        &mut self,
        from: Address,
        wasm: &[u8],
        constructor: Option<Bytes>,
    ) -> Result<Address, DeployError> {
        let code = program_code(wasm)?;
        let fee_wei = match self.quote(SCRATCH, Some(code.clone().into())) {
            Err(CallError::Revert { data, .. }) if data == ArbWasm::ProgramUpToDate {}.abi_encode() => U256::ZERO,
            quoted => quoted.map_err(DeployError::Activation)?,
        };
        let call = deployCall {
            bytecode: format::init_code(&code).into(),
            initData: constructor.unwrap_or_default(),
            initValue: U256::ZERO,
            salt: B256::ZERO,
        };
        let request = TxRequest::new(from).to(STYLUS_DEPLOYER).data(call.abi_encode()).value(with_margin_up(fee_wei));
        let receipt = self.transact(request)?.succeeded()?;
        receipt
            .log_data()
            .filter(|(emitter, _)| **emitter == STYLUS_DEPLOYER)
            .find_map(|(_, log)| ContractDeployed::decode_log_data(log).ok())
            .map(|event| event.deployedContract)
            .ok_or(DeployError::NoAddress { hash: receipt.transaction_hash })
    }

    /// Tries an activation of `program`, or of `code` put there, and gives its fee in wei.
    fn quote(&self, program: Address, code: Option<Bytes>) -> Result<U256, CallError> {
        let rich = AccountOverride { balance_wei: Some(OFFER_WEI), ..AccountOverride::default() };
        let mut request = CallRequest::new(ARB_WASM, ArbWasm::activateProgramCall { program }.abi_encode())
            .from(DEV_ACCOUNT)
            .value(OFFER_WEI)
            .with_account(DEV_ACCOUNT, rich);
        if code.is_some() {
            request = request.with_account(program, AccountOverride { code, ..AccountOverride::default() });
        }
        let output = self.call(request)?;
        let decoded = ArbWasm::activateProgramCall::abi_decode_returns(&output);
        decoded.map(|answer| answer.dataFee).map_err(|error| CallError::Halt { reason: error.to_string(), gas_used: 0 })
    }
}

fn program_code(wasm: &[u8]) -> Result<Vec<u8>, DeployError> {
    let module = format::normalise(wasm).map_err(|error| DeployError::BadWasm(error.to_string()))?;
    Ok(format::program_code(&module))
}

/// A fifth more, rounded up: the demand may rise before the transaction runs, and what is not needed comes back.
fn with_margin_up(fee_wei: U256) -> U256 {
    fee_wei.saturating_add(fee_wei.div_ceil(U256::from(5)))
}
