//! The development accounts: keys everybody knows, rich at genesis. Never send anything of value to them on a public chain.

use alloy_consensus::{SignableTransaction, TxEnvelope, TypedTransaction};
use alloy_primitives::{Address, B256, Signature, b256};
use alloy_signer::SignerSync;
use alloy_signer_local::{MnemonicBuilder, PrivateKeySigner};

/// The words the first ten development accounts are made of.
pub const DEV_MNEMONIC: &str = "test test test test test test test test test test test junk";

/// The keys of the first ten accounts (path m/44'/60'/0'/0/n) of the mnemonic
/// `test test test test test test test test test test test junk`, then the key of Arbitrum's development account.
pub const DEV_KEYS: [B256; 11] = [
    b256!("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"),
    b256!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"),
    b256!("5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a"),
    b256!("7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6"),
    b256!("47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"),
    b256!("8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba"),
    b256!("92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e"),
    b256!("4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356"),
    b256!("dbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97"),
    b256!("2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6"),
    b256!("b6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659"),
];

/// Why a mnemonic gives no accounts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no accounts of this mnemonic and path: {reason}")]
pub struct MnemonicError {
    /// What its reader said.
    pub reason: String,
}

/// An account whose key the node holds.
#[derive(Debug, Clone)]
pub struct DevAccount {
    /// Its address.
    pub address: Address,
    /// Its secret key.
    pub key: B256,
    signer: PrivateKeySigner,
}

impl DevAccount {
    /// The account of a secret key; `None` when the 32 bytes are no key of the curve.
    pub fn from_key(key: B256) -> Option<Self> {
        let signer = PrivateKeySigner::from_bytes(&key).ok()?;
        Some(Self { address: signer.address(), key, signer })
    }

    /// All accounts of [`DEV_KEYS`], in that order.
    pub fn all() -> Vec<Self> {
        DEV_KEYS.into_iter().filter_map(Self::from_key).collect()
    }

    /// The first `count` accounts of a mnemonic, at `path` followed by their number, and Arbitrum's development account.
    ///
    /// # Errors
    /// The words are no mnemonic, or the path is none.
    pub fn of_mnemonic(words: &str, path: &str, count: u32) -> Result<Vec<Self>, MnemonicError> {
        let account = |index: u32| {
            let signer = MnemonicBuilder::from_phrase(words)
                .derivation_path(format!("{path}{index}"))
                .and_then(|builder| builder.build())
                .map_err(|error| MnemonicError { reason: error.to_string() })?;
            Ok(Self { address: signer.address(), key: signer.to_bytes(), signer })
        };
        let arbitrum = DEV_KEYS.last().and_then(|key| Self::from_key(*key)).map(Ok);
        (0..count).map(account).chain(arbitrum).collect()
    }

    /// Signs a transaction.
    ///
    /// # Errors
    /// The signer's text; a key of the curve signs every hash, so none is known to occur.
    pub fn sign(&self, transaction: TypedTransaction) -> Result<TxEnvelope, alloy_signer::Error> {
        let signature = self.sign_hash(transaction.signature_hash())?;
        Ok(transaction.into_signed(signature).into())
    }

    /// Signs a hash, such as that of an authorization.
    ///
    /// # Errors
    /// As [`DevAccount::sign`].
    pub fn sign_hash(&self, hash: B256) -> Result<Signature, alloy_signer::Error> {
        self.signer.sign_hash_sync(&hash)
    }
}
