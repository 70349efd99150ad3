//! `ArbSys` at 0x64: the chain itself, its blocks and the addresses of L1 senders.

use alloy_primitives::{Address, Bytes, U256, address, keccak256};
use alloy_sol_types::{SolCall, SolInterface};
use revm::{
    Database,
    context_interface::{ContextTr, JournalTr, journaled_state::account::JournaledAccountTr},
};

use self::ArbSys::{ArbSysCalls as Calls, *};
use super::{
    call::{Call, Done, Fault, STORAGE_CLEAR_GAS, STORAGE_WRITE_GAS, revert},
    method::Method,
};
use crate::{arbos::state, evm::without_warming};

mod abi {
    #![allow(missing_docs, clippy::too_many_arguments)]
    alloy_sol_types::sol! {
        /// The chain itself.
        #[sol(all_derives)]
        interface ArbSys {
            function arbBlockNumber() external view returns (uint256 number);
            function arbBlockHash(uint256 number) external view returns (bytes32 hash);
            function arbChainID() external view returns (uint256 id);
            function arbOSVersion() external view returns (uint256 version);
            function getStorageGasAvailable() external view returns (uint256 gas);
            function isTopLevelCall() external view returns (bool isTop);
            function mapL1SenderContractAddressToL2Alias(address sender, address unused) external pure returns (address alias_);
            function wasMyCallersAddressAliased() external view returns (bool aliased);
            function myCallersAddressWithoutAliasing() external view returns (address caller);

            function withdrawEth(address destination) external payable returns (uint256 leaf);
            function sendTxToL1(address destination, bytes calldata data) external payable returns (uint256 leaf);
            function sendMerkleTreeState() external view returns (uint256 size, bytes32 root, bytes32[] memory partials);

            event L2ToL1Tx(address caller, address indexed destination, uint256 indexed hash, uint256 indexed position, uint256 arbBlockNum, uint256 ethBlockNum, uint256 timestamp, uint256 callvalue, bytes data);
            event L2ToL1Transaction(address caller, address indexed destination, uint256 indexed uniqueId, uint256 indexed batchNumber, uint256 indexInBatch, uint256 arbBlockNum, uint256 ethBlockNum, uint256 timestamp, uint256 callvalue, bytes data);
            event SendMerkleUpdate(uint256 indexed reserved, bytes32 indexed hash, uint256 indexed position);
            error InvalidBlockNumber(uint256 requested, uint256 current);
        }
    }
}
pub use abi::ArbSys;

pub(super) const METHODS: &[Method] = &[
    Method::view(arbBlockNumberCall::SELECTOR),
    Method::view(arbBlockHashCall::SELECTOR),
    Method::view(arbChainIDCall::SELECTOR),
    Method::view(arbOSVersionCall::SELECTOR),
    Method::view(getStorageGasAvailableCall::SELECTOR),
    Method::view(isTopLevelCallCall::SELECTOR),
    Method::pure(mapL1SenderContractAddressToL2AliasCall::SELECTOR),
    Method::view(wasMyCallersAddressAliasedCall::SELECTOR),
    Method::view(myCallersAddressWithoutAliasingCall::SELECTOR),
    Method::payable(withdrawEthCall::SELECTOR),
    Method::payable(sendTxToL1Call::SELECTOR),
    Method::view(sendMerkleTreeStateCall::SELECTOR),
];

/// Blocks whose hash is still known.
const KNOWN_HASHES: u64 = 256;
/// What version 0 of ArbOS calls itself.
const VERSION_OFFSET: u64 = 55;
/// A node of the tree of messages is named by its level above these bits and by the message that made it full.
const LEVEL_SHIFT: usize = 192;
/// What is added, modulo 2^160, to the address of an L1 contract that sends a message.
const ALIAS_OFFSET: Address = address!("1111000000000000000000000000000000001111");

pub(super) fn answer<DB: Database>(call: &mut Call<'_, DB>, input: &[u8]) -> Done<Vec<u8>, DB> {
    let current = call.block().l2_number;
    Ok(match Calls::abi_decode(input).map_err(|_| Fault::BurnAll)? {
        Calls::arbBlockNumber(_) => arbBlockNumberCall::abi_encode_returns(&U256::from(current)),
        Calls::arbBlockHash(arguments) => {
            let known = current.saturating_sub(KNOWN_HASHES)..current;
            let hash = u64::try_from(arguments.number)
                .ok()
                .filter(|number| known.contains(number))
                .and_then(|number| call.chain().l2_block_hashes.get(&number).copied());
            let Some(hash) = hash else {
                return revert(InvalidBlockNumber { requested: arguments.number, current: U256::from(current) });
            };
            arbBlockHashCall::abi_encode_returns(&hash)
        }
        Calls::arbChainID(_) => arbChainIDCall::abi_encode_returns(&U256::from(call.chain().chain_id)),
        Calls::arbOSVersion(_) => {
            arbOSVersionCall::abi_encode_returns(&U256::from(call.chain().arbos_version.saturating_add(VERSION_OFFSET)))
        }
        // There is no allowance of storage gas any more.
        Calls::getStorageGasAvailable(_) => getStorageGasAvailableCall::abi_encode_returns(&U256::ZERO),
        Calls::isTopLevelCall(_) => isTopLevelCallCall::abi_encode_returns(&(call.frame.depth <= 2)),
        Calls::mapL1SenderContractAddressToL2Alias(arguments) => {
            mapL1SenderContractAddressToL2AliasCall::abi_encode_returns(&alias(arguments.sender))
        }
        // No transaction of this chain comes from an L1 contract, so no caller is aliased.
        Calls::wasMyCallersAddressAliased(_) => wasMyCallersAddressAliasedCall::abi_encode_returns(&false),
        Calls::myCallersAddressWithoutAliasing(_) => {
            myCallersAddressWithoutAliasingCall::abi_encode_returns(&call.frame.caller_of_caller.unwrap_or_default())
        }
        Calls::withdrawEth(arguments) => {
            withdrawEthCall::abi_encode_returns(&send(call, arguments.destination, Bytes::new())?)
        }
        Calls::sendTxToL1(arguments) => {
            sendTxToL1Call::abi_encode_returns(&send(call, arguments.destination, arguments.data)?)
        }
        // Nobody can call from address zero, but a question can be asked in its name.
        Calls::sendMerkleTreeState(_) if call.caller().is_zero() => {
            let partials = state::send_subtrees(call.ctx)?;
            call.burn_reads((partials.len() as u64).saturating_add(1))?;
            sendMerkleTreeStateCall::abi_encode_returns(&sendMerkleTreeStateReturn {
                size: U256::from(state::send_count(call.ctx)?),
                root: state::send_root(&partials),
                partials,
            })
        }
        Calls::sendMerkleTreeState(_) => return Err(Fault::Plain),
    })
}

/// Sends a message to L1: its hash becomes a leaf of the tree, its value is burnt here. Gives the leaf's place.
fn send<DB: Database>(call: &mut Call<'_, DB>, destination: Address, data: Bytes) -> Done<U256, DB> {
    // The L1 block is a word of the state.
    call.burn_reads(1)?;
    let (caller, value, address) = (call.caller(), call.value, call.address());
    let [block, l1_block, time] =
        [call.block().l2_number, call.block().l1_number, call.block().timestamp].map(U256::from);
    let figures = [block, l1_block, time, value].map(|figure| figure.to_be_bytes::<32>());
    let message = [caller.as_slice(), destination.as_slice(), figures.as_flattened(), &data].concat();
    call.burn(hash_gas(message.len()))?;
    let hash = keccak256(message);

    // The count is read and written, and read once more for the leaf's place; each node joins a subtree, which is read and cleared.
    let added = state::add_send(call.ctx, hash)?;
    let joins = added.nodes.len() as u64;
    call.burn_reads(2)?;
    call.burn(2 * STORAGE_WRITE_GAS + hash_gas(32))?;
    call.burn_reads(joins.saturating_add(u64::from(added.read_top)))?;
    call.burn(joins.saturating_mul(hash_gas(64) + STORAGE_CLEAR_GAS))?;

    let is_burnt = without_warming(call.ctx, &[address], |ctx| -> Result<bool, DB::Error> {
        Ok(ctx.journal_mut().load_account_mut(address)?.data.decr_balance(value))
    })?;
    if !is_burnt {
        return Err(Fault::Plain);
    }
    for node in added.nodes {
        let position = U256::from(node.level) << LEVEL_SHIFT | U256::from(added.leaf);
        call.emit(&SendMerkleUpdate { reserved: U256::ZERO, hash: node.hash, position })?;
    }
    let leaf = U256::from(added.leaf);
    call.emit(&L2ToL1Tx {
        caller,
        destination,
        hash: hash.into(),
        position: leaf,
        arbBlockNum: block,
        ethBlockNum: l1_block,
        timestamp: time,
        callvalue: value,
        data,
    })?;
    Ok(leaf)
}

/// Gas of hashing so many bytes.
const fn hash_gas(bytes: usize) -> u64 {
    30 + 6 * bytes.div_ceil(32) as u64
}

/// The address an L1 contract has as a sender here: its own plus [`ALIAS_OFFSET`], modulo 2^160.
///
/// Example: the contract at 0x00…01 sends as 0x1111…1112.
fn alias(sender: Address) -> Address {
    let sum = U256::from_be_slice(sender.as_slice()).wrapping_add(U256::from_be_slice(ALIAS_OFFSET.as_slice()));
    Address::from_word(sum.into())
}
