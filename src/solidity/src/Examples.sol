// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

// The examples for integrators, imported so that they are compiled with everything else.
// forge finds a file outside of this room only under the remapped name, so what the example imports is named here as well.

import {IAuction, IAuctionTaker} from "@spillway/abi/IAuction.sol";
import {ExampleTaker} from "@spillway/abi/examples/ExampleTaker.sol";
