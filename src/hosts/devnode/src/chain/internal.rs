//! The transaction ArbOS opens a block with: type 0x6A, from its own account to itself, without gas and without a signature.
//!
//! It tells contracts nothing and changes nothing on this chain; a block has it only where the node was made to put it there, because
//! tools that count transactions would not expect it on a local chain.

use alloy_consensus::{Extended, Transaction, TxEnvelope, Typed2718};
use alloy_eips::{eip2718::Encodable2718, eip2930::AccessList, eip7702::SignedAuthorization};
use alloy_primitives::{Address, B256, Bytes, TxKind, U256, address};
use alloy_rlp::{BufMut, Decodable, Encodable, Header};
use alloy_sol_types::SolCall;
use serde::Serialize;

use crate::arbos::precompiles::arbos_acts::ArbosActs::startBlockCall;

/// A transaction in a block: one that somebody signed, or the one that opens it.
pub type Envelope = Extended<TxEnvelope, InternalTx>;

/// The account of ArbOS that such a transaction comes from and goes to.
pub const ARBOS: Address = address!("00000000000000000000000000000000000a4b05");
/// The type byte.
pub const INTERNAL_TX_TYPE: u8 = 0x6a;

/// What opens a block. Its bytes are the type and the RLP of its two fields.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase", into = "Shown")]
pub struct InternalTx {
    chain_id: u64,
    data: Bytes,
}

/// As the methods of a node show it: with the fields every transaction has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    r#type: &'static str,
    chain_id: alloy_primitives::U64,
    nonce: &'static str,
    gas: &'static str,
    to: Address,
    value: &'static str,
    input: Bytes,
    v: &'static str,
    r: &'static str,
    s: &'static str,
}

impl From<InternalTx> for Shown {
    fn from(tx: InternalTx) -> Self {
        let zero = "0x0";
        let chain_id = alloy_primitives::U64::from(tx.chain_id);
        Self {
            r#type: "0x6a",
            chain_id,
            nonce: zero,
            gas: zero,
            to: ARBOS,
            value: zero,
            input: tx.data,
            v: zero,
            r: zero,
            s: zero,
        }
    }
}

impl InternalTx {
    /// The one that opens the L2 block `l2_number`, `secs` seconds after the block before, at these L1 figures.
    pub(crate) fn start_block(chain_id: u64, l1_base_fee_wei: U256, l1_number: u64, l2_number: u64, secs: u64) -> Self {
        let call = startBlockCall {
            l1BaseFee: l1_base_fee_wei,
            l1BlockNumber: l1_number,
            l2BlockNumber: l2_number,
            timePassed: secs,
        };
        Self { chain_id, data: call.abi_encode().into() }
    }

    /// Reads one from its bytes, the type byte included.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (INTERNAL_TX_TYPE, mut rest) = bytes.split_first().map(|(first, rest)| (*first, rest))? else {
            return None;
        };
        let header = Header::decode(&mut rest).ok().filter(|header| header.list && header.payload_length == rest.len());
        header?;
        let read = Self { chain_id: u64::decode(&mut rest).ok()?, data: Bytes::decode(&mut rest).ok()? };
        rest.is_empty().then_some(read)
    }

    fn payload_length(&self) -> usize {
        self.chain_id.length().saturating_add(self.data.length())
    }

    fn header(&self) -> Header {
        Header { list: true, payload_length: self.payload_length() }
    }
}

impl Typed2718 for InternalTx {
    fn ty(&self) -> u8 {
        INTERNAL_TX_TYPE
    }
}

impl Encodable2718 for InternalTx {
    fn encode_2718_len(&self) -> usize {
        self.header().length_with_payload().saturating_add(1)
    }

    fn encode_2718(&self, out: &mut dyn BufMut) {
        out.put_u8(INTERNAL_TX_TYPE);
        self.header().encode(out);
        self.chain_id.encode(out);
        self.data.encode(out);
    }
}

impl Transaction for InternalTx {
    fn chain_id(&self) -> Option<u64> {
        Some(self.chain_id)
    }

    fn nonce(&self) -> u64 {
        0
    }

    fn gas_limit(&self) -> u64 {
        0
    }

    fn gas_price(&self) -> Option<u128> {
        Some(0)
    }

    fn max_fee_per_gas(&self) -> u128 {
        0
    }

    fn max_priority_fee_per_gas(&self) -> Option<u128> {
        None
    }

    fn max_fee_per_blob_gas(&self) -> Option<u128> {
        None
    }

    fn priority_fee_or_price(&self) -> u128 {
        0
    }

    fn effective_gas_price(&self, _: Option<u64>) -> u128 {
        0
    }

    fn is_dynamic_fee(&self) -> bool {
        false
    }

    fn kind(&self) -> TxKind {
        TxKind::Call(ARBOS)
    }

    fn is_create(&self) -> bool {
        false
    }

    fn value(&self) -> U256 {
        U256::ZERO
    }

    fn input(&self) -> &Bytes {
        &self.data
    }

    fn access_list(&self) -> Option<&AccessList> {
        None
    }

    fn blob_versioned_hashes(&self) -> Option<&[B256]> {
        None
    }

    fn authorization_list(&self) -> Option<&[SignedAuthorization]> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_bytes_lead_back_to_it_and_no_others_do() {
        let tx = InternalTx::start_block(412_346, U256::from(7), 11, 12, 13);
        let bytes = tx.encoded_2718();
        assert_eq!((bytes[0], bytes.len()), (0x6a, tx.encode_2718_len()));
        assert_eq!(tx.input()[..4], [0x6b, 0xf6, 0xa4, 0x2d]);
        assert_eq!(InternalTx::decode(&bytes), Some(tx));
        assert_eq!(InternalTx::decode(&bytes[..bytes.len() - 1]), None);
        assert_eq!(InternalTx::decode(&[&bytes[..], &[0]].concat()), None);
        assert_eq!(InternalTx::decode(&[&[0x6b], &bytes[1..]].concat()), None);
        assert_eq!(InternalTx::decode(&[]), None);
    }

    #[test]
    fn it_is_shown_with_the_fields_of_every_transaction() {
        let shown = serde_json::to_value(InternalTx { chain_id: 5, data: Bytes::from_static(&[1]) }).unwrap();
        assert_eq!(shown["type"], "0x6a");
        assert_eq!(shown["to"], "0x00000000000000000000000000000000000a4b05");
        assert_eq!((&shown["gas"], &shown["chainId"], &shown["input"]), (&"0x0".into(), &"0x5".into(), &"0x01".into()));
    }
}
