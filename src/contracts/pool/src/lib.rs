//! The pool contract: ERC-4626 shares of what lenders brought, with the interest it earns and the losses it bears.
//!
//! It holds no assets: they lie with the vault contract, which keeps the books; the pool counts whose they are. What a share is worth
//! comes from there, how it is rounded from `kernel::shares`. What each function promises stands in `abi/IPool.sol`, how storage is
//! laid out in `README.md`.
#![cfg_attr(not(any(test, feature = "export-abi")), no_main)]
#![cfg_attr(not(feature = "export-abi"), deny(missing_docs))]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::float_arithmetic
    )
)]

extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::Address;
use interface::IPool;

// What users call, in the order they meet it.
mod lenders;
mod parameters;
mod permits;
mod quotes;
mod shares;
mod views;

// What those are built from.
mod errors;
mod storage;

pub use storage::Pool;

common::routes! {
    Pool {
        constructor(owner: Address, vault: Address, reserve: Address);
        anytime {
            // Constants, and what each account has: a change in progress has settled it before it calls anybody.
            IPool::nameCall => name();
            IPool::symbolCall => symbol();
            IPool::decimalsCall => decimals();
            IPool::totalSupplyCall => total_supply();
            IPool::balanceOfCall => balance_of(account);
            IPool::allowanceCall => allowance(owner, spender);
            IPool::noncesCall => nonces(owner);
            IPool::DOMAIN_SEPARATORCall => domain_separator();
            IPool::assetCall => asset();
            IPool::depositCapCall => deposit_cap();
            IPool::vaultCall => vault();
            IPool::reserveCall => reserve();
        }
        views {
            // What shares are worth
            IPool::totalAssetsCall => total_assets();
            IPool::convertToSharesCall => convert_to_shares(assets);
            IPool::convertToAssetsCall => convert_to_assets(shares);
            IPool::maxDepositCall => max_deposit(receiver);
            IPool::maxMintCall => max_mint(receiver);
            IPool::maxWithdrawCall => max_withdraw(owner);
            IPool::maxRedeemCall => max_redeem(owner);
            IPool::previewDepositCall => preview_deposit(assets);
            IPool::previewMintCall => preview_mint(shares);
            IPool::previewWithdrawCall => preview_withdraw(assets);
            IPool::previewRedeemCall => preview_redeem(shares);
        }
        writes {
            IPool::depositCall => deposit(assets, receiver);
            IPool::mintCall => mint(shares, receiver);
            IPool::withdrawCall => withdraw(assets, receiver, owner);
            IPool::redeemCall => redeem(shares, receiver, owner);
            // The shares as a token
            IPool::approveCall => approve(spender, value);
            IPool::transferCall => transfer(to, value);
            IPool::transferFromCall => transfer_from(from, to, value);
            IPool::permitCall => permit(owner, spender, value, deadline, v, r, s);
            // The owner
            IPool::setDepositCapCall => set_deposit_cap(cap_raw);
        }
    }
}
