// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

/// @title The lending pool: an ERC-4626 vault of the debt asset, whose shares are an ERC-20 with EIP-2612 permits.
/// @notice What lenders bring lies with the vault contract, which lends it to borrowers; the pool counts whose it is.
/// Interest raises what a share is worth every second. Bad debt lowers it only where neither the reserve's surplus nor its stakers bear it,
/// and from the moment it is realised, so that nobody who leaves earlier leaves the loss to those who stay.
/// Everything rounds against the caller. 1e6 virtual shares and one virtual unit stand beside the real ones: what is sent to the pool or
/// to the vault contract without being asked changes nothing, and nobody can make another's deposit round to nothing and gain by it.
/// What is a view of the shares' worth (`totalAssets`, `convertTo`, `max`, `preview`) refuses with `Reentered` in the middle of a change of
/// the pool or the vault contract, and of the reserve contract while there is bad debt. The standard wants the first three never to revert;
/// then they have no true answer. What those contracts or the asset refuse is passed on, as `IVault.UnexpectedAmountReceived` for an
/// asset that takes a fee. It has the functions of IShared too.
interface IPool {
    // ERC-20, ERC-2612
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    // ERC-4626
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares);
    event DepositCapSet(uint256 previousCapRaw, uint256 newCapRaw);

    // ERC-6093; EIP-2612 as OpenZeppelin refuses it, with the twin of a signature by its higher `s`
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    error ERC20InvalidSender(address sender);
    error ERC20InvalidReceiver(address receiver);
    error ERC20InvalidApprover(address approver);
    error ERC20InvalidSpender(address spender);
    error ERC2612ExpiredSignature(uint256 deadline);
    error ERC2612InvalidSigner(address signer, address owner);
    error ECDSAInvalidSignature();
    error ECDSAInvalidSignatureS(bytes32 s);
    // As OpenZeppelin's ERC-4626 refuses
    error ERC4626ExceededMaxDeposit(address receiver, uint256 assets, uint256 max);
    error ERC4626ExceededMaxMint(address receiver, uint256 shares, uint256 max);
    error ERC4626ExceededMaxWithdraw(address owner, uint256 assets, uint256 max);
    error ERC4626ExceededMaxRedeem(address owner, uint256 shares, uint256 max);
    /// @notice What was given is worth less than one unit of the other side. The preview says zero.
    error RoundsToZero(uint256 asked);

    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    /// @notice Those of the debt asset and six: a share begins as a millionth of a unit.
    function decimals() external view returns (uint8);
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    /// @notice The largest number is an allowance without end: it is not used up.
    function approve(address spender, uint256 value) external returns (bool);
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
    function nonces(address owner) external view returns (uint256);
    /// @notice Of the name, version "1", the chain as it is called now, and this contract.
    function DOMAIN_SEPARATOR() external view returns (bytes32);

    /// @notice The debt asset.
    function asset() external view returns (address assetTokenAddress);
    /// @notice What all shares are worth: what was lent, with the lenders' interest to this second, less the bad debt that will reach the
    /// lenders because neither surplus nor stakers can bear it.
    function totalAssets() external view returns (uint256 totalManagedAssets);
    function convertToShares(uint256 assets) external view returns (uint256 shares);
    function convertToAssets(uint256 shares) external view returns (uint256 assets);
    /// @notice What the deposit cap leaves, or 2^94 - 1, which is all that can be lent. Zero while a loss waits
    /// for the lenders (`cover` of the reserve ends that), while all that was lent is lost and shares are left, and
    /// where what is left is not worth a share.
    function maxDeposit(address receiver) external view returns (uint256 maxAssets);
    function previewDeposit(uint256 assets) external view returns (uint256 shares);
    function deposit(uint256 assets, address receiver) external returns (uint256 shares);
    function maxMint(address receiver) external view returns (uint256 maxShares);
    function previewMint(uint256 shares) external view returns (uint256 assets);
    function mint(uint256 shares, address receiver) external returns (uint256 assets);
    /// @notice What the owner's shares are worth, or the cash that is not lent, where that is less.
    function maxWithdraw(address owner) external view returns (uint256 maxAssets);
    function previewWithdraw(uint256 assets) external view returns (uint256 shares);
    function withdraw(uint256 assets, address receiver, address owner) external returns (uint256 shares);
    /// @notice The owner's shares, or the most of them that the cash pays for; zero where they are worth nothing. Where the cash is the limit
    /// up to a unit's worth of these shares is not paid for: `withdraw` of `maxWithdraw` gives up no more than it costs.
    function maxRedeem(address owner) external view returns (uint256 maxShares);
    function previewRedeem(uint256 shares) external view returns (uint256 assets);
    function redeem(uint256 shares, address receiver, address owner) external returns (uint256 assets);

    /// @notice The most that deposits may lift `totalAssets` to. Zero until the owner sets it; at 2^94 - 1 and above nothing
    /// holds deposits back but that number.
    function depositCap() external view returns (uint256 capRaw);
    function vault() external view returns (address);
    function reserve() external view returns (address);

    /// @notice Sets the deposit cap. Owner only. Zero stops deposits; nothing stops withdrawals.
    function setDepositCap(uint256 capRaw) external;
}
