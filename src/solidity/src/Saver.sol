// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// Saves for others in any ERC-4626 vault, of which it knows nothing but the standard: what an integrator of the pool is like.
contract Saver {
    using SafeERC20 for IERC20;
    using SafeERC20 for IERC4626;

    /// The shares it keeps for each saver.
    mapping(IERC4626 vault => mapping(address saver => uint256)) public sharesOf;

    /// A quote was not what was done. The standard lets a quote be worse; the pool's never are.
    error QuoteMissed(uint256 quoted, uint256 done);

    /// Puts the caller's `assets` into `vault`.
    function save(IERC4626 vault, uint256 assets) external returns (uint256 shares) {
        IERC20 asset = IERC20(vault.asset());
        asset.safeTransferFrom(msg.sender, address(this), assets);
        asset.forceApprove(address(vault), assets);
        uint256 quoted = vault.previewDeposit(assets);
        shares = vault.deposit(assets, address(this));
        if (shares != quoted) revert QuoteMissed(quoted, shares);
        sharesOf[vault][msg.sender] += shares;
    }

    /// Takes the caller's `shares` out of `vault`, as assets for `to`.
    function leave(IERC4626 vault, uint256 shares, address to) external returns (uint256 assets) {
        sharesOf[vault][msg.sender] -= shares;
        uint256 quoted = vault.previewRedeem(shares);
        assets = vault.redeem(shares, to, address(this));
        if (assets != quoted) revert QuoteMissed(quoted, assets);
    }

    /// Hands the caller's `shares` over to `to` as the token they are.
    function handOver(IERC4626 vault, uint256 shares, address to) external {
        sharesOf[vault][msg.sender] -= shares;
        vault.safeTransfer(to, shares);
    }

    /// What a saver's shares are worth.
    function worth(IERC4626 vault, address saver) external view returns (uint256 assets) {
        return vault.convertToAssets(sharesOf[vault][saver]);
    }
}
