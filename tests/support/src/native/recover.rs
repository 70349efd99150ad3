//! The precompile at address 1, for the native world: who signed a digest.

use super::host::Frame;
use alloy_primitives::{Address, B256, Signature, U256};

pub(super) const ADDRESS: Address = Address::with_last_byte(1);

/// Of digest, `v`, `r` and `s` in a word each; what is missing is zero. Nothing where nobody signed.
pub(super) fn run(_: &Frame, input: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    let mut words = [[0; 32]; 4];
    for (byte, given) in words.as_flattened_mut().iter_mut().zip(input) {
        *byte = *given;
    }
    let [digest, v, r, s] = words;
    let is_odd = match U256::from_be_bytes(v).try_into() {
        Ok(27_u8) => false,
        Ok(28_u8) => true,
        _ => return Ok(Vec::new()),
    };
    let signature = Signature::from_scalars_and_parity(B256::from(r), B256::from(s), is_odd);
    let signer = signature.recover_address_from_prehash(&B256::from(digest));
    Ok(signer.map(|signer| signer.into_word().to_vec()).unwrap_or_default())
}
