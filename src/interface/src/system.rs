//! What `abi/*.sol` declares.

use alloy_sol_types::sol;

sol!("../../abi/IShared.sol");
sol!("../../abi/IOracle.sol");
sol!("../../abi/IVault.sol");
sol!("../../abi/IAuction.sol");
