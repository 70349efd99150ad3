// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

/// @title What every Spillway contract shares: an owner that changes in two steps, and the refusals all of them know.
/// @notice The owner is meant to be a timelock. It sets parameters inside the bounds the code fixes; it cannot move a user's collateral.
interface IShared {
    /// @notice `newOwner` may now accept; until then `previousOwner` stays the owner.
    event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner);
    /// @notice `newOwner` is the owner from now on. Zero means that nobody is, for ever.
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    /// @notice Only the owner may do this. The owner can, by its own call.
    error NotOwner(address caller, address owner);
    /// @notice Only the address that was offered the ownership may accept it.
    error NotPendingOwner(address caller, address pendingOwner);
    /// @notice The contract is in the middle of a call that touches the same state. Call it again when that one has ended.
    error Reentered();
    /// @notice An amount of zero was given where something was meant to move.
    error ZeroAmount();
    /// @notice The zero address was given where somebody must be named.
    error ZeroAddress();
    /// @notice A number left the range the mathematics is proven for. Smaller amounts work.
    error OutOfRange();
    /// @notice The token refused the transfer, returned false, or holds no code.
    error TransferFailed(address token, address from, address to, uint256 amountRaw);
    /// @notice A call to another contract of the system failed without saying why, or answered with something else than was asked.
    error CallFailed(address target);

    /// @notice Who may set parameters.
    function owner() external view returns (address);
    /// @notice Who has been offered the ownership and has not accepted yet; zero if nobody.
    function pendingOwner() external view returns (address);
    /// @notice Offers the ownership to `newOwner`. Zero withdraws an offer.
    function transferOwnership(address newOwner) external;
    /// @notice Takes the ownership that was offered to the caller.
    function acceptOwnership() external;
}
