//! What a chain starts with: rich development accounts, ArbOS, and the contracts every tool expects.

use std::sync::Arc;

use alloy_consensus::{EMPTY_OMMER_ROOT_HASH, EMPTY_ROOT_HASH, Header};
use alloy_primitives::{Address, B256, Bytes, U256, address, hex};

use super::{
    accounts::DevAccount, config::ChainConfig, record::Block, run::StateSlots, seal::header, state::State,
    store::Sealed,
};
use crate::{
    arbos::{
        precompiles::{addresses, is_active, pricing::Price},
        state::{ARBOS_ACCOUNT, GenesisStorage, RootSlot, cache_managers, chain_owners, root, write_genesis},
    },
    evm::{BlockContext, ChainContext},
    fork::{ForkError, Origin, OriginBlock},
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
    for (address, code) in tools() {
        contract(&mut state, address, code);
    }
    put_arbos(&mut state, config);
    state
}

/// The contracts every tool expects.
fn tools() -> [(Address, Bytes); 4] {
    let code = |text: &str| hex::decode(text.trim()).unwrap_or_default().into();
    [
        (STYLUS_DEPLOYER, code(STYLUS_DEPLOYER_CODE)),
        (CACHE_MANAGER, code(CACHE_MANAGER_CODE)),
        (MULTICALL3, code(MULTICALL3_CODE)),
        (CREATE2_FACTORY, Bytes::from_static(&CREATE2_FACTORY_CODE)),
    ]
}

/// Precompiles, and the storage of ArbOS as it is at first.
fn put_arbos(state: &mut State, config: &ChainConfig) {
    put_precompiles(state, 0, config.arbos_version);
    // A nonce of 1 keeps the account from counting as empty.
    state.set_nonce(ARBOS_ACCOUNT, 1);
    for (slot, word) in arbos(config) {
        state.set_slot(ARBOS_ACCOUNT, slot, word);
    }
}

/// The accounts of the precompiles that version `to` of ArbOS has beyond those of `from`; all of them when there was none before.
pub(crate) fn put_precompiles(state: &mut State, from: u64, to: u64) {
    let all = ChainContext { arbos_version: to, ..ChainContext::default() };
    for address in addresses(&all).filter(|address| from == 0 || !is_active(*address, from)) {
        contract(state, address, PRECOMPILE_CODE);
    }
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
        if config.l1_data_price_wei > 0 {
            Price::L1DataUnit.set(&mut storage, U256::from(config.l1_data_price_wei))?;
        }
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
        ..header(&context, B256::ZERO, config.arbos_version, (0, B256::ZERO))
    };
    let hash = header.hash_slow();
    Sealed {
        block: Block { header, hash, l1_number: config.l1_block_number, transactions: Vec::new() },
        transactions: Vec::new(),
        receipts: Vec::new(),
        state: state(config, accounts),
    }
}

/// The block a fork begins at. Development accounts get their wei, and contracts that tools expect are put where the chain has none.
///
/// A chain of Arbitrum brings its own ArbOS, whose version is put into `config`; any other gets that of a new chain.
pub(crate) fn forked(
    config: &mut ChainConfig,
    accounts: &[DevAccount],
    origin: Arc<Origin>,
) -> Result<Sealed, ForkError> {
    let OriginBlock { header, hash, l1_number, transactions } = origin.block.clone();
    config.chain_id = origin.chain_id;
    config.l1_block_number = l1_number;
    let needed: Vec<Address> = accounts
        .iter()
        .map(|account| account.address)
        .chain(tools().into_iter().map(|(address, _)| address))
        .chain([ARBOS_ACCOUNT])
        .collect();
    origin.fetch(&needed)?;
    let mut state = State::of_origin(Arc::clone(&origin));
    let Ok(version) = root(&mut StateSlots(&state), RootSlot::Version);
    if version.is_zero() {
        state.replace(ARBOS_ACCOUNT);
        origin.fetch(&addresses(&ChainContext::default()).collect::<Vec<_>>())?;
        put_arbos(&mut state, config);
    } else {
        config.arbos_version = version.saturating_to();
    }
    for account in accounts {
        state.set_balance(account.address, config.dev_balance_wei);
    }
    for (address, code) in tools() {
        if state.code(address).is_empty() {
            contract(&mut state, address, code);
        }
    }
    if let Some(error) = origin.take_failure() {
        return Err(error);
    }
    let block = Block { header, hash, l1_number, transactions };
    Ok(Sealed { block, transactions: Vec::new(), receipts: Vec::new(), state })
}
