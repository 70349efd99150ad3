//! Every Solidity struct, event and error, once
