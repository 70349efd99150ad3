// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// An ERC-20 with permit whose owner mints at will: collateral and debt in tests and in the demo.
contract TestToken is ERC20, ERC20Permit, Ownable {
    uint8 private immutable DECIMALS;

    /// The deployer becomes the owner. `decimals_` is what `decimals()` answers.
    constructor(string memory name_, string memory symbol_, uint8 decimals_)
        ERC20(name_, symbol_)
        ERC20Permit(name_)
        Ownable(msg.sender)
    {
        DECIMALS = decimals_;
    }

    /// Mints `amountRaw` base units to `to`; reverts with OwnableUnauthorizedAccount for anyone but the owner.
    function mint(address to, uint256 amountRaw) external onlyOwner {
        _mint(to, amountRaw);
    }

    /// The decimals given at deployment.
    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }
}
