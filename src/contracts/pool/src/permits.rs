//! Allowances by signature: EIP-2612 on EIP-712, refused as OpenZeppelin refuses.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use common::{
    Outcome,
    abi::{Words, write_words},
    call::signer,
    refuse,
};
use interface::IPool;
use stylus_sdk::{
    prelude::*,
    stylus_core::{AccountAccess, BlockAccess, ChainAccess, CryptographyAccess},
};
use units::{OutOfRange, Shares};

use crate::{storage::Pool, views::NAME};

const DOMAIN: &[u8] = b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const VERSION: &[u8] = b"1";
const PERMIT: &[u8] = b"Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";
/// Half of the order of secp256k1: of the two numbers that make the same signature, the lower counts.
const HALF_ORDER: U256 =
    U256::from_limbs([0xdfe9_2f46_681b_20a0, 0x5d57_6e73_57a4_501d, u64::MAX, 0x7fff_ffff_ffff_ffff]);

impl Pool {
    /// Sets what `spender` may take of the owner's shares, by the owner's signature. Anyone may bring it, once, until its deadline.
    #[allow(clippy::too_many_arguments, reason = "EIP-2612 has as many")]
    pub fn permit(
        &mut self,
        owner: Address,
        spender: Address,
        value: U256,
        deadline: U256,
        v: u8,
        r: B256,
        s: B256,
    ) -> Outcome<()> {
        if U256::from(self.vm().block_timestamp()) > deadline {
            return Err(refuse!(IPool::ERC2612ExpiredSignature { deadline }));
        }
        let nonce = self.used_permits(owner);
        let digest = self.permit_digest(&[&self.hash_of(PERMIT), &owner, &spender, &value, &nonce, &deadline])?;
        if U256::from_be_bytes(s.0) > HALF_ORDER {
            return Err(refuse!(IPool::ECDSAInvalidSignatureS { s }));
        }
        let Some(signer) = signer(self.vm(), digest, v, r, s) else {
            return Err(refuse!(IPool::ECDSAInvalidSignature {}));
        };
        if signer != owner {
            return Err(refuse!(IPool::ERC2612InvalidSigner { signer, owner }));
        }
        self.store_used_permits(owner, nonce.checked_add(U256::ONE).ok_or(OutOfRange)?);
        self.allow(owner, spender, Shares(value))
    }

    /// How many of the owner's permits were used; the next one is signed with this number.
    pub fn nonces(&self, owner: Address) -> Outcome<U256> {
        Ok(self.used_permits(owner))
    }

    /// What a permit is signed for: this contract on the chain as it is called now, so that a permit is worth nothing after a fork.
    pub fn domain_separator(&self) -> Outcome<B256> {
        let chain_id = U256::from(self.vm().chain_id());
        let (kind, name, version) = (self.hash_of(DOMAIN), self.hash_of(NAME.as_bytes()), self.hash_of(VERSION));
        Ok(self.hash(&[&kind, &name, &version, &chain_id, &self.vm().contract_address()]))
    }

    /// The hash of some words.
    pub(crate) fn hash(&self, values: &[&dyn Words]) -> B256 {
        let mut data = Vec::new();
        write_words(values, &mut data);
        self.hash_of(&data)
    }

    fn hash_of(&self, data: &[u8]) -> B256 {
        self.vm().native_keccak256(data)
    }

    /// What is signed, by EIP-712: the domain and the hash of the words of the struct.
    fn permit_digest(&self, values: &[&dyn Words]) -> Outcome<B256> {
        let mut data = Vec::from(*b"\x19\x01");
        write_words(&[&self.domain_separator()?, &self.hash(values)], &mut data);
        Ok(self.hash_of(&data))
    }
}
