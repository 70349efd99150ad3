//! `NodeInterface` at 0xc8: a contract that is nowhere on the chain. The node itself answers calls (`eth_call`) that name it; an estimate of such a call finds no code there.

use alloy_primitives::{Address, Bytes, U256, address};
use alloy_sol_types::{SolCall, SolInterface};

use self::NodeInterface::{NodeInterfaceCalls as Calls, *};
use super::Devnode;
use crate::chain::{error::CallError, request::CallRequest};

mod abi {
    #![allow(missing_docs)]
    alloy_sol_types::sol! {
        /// Questions to the node.
        #[sol(all_derives)]
        interface NodeInterface {
            function gasEstimateComponents(address to, bool contractCreation, bytes calldata data) external payable returns (uint64 gasEstimate, uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate);
            function gasEstimateL1Component(address to, bool contractCreation, bytes calldata data) external payable returns (uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate);
            function nitroGenesisBlock() external pure returns (uint256 number);
            function blockL1Num(uint64 l2BlockNum) external view returns (uint64 l1BlockNum);
        }
    }
}
pub use abi::NodeInterface;

/// Where it would be.
pub(super) const NODE_INTERFACE: Address = address!("00000000000000000000000000000000000000c8");

/// The answer to a call of it. What it does not know reverts without data.
pub(super) fn answer(node: &Devnode, request: &CallRequest) -> Result<Bytes, CallError> {
    let nothing = || CallError::Revert { data: Bytes::new(), reason: None };
    let calls = Calls::abi_decode(&request.data).map_err(|_| nothing())?;
    let base_fee = U256::from(node.base_fee_wei());
    let l1_base_fee = node.l1_data_price_wei();
    Ok(match calls {
        Calls::gasEstimateComponents(arguments) => {
            let to = (!arguments.contractCreation).then_some(arguments.to);
            let components = CallRequest { to, data: arguments.data, ..request.clone() };
            let estimate = node.estimate_gas(components.clone())?;
            gasEstimateComponentsCall::abi_encode_returns(&gasEstimateComponentsReturn {
                gasEstimate: estimate,
                gasEstimateForL1: node.estimate_posting_gas(&components),
                baseFee: base_fee,
                l1BaseFeeEstimate: l1_base_fee,
            })
        }
        Calls::gasEstimateL1Component(arguments) => {
            let to = (!arguments.contractCreation).then_some(arguments.to);
            let components = CallRequest { to, data: arguments.data, ..request.clone() };
            gasEstimateL1ComponentCall::abi_encode_returns(&gasEstimateL1ComponentReturn {
                gasEstimateForL1: node.estimate_posting_gas(&components),
                baseFee: base_fee,
                l1BaseFeeEstimate: l1_base_fee,
            })
        }
        Calls::nitroGenesisBlock(_) => nitroGenesisBlockCall::abi_encode_returns(&U256::ZERO),
        Calls::blockL1Num(arguments) => {
            blockL1NumCall::abi_encode_returns(&node.block(arguments.l2BlockNum)?.l1_number)
        }
    }
    .into())
}
