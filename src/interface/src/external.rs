//! The interfaces of others that our contracts call: a token and a price feed.

use alloy_sol_types::sol;

sol! {
    /// A token by ERC-20, as far as we use it.
    interface IErc20 {
        function transfer(address to, uint256 amountRaw) external returns (bool);
        function transferFrom(address from, address to, uint256 amountRaw) external returns (bool);
        function approve(address spender, uint256 amountRaw) external returns (bool);
        function balanceOf(address account) external view returns (uint256);
        function decimals() external view returns (uint8);
    }

    /// What EIP-2612 adds to a token: an allowance by signature.
    interface IErc20Permit {
        function permit(address owner, address spender, uint256 amountRaw, uint256 deadlineSecs, uint8 v, bytes32 r, bytes32 s) external;
    }

    /// A price feed by Chainlink's AggregatorV3Interface, as far as we use it.
    interface IAggregator {
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
        function decimals() external view returns (uint8);
    }
}
