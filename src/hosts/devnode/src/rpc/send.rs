//! Methods that send: signed transactions, and transactions and messages the node signs with its own accounts' keys.

use alloy_primitives::{Address, Bytes};
use alloy_rpc_types_eth::TransactionRequest;

use super::{
    Methods,
    convert::{tx_request, value},
    errors::RpcError,
    prepare::with_gas,
};

pub(super) fn register(methods: &mut Methods) {
    methods.add(&["eth_sendRawTransaction"], |inner, args| {
        let raw: Bytes = args.required(0, "transaction")?;
        inner.tick();
        let hash = inner.node.send_raw(&raw)?;
        Ok(value(inner.accepted(hash)))
    });
    methods.add(&["eth_sendTransaction", "eth_sendUnsignedTransaction"], |inner, args| {
        let request: TransactionRequest = args.required(0, "transaction")?;
        if request.from.is_none() {
            return Err(RpcError::BadParameter { index: 0, name: "transaction", reason: "it has no `from`".into() });
        }
        let request = tx_request(request)?;
        inner.may_send(request.from)?;
        inner.tick();
        let request = with_gas(inner, request)?;
        let hash = inner.node.submit(request)?;
        Ok(value(inner.accepted(hash)))
    });
    methods.add(&["personal_sign"], |inner, args| {
        sign(inner, args.required(1, "address")?, &args.required::<Bytes>(0, "message")?)
    });
    methods.add(&["eth_sign"], |inner, args| {
        sign(inner, args.required(0, "address")?, &args.required::<Bytes>(1, "message")?)
    });
}

/// Signs a message by EIP-191 with the key of one of the node's accounts.
fn sign(inner: &mut super::shared::Inner, address: Address, message: &[u8]) -> Result<serde_json::Value, RpcError> {
    use alloy_signer::SignerSync;
    let account = inner
        .node
        .accounts()
        .iter()
        .find(|account| account.address == address)
        .ok_or(RpcError::NoSigner { address })?;
    let signer = alloy_signer_local::PrivateKeySigner::from_bytes(&account.key)
        .map_err(|error| RpcError::CannotSign { reason: error.to_string() })?;
    let signature =
        signer.sign_message_sync(message).map_err(|error| RpcError::CannotSign { reason: error.to_string() })?;
    Ok(value(Bytes::from(signature.as_bytes().to_vec())))
}
