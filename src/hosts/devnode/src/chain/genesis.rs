//! What a chain starts with: rich development accounts, ArbOS, and the contracts every tool expects.

use alloy_consensus::{EMPTY_OMMER_ROOT_HASH, EMPTY_ROOT_HASH, Header};
use alloy_primitives::{Address, B256, Bytes, U256, address, hex};

use super::{accounts::DevAccount, config::ChainConfig, record::Block, seal::header, state::State, store::Sealed};
use crate::{
    arbos::{
        precompiles::{addresses, pricing::Price},
        state::{ARBOS_ACCOUNT, GenesisStorage, cache_managers, chain_owners, write_genesis},
    },
    evm::{BlockContext, ChainContext},
};

/// Arbitrum's development account. It owns the chain.
pub const DEV_ACCOUNT: Address = address!("3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E");
/// Creates, activates and initialises programs in one transaction.
pub const STYLUS_DEPLOYER: Address = address!("cEcba2F1DC234f70Dd89F2041029807F8D03A990");
/// Creates contracts at addresses that follow from their code alone.
pub const CREATE2_FACTORY: Address = address!("4e59b44847b379578588920cA78FbF26c0B4956C");
/// Takes bids for the program cache; every bid wins.
pub const CACHE_MANAGER: Address = address!("2F8Bd4EaB69764c105aDd7dE7CB0402557a44E6f");
/// Makes several calls in one.
pub const MULTICALL3: Address = address!("cA11bde05977b3631167028862bE2a173976CA11");

const STYLUS_DEPLOYER_CODE: &str = include_str!("bytecode/StylusDeployer.hex");
const CACHE_MANAGER_CODE: &str = include_str!("bytecode/CacheManager.hex");
const MULTICALL3_CODE: &str = include_str!("bytecode/Multicall3.hex");
/// The factory of CREATE2 at one address on every chain: calldata is a salt and init code, the answer the 20 bytes of the address.
const CREATE2_FACTORY_CODE: [u8; 69] = hex!(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
);
/// What the account of a precompile holds, so that it looks like a contract: INVALID.
const PRECOMPILE_CODE: Bytes = Bytes::from_static(&[0xfe]);

/// The state before the first transaction.
pub(crate) fn state(config: &ChainConfig, accounts: &[DevAccount]) -> State {
    let mut state = State::default();
    for account in accounts {
        state.set_balance(account.address, config.dev_balance_wei);
    }
    for (address, code) in
        [(STYLUS_DEPLOYER, STYLUS_DEPLOYER_CODE), (CACHE_MANAGER, CACHE_MANAGER_CODE), (MULTICALL3, MULTICALL3_CODE)]
    {
        contract(&mut state, address, hex::decode(code.trim()).unwrap_or_default().into());
    }
    contract(&mut state, CREATE2_FACTORY, Bytes::from_static(&CREATE2_FACTORY_CODE));
    let chain =
        ChainContext { chain_id: config.chain_id, arbos_version: config.arbos_version, ..ChainContext::default() };
    for address in addresses(&chain) {
        contract(&mut state, address, PRECOMPILE_CODE);
    }
    // A nonce of 1 keeps the account from counting as empty.
    state.set_nonce(ARBOS_ACCOUNT, 1);
    for (slot, word) in arbos(config) {
        state.set_slot(ARBOS_ACCOUNT, slot, word);
    }
    state
}

fn contract(state: &mut State, address: Address, code: Bytes) {
    state.set_nonce(address, 1);
    state.set_code(address, code);
}

/// The storage of ArbOS: its defaults, an L1 price of zero, the development account as owner and the cache manager.
fn arbos(config: &ChainConfig) -> GenesisStorage {
    let mut storage = GenesisStorage::new();
    write_genesis(&mut storage, config.chain_id, config.arbos_version);
    let Ok(()) = (|| {
        Price::BaseFee.set(&mut storage, U256::from(config.base_fee_wei))?;
        Price::MinimumBaseFee.set(&mut storage, U256::from(config.base_fee_wei))?;
        chain_owners().add(&mut storage, DEV_ACCOUNT)?;
        cache_managers().add(&mut storage, CACHE_MANAGER)
    })();
    storage
}

/// Block 0.
pub(crate) fn sealed(config: &ChainConfig, accounts: &[DevAccount]) -> Sealed {
    let context = BlockContext {
        l2_number: 0,
        l1_number: config.l1_block_number,
        timestamp: config.genesis_time_secs,
        base_fee: config.base_fee_wei,
        ..BlockContext::default()
    };
    let header = Header {
        ommers_hash: EMPTY_OMMER_ROOT_HASH,
        transactions_root: EMPTY_ROOT_HASH,
        receipts_root: EMPTY_ROOT_HASH,
        ..header(&context, B256::ZERO, config.arbos_version)
    };
    let hash = header.hash_slow();
    Sealed {
        block: Block { header, hash, l1_number: config.l1_block_number, transactions: Vec::new() },
        transactions: Vec::new(),
        receipts: Vec::new(),
        state: state(config, accounts),
    }
}
