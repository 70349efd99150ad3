// SPDX-License-Identifier: MIT
pragma solidity 0.6.6;

// Chainlink's price feed as it was published: a proxy, and an aggregator behind it that oracles submit prices to.

import "@chainlink/contracts/src/v0.6/EACAggregatorProxy.sol";
import "@chainlink/contracts/src/v0.6/FluxAggregator.sol";
