//! The contracts of others that the demo deploys beside ours, as far as it calls them, and our own examples.
#![allow(missing_docs, reason = "each is documented by its author; what stands here is the part that is called")]

use alloy_sol_types::sol;

sol! {
    /// OpenZeppelin's ERC-20, with the minting of our TestToken.
    #[derive(Debug)]
    interface Token {
        event Transfer(address indexed from, address indexed to, uint256 value);
        function mint(address to, uint256 amountRaw) external;
        function approve(address spender, uint256 amountRaw) external returns (bool);
        function balanceOf(address holder) external view returns (uint256);
        function totalSupply() external view returns (uint256);
    }

    /// OpenZeppelin's TimelockController.
    #[derive(Debug)]
    interface Timelock {
        function scheduleBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt, uint256 delay) external;
        function executeBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt) external payable;
    }

    /// Chainlink's FluxAggregator.
    #[derive(Debug)]
    interface Aggregator {
        function changeOracles(address[] removed, address[] added, address[] addedAdmins, uint32 minSubmissions, uint32 maxSubmissions, uint32 restartDelay) external;
        function submit(uint256 roundId, int256 submission) external;
    }

    /// Chainlink's access control, which Flags and the sequencer's uptime feed have.
    #[derive(Debug)]
    interface AccessControlled {
        function addAccess(address user) external;
        function setRaisingAccessController(address controller) external;
        function setLoweringAccessController(address controller) external;
    }

    /// Chainlink's ArbitrumSequencerUptimeFeed.
    #[derive(Debug)]
    interface UptimeFeed {
        function initialize() external;
    }

    /// The market of the demo: src/solidity/src/Desk.sol.
    #[derive(Debug)]
    interface Desk {
        error NotOwner(address caller);
        error NotListed(address token);
        error AnswerNotPositive(address token, int256 answer);
        error PriceMoved(uint256 outRaw, uint256 minOutRaw);
        event Sold(address indexed seller, address indexed token, uint256 amountRaw, uint256 outRaw);
        function list(address token, address feed) external;
        function sell(address token, uint256 amountRaw, uint256 minOutRaw, address to) external returns (uint256 outRaw);
    }

    /// The buyer without capital: abi/examples/ExampleTaker.sol.
    #[derive(Debug)]
    interface Taker {
        error UnexpectedCallback(address caller, address taker);
        error ProfitTooSmall(uint256 profitRaw, uint256 minProfitRaw);
        error TokenRefused(address token);
        event Taken(uint256 indexed auctionId, uint256 sliceRaw, uint256 owedRaw, uint256 profitRaw);
        function take(uint256 auctionId, uint256 maxLotRaw, uint256 maxPriceRay, uint256 minProfitRaw) external returns (uint256 profitRaw);
        function onSpillwayTake(address taker, address collateral, uint256 sliceRaw, uint256 owedRaw, bytes data) external;
        function withdraw(address to) external returns (uint256 amountRaw);
    }
}
