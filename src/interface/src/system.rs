//! What `abi/*.sol` declares. Everything can be compared and printed, as tests and hosts do; a contract that does neither carries none of it.

use alloy_sol_types::sol;

sol!(#![sol(all_derives)] "../../abi/IShared.sol");
sol!(#![sol(all_derives)] "../../abi/IOracle.sol");
sol!(#![sol(all_derives)] "../../abi/IVault.sol");
sol!(#![sol(all_derives)] "../../abi/IAuction.sol");
sol!(#![sol(all_derives)] "../../abi/IPool.sol");
sol!(#![sol(all_derives)] "../../abi/IReserve.sol");
sol!(#![sol(all_derives)] "../../abi/ILens.sol");
