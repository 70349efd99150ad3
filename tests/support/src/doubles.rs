//! The calls of the tokens and feeds that tests deploy, the same in both worlds.
//!
//! In Solidity they are `TestToken`, the odd tokens and `ScriptedFeed` of `src/solidity/src`; natively they are
//! [`crate::native`]'s own.
#![allow(
    missing_docs,
    reason = "sol! documents nothing of what it adds; each declaration is documented where it is written in Solidity"
)]

use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]
    interface ITestToken {
        event Transfer(address indexed from, address indexed to, uint256 value);
        event Approval(address indexed owner, address indexed spender, uint256 value);

        error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
        error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
        error ERC20InvalidReceiver(address receiver);
        error OwnableUnauthorizedAccount(address account);

        function decimals() external view returns (uint8);
        function totalSupply() external view returns (uint256);
        function balanceOf(address account) external view returns (uint256);
        function allowance(address holder, address spender) external view returns (uint256);
        function approve(address spender, uint256 amountRaw) external returns (bool);
        function transfer(address to, uint256 amountRaw) external returns (bool);
        function transferFrom(address from, address to, uint256 amountRaw) external returns (bool);
        function mint(address to, uint256 amountRaw) external;
        /// Of the token that returns false.
        function setRefuses(bool refuses) external;
        /// Of the same: to whom it moves nothing.
        function setRefused(address account) external;
        /// Of the token that takes a fee, natively: another one from now on.
        function setFee(uint256 feeBps) external;
        /// Of the token that calls back.
        function arm(address target, bytes calldata callData, bool bubbles) external;
        function calls() external view returns (uint256);
        function lastSucceeded() external view returns (bool);
        function lastReturned() external view returns (bytes memory);
    }

    interface IScriptedFeed {
        enum Behaviour { Answer, Revert, BurnAllGas, Raw }

        error ScriptedRevert();
        error UnknownRound(uint80 roundId);

        function decimals() external view returns (uint8);
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
        function setRound(uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound) external;
        function push(int256 answer) external;
        function setDecimals(uint8 decimals) external;
        function setBehaviour(Behaviour behaviour) external;
        function setRawAnswer(bytes calldata rawAnswer) external;
        /// What `decimals()` answers, whatever its length. Of the native feed only.
        function setRawDecimals(bytes calldata rawDecimals) external;
        function latestRound() external view returns (uint80);
    }
}
