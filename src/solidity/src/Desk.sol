// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IMarket} from "@spillway/abi/examples/ExampleTaker.sol";

/// A market with one price: buys any amount of a listed token at what its Chainlink feed says, less a fee, as long as its cash lasts.
/// It stands for the market in the demo. Its owner lists tokens; anyone may sell.
contract Desk is IMarket {
    using SafeERC20 for IERC20;

    /// The token it pays with, taken to be worth one dollar.
    IERC20 public immutable cash;
    uint256 public immutable feeBps;
    address public immutable owner;
    mapping(address token => AggregatorV3Interface) public feedOf;

    error NotOwner(address caller);
    error NotListed(address token);
    error AnswerNotPositive(address token, int256 answer);
    error PriceMoved(uint256 outRaw, uint256 minOutRaw);
    error FeeOutOfBounds(uint256 feeBps, uint256 maxBps);

    event Sold(address indexed seller, address indexed token, uint256 amountRaw, uint256 outRaw);

    constructor(IERC20 cash_, uint256 feeBps_) {
        if (feeBps_ >= 10_000) revert FeeOutOfBounds(feeBps_, 9_999);
        cash = cash_;
        feeBps = feeBps_;
        owner = msg.sender;
    }

    /// Buys `token` from now on at the price of `feed`.
    function list(address token, AggregatorV3Interface feed) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        feedOf[token] = feed;
    }

    /// What `sell` would pay now, rounded down.
    function quote(address token, uint256 amountRaw) public view returns (uint256 outRaw) {
        AggregatorV3Interface feed = feedOf[token];
        if (address(feed) == address(0)) revert NotListed(token);
        (, int256 answer,,,) = feed.latestRoundData();
        if (answer <= 0) revert AnswerNotPositive(token, answer);
        uint256 one = 10 ** (uint256(IERC20Metadata(token).decimals()) + feed.decimals());
        uint256 scaled = uint256(answer) * 10 ** IERC20Metadata(address(cash)).decimals() * (10_000 - feeBps);
        return Math.mulDiv(amountRaw, scaled, one * 10_000);
    }

    /// @inheritdoc IMarket
    function sell(address token, uint256 amountRaw, uint256 minOutRaw, address to) external override returns (uint256 outRaw) {
        outRaw = quote(token, amountRaw);
        if (outRaw < minOutRaw) revert PriceMoved(outRaw, minOutRaw);
        IERC20(token).safeTransferFrom(msg.sender, address(this), amountRaw);
        cash.safeTransfer(to, outRaw);
        emit Sold(msg.sender, token, amountRaw, outRaw);
    }
}
