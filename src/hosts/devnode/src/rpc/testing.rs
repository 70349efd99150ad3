//! Methods of test suites, under the names anvil and Hardhat gave them: time, mining, impersonation, state, snapshots.

use alloy_primitives::{Address, B256, Bytes, U256};
use serde_json::{Value, json};

use super::{Methods, args::Args, convert::quantity, errors::RpcError, shared::Inner};
use crate::SnapshotId;

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["evm_snapshot", "anvil_snapshot"], |inner, _| Ok(quantity(inner.snapshot().0)));
    methods.add(&["evm_revert", "anvil_revert"], |inner, args| {
        let id = SnapshotId(args.required_number(0, "snapshot")?);
        Ok(json!(inner.revert(id)))
    });

    methods.add(&["evm_increaseTime", "anvil_increaseTime"], |inner, args| {
        let secs = args.required_number(0, "seconds")?;
        let Inner { clock, node, .. } = inner;
        Ok(json!(clock.increase(node, secs)))
    });
    methods.add(&["evm_setNextBlockTimestamp", "anvil_setNextBlockTimestamp"], |inner, args| {
        let secs = args.required_number(0, "timestamp")?;
        let Inner { clock, node, .. } = inner;
        clock.set_next(node, secs)?;
        Ok(Value::Null)
    });
    methods.add(&["evm_setTime", "anvil_setTime"], |inner, args| {
        let secs = args.required_number(0, "timestamp")?;
        let Inner { clock, node, .. } = inner;
        Ok(json!(clock.set(node, secs)?))
    });
    methods.add(&["anvil_setBlockTimestampInterval"], |inner, args| {
        inner.node.set_block_interval(Some(args.required_number(0, "seconds")?));
        Ok(Value::Null)
    });
    // Only viem asks for it by this name, and counts milliseconds then.
    methods.add(&["hardhat_setBlockTimestampInterval"], |inner, args| {
        let secs = args.required_number(0, "milliseconds")?.div_ceil(1_000);
        inner.node.set_block_interval(Some(secs));
        Ok(Value::Null)
    });
    methods.add(&["anvil_removeBlockTimestampInterval", "hardhat_removeBlockTimestampInterval"], |inner, _| {
        let was_set = inner.node.block_interval_secs().is_some();
        inner.node.set_block_interval(None);
        Ok(json!(was_set))
    });
    // Each answers what its clients read: ganache's text, nothing, and Hardhat's yes.
    methods.add(&["evm_mine"], |inner, args| mine(inner, args).map(|()| json!("0x0")));
    methods.add(&["anvil_mine"], |inner, args| mine(inner, args).map(|()| Value::Null));
    methods.add(&["hardhat_mine"], |inner, args| mine(inner, args).map(|()| json!(true)));
    methods.add(&["evm_setAutomine", "anvil_setAutomine"], |inner, args| {
        let automine = args.required(0, "automine")?;
        if automine {
            inner.mine_every(0);
        }
        inner.node.set_automine(automine);
        Ok(Value::Null)
    });
    methods.add(&["anvil_getAutomine", "hardhat_getAutomine"], |inner, _| Ok(json!(inner.node.automine())));

    methods.add(&["anvil_impersonateAccount", "hardhat_impersonateAccount"], |inner, args| {
        inner.impersonated.insert(args.required(0, "address")?);
        Ok(Value::Null)
    });
    methods.add(&["anvil_stopImpersonatingAccount", "hardhat_stopImpersonatingAccount"], |inner, args| {
        inner.impersonated.remove(&args.required::<Address>(0, "address")?);
        Ok(Value::Null)
    });
    methods.add(&["anvil_autoImpersonateAccount", "hardhat_autoImpersonateAccount"], |inner, args| {
        inner.impersonate_all = args.required(0, "enabled")?;
        Ok(Value::Null)
    });

    methods.add(&["anvil_setBalance", "hardhat_setBalance"], |inner, args| {
        inner.node.set_balance(args.required(0, "address")?, args.required(1, "balance")?);
        Ok(Value::Null)
    });
    methods.add(&["anvil_setCode", "hardhat_setCode"], |inner, args| {
        inner.node.set_code(args.required(0, "address")?, args.required::<Bytes>(1, "code")?);
        Ok(Value::Null)
    });
    methods.add(&["anvil_setNonce", "hardhat_setNonce"], |inner, args| {
        inner.node.set_nonce(args.required(0, "address")?, args.required_number(1, "nonce")?);
        Ok(Value::Null)
    });
    methods.add(&["anvil_setStorageAt", "hardhat_setStorageAt"], |inner, args| {
        inner.node.set_storage(
            args.required(0, "address")?,
            args.required::<U256>(1, "slot")?,
            args.required::<U256>(2, "value")?,
        );
        Ok(json!(true))
    });
    methods.add(&["anvil_setCoinbase", "hardhat_setCoinbase"], |inner, args| {
        inner.node.set_coinbase(args.required(0, "address")?);
        Ok(Value::Null)
    });
    methods.add(&["anvil_setNextBlockBaseFeePerGas", "hardhat_setNextBlockBaseFeePerGas"], |inner, args| {
        inner.node.set_next_base_fee_wei(args.required_number(0, "baseFee")?);
        Ok(Value::Null)
    });
    methods.add(&["anvil_setMinGasPrice", "hardhat_setMinGasPrice"], |inner, args| {
        inner.node.set_base_fee_wei(args.required_number(0, "gasPrice")?);
        Ok(Value::Null)
    });
    methods.add(&["evm_setBlockGasLimit"], |inner, args| {
        inner.node.set_block_gas_limit(args.required_number(0, "gasLimit")?);
        Ok(json!(true))
    });
    methods.add(&["hardhat_setPrevRandao"], |inner, args| {
        inner.node.set_next_prevrandao(args.required::<U256>(0, "prevRandao")?.into());
        Ok(Value::Null)
    });
    methods.add(&["anvil_setLoggingEnabled", "hardhat_setLoggingEnabled"], |inner, args| {
        inner.logging = args.required(0, "enabled")?;
        Ok(Value::Null)
    });
    // The two differ in what they answer: anvil the hash or nothing, Hardhat whether there was one.
    methods.add(&["anvil_dropTransaction"], |inner, args| {
        let hash: B256 = args.required(0, "hash")?;
        Ok(if inner.node.drop_queued(hash) { json!(hash) } else { Value::Null })
    });
    methods
        .add(&["hardhat_dropTransaction"], |inner, args| Ok(json!(inner.node.drop_queued(args.required(0, "hash")?))));
    methods.add(&["devnode_setL1BlockNumber"], |inner, args| {
        inner.node.set_l1_block_number(args.required_number(0, "number")?);
        Ok(Value::Null)
    });
    methods.add(&["devnode_setArbosVersion"], |inner, args| {
        let set = inner.node.set_arbos_version(args.required_number(0, "version")?);
        set.map_err(|error| RpcError::BadParameter { index: 0, name: "version", reason: error.to_string() })?;
        Ok(Value::Null)
    });
}

/// Mines one block, or the number given. `evm_mine` also takes `{"timestamp": …, "blocks": …}` or a bare timestamp, `anvil_mine` a number of
/// blocks and the seconds between them; the two readings of a bare number are told apart by its size, as no test mines a thousand million blocks.
fn mine(inner: &mut Inner, args: Args) -> Result<(), RpcError> {
    /// A bare number from here on is a time: it is the year 2001.
    const FIRST_TIMESTAMP_SECS: u64 = 1_000_000_000;
    #[derive(Debug, Default, serde::Deserialize)]
    struct Options {
        timestamp: Option<U256>,
        blocks: Option<U256>,
    }
    let mut blocks = 1;
    let mut timestamp_secs = None;
    if let Ok(Some(options)) = args.optional::<Options>(0, "options") {
        let narrow = |name: &'static str, wide: U256| {
            u64::try_from(wide).map_err(|_| RpcError::BadParameter {
                index: 0,
                name,
                reason: format!("{wide} is not below 2^64"),
            })
        };
        timestamp_secs = options.timestamp.map(|wide| narrow("timestamp", wide)).transpose()?;
        blocks = options.blocks.map(|wide| narrow("blocks", wide)).transpose()?.unwrap_or(1);
    } else if let Some(number) = args.optional_number(0, "blocks")? {
        if number >= FIRST_TIMESTAMP_SECS {
            timestamp_secs = Some(number);
        } else {
            blocks = number;
        }
    }
    inner.allowance.take(blocks)?;
    // viem writes 0 when its caller names no interval; blocks are then as far apart as they always are.
    let interval_secs = args.optional_number(1, "interval")?.filter(|secs| *secs > 0);
    let Inner { clock, node, .. } = inner;
    match timestamp_secs {
        Some(secs) => clock.set_next(node, secs)?,
        None => clock.tick(node),
    }
    match interval_secs {
        Some(interval_secs) => node.mine_spaced(blocks, interval_secs),
        None => node.mine(blocks),
    }
    Ok(())
}
