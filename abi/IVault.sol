// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

/// @title Vaults: several collaterals and one debt each, the health factor, and the hooks a liquidation uses.
/// @notice Amounts are in base units of their token (`Raw`). Values are USD scaled by 1e18 (wad). Ratios are basis points (`Bps`).
/// Debt is kept in shares of an index that starts at 1e27 (ray). Whoever is not the protocol loses the odd unit.
/// The contract counts what it was given; what is sent to it without being asked changes nothing.
/// It has the functions of IShared too.
interface IVault {
    /// @notice A collateral as listed. `thresholdBps` is what holds now; it moves linearly to `targetThresholdBps` until `rampEndSecs`.
    struct Collateral {
        uint256 ltvBps;
        uint256 thresholdBps;
        uint256 targetThresholdBps;
        uint256 rampEndSecs;
        uint256 penaltyBps;
        uint256 decimals;
        uint256 capRaw;
        uint256 totalRaw;
    }

    /// @notice A vault as it stands, at fresh prices. `healthWad` is type(uint256).max without debt.
    struct Account {
        address owner;
        uint256 debtRaw;
        uint256 debtValueWad;
        uint256 thresholdValueWad;
        uint256 ltvValueWad;
        uint256 healthWad;
    }

    /// @notice The books. cash + debt + onAuction + badDebt == funded + surplus, always, to the unit.
    struct Books {
        uint256 cashRaw;
        uint256 debtRaw;
        uint256 onAuctionRaw;
        uint256 badDebtRaw;
        uint256 fundedRaw;
        uint256 surplusRaw;
        uint256 debtShares;
        uint256 indexRay;
        uint256 accruedAtSecs;
    }

    /// @notice A liquidation as sized: what leaves the vault and what the buyers shall pay.
    /// `priceRay` is debt base units for one collateral base unit, scaled by 1e27, rounded up.
    struct Liquidation {
        uint256 lotRaw;
        uint256 debtRaw;
        uint256 dueRaw;
        uint256 priceRay;
    }

    /// @notice The interest of a year by the share lent, and the surplus' share of it; see `setRateCurve`.
    struct RateCurve {
        uint256 baseYearlyBps;
        uint256 kinkPercent;
        uint256 slope1YearlyBps;
        uint256 slope2YearlyBps;
        uint256 reserveBps;
    }

    event VaultOpened(uint256 indexed vaultId, address indexed owner);
    event OperatorSet(uint256 indexed vaultId, address indexed operator, bool allowed);
    /// @notice The vault is the new owner's once it accepts. An offer to the zero address takes an earlier one back.
    event VaultOffered(uint256 indexed vaultId, address indexed owner, address indexed to);
    /// @notice The vault has a new owner, and no operators any more.
    event VaultTransferred(uint256 indexed vaultId, address indexed from, address indexed to);
    event CollateralDeposited(uint256 indexed vaultId, address indexed collateral, address indexed payer, uint256 amountRaw);
    event CollateralWithdrawn(uint256 indexed vaultId, address indexed collateral, address indexed to, uint256 amountRaw);
    event Borrowed(uint256 indexed vaultId, address indexed to, uint256 amountRaw, uint256 shares);
    event Repaid(uint256 indexed vaultId, address indexed payer, uint256 amountRaw, uint256 shares);
    /// @notice `interestRaw` more is owed; `reserveRaw` of it is the surplus', the rest the lenders'.
    event InterestAccrued(uint256 indexRay, uint256 interestRaw, uint256 reserveRaw);
    /// @notice The pool has brought debt asset, to be borrowed.
    event Funded(uint256 amountRaw);
    /// @notice The pool has taken debt asset out.
    event Defunded(address indexed to, uint256 amountRaw);
    /// @notice The reserve has brought debt asset to the surplus, which pays keepers and absorbs bad debt.
    event SurplusFunded(uint256 amountRaw);
    /// @notice The reserve has taken debt asset out of the surplus.
    event SurplusDrawn(address indexed to, uint256 amountRaw);
    /// @notice Bad debt is borne by the lenders: what was lent is less by this.
    event FundsWrittenDown(uint256 amountRaw);
    /// @notice Lot and debt have left the vault for an auction.
    event LiquidationStarted(uint256 indexed vaultId, address indexed collateral, uint256 lotRaw, uint256 debtRaw, uint256 dueRaw, uint256 shares);
    event SliceReleased(uint256 indexed vaultId, address indexed collateral, address indexed to, uint256 amountRaw);
    /// @notice A buyer has paid: `principalRaw` of it repaid debt, `penaltyRaw` went to the surplus.
    event ProceedsCollected(uint256 indexed vaultId, address indexed payer, uint256 principalRaw, uint256 penaltyRaw);
    /// @notice What was not sold is back in the vault.
    event LotReturned(uint256 indexed vaultId, address indexed collateral, uint256 amountRaw);
    /// @notice What the sale did not repay is the vault's debt again, because the vault holds other collateral.
    event DebtReturned(uint256 indexed vaultId, uint256 amountRaw, uint256 shares);
    /// @notice What a vault owed and nothing can pay for has left it: bad debt, as the next event says.
    event DebtGivenUp(uint256 indexed vaultId, uint256 amountRaw, uint256 shares);
    /// @notice What nobody owes any more and nothing has paid for is bad debt.
    event BadDebtRealised(uint256 indexed vaultId, uint256 amountRaw);
    /// @notice The surplus has paid for bad debt.
    event BadDebtAbsorbed(uint256 amountRaw);
    event RewardPaid(address indexed keeper, uint256 amountRaw);
    event CollateralSet(address indexed collateral, uint256 previousLtvBps, uint256 ltvBps, uint256 previousPenaltyBps, uint256 penaltyBps, uint256 previousCapRaw, uint256 capRaw);
    event ThresholdSet(address indexed collateral, uint256 fromBps, uint256 toBps, uint256 rampEndSecs);
    event LimitsSet(uint256 previousCeilingRaw, uint256 ceilingRaw, uint256 previousMinDebtRaw, uint256 minDebtRaw);
    event LiquidationRuleSet(uint256 previousTargetHealthWad, uint256 targetHealthWad, uint256 previousWholeShareBps, uint256 wholeShareBps);
    /// @notice The interest follows another curve from now on, and the surplus gets another share of it.
    event RateCurveSet(RateCurve previousCurve, RateCurve newCurve);
    event ModulesSet(address indexed auction, address indexed pool, address indexed reserve);

    /// @notice There is no such vault.
    error UnknownVault(uint256 vaultId);
    /// @notice Only the vault's owner may do this; a loan and a withdrawal its operators too.
    error NotVaultOwner(address caller, uint256 vaultId);
    /// @notice The vault is offered to somebody else, or to nobody where `offeredTo` is zero.
    error NotOffered(address caller, uint256 vaultId, address offeredTo);
    /// @notice Only the auction contract may do this.
    error NotAuction(address caller);
    /// @notice Only the pool contract may do this.
    error NotPool(address caller);
    /// @notice Only the reserve contract may do this.
    error NotReserve(address caller);
    /// @notice Auction, pool and reserve have been set and stay.
    error ModulesAlreadySet(address auction, address pool, address reserve);
    /// @notice There is less surplus than was asked for.
    error NotEnoughSurplus(uint256 surplusRaw, uint256 askedRaw);
    /// @notice This token is not listed as collateral.
    error UnknownCollateral(address collateral);
    /// @notice A vault holds eight collaterals at most, those of which a lot is on sale and may come back included.
    error TooManyCollaterals(uint256 vaultId, uint256 maxCollaterals);
    /// @notice A market may list 32 collaterals at most.
    error TooManyListed(uint256 maxCollaterals);
    /// @notice The vault holds less than was asked for.
    error NotEnoughCollateral(uint256 heldRaw, uint256 askedRaw);
    /// @notice The contract holds less of the debt asset than was asked for.
    error NotEnoughCash(uint256 heldRaw, uint256 askedRaw);
    /// @notice After this the debt would be worth more than the collateral may carry. Deposit more or ask for less.
    error BorrowingPowerExceeded(uint256 debtValueWad, uint256 ltvValueWad);
    /// @notice The deposit would lift the collateral above its supply cap.
    error CapExceeded(address collateral, uint256 totalRaw, uint256 capRaw);
    /// @notice The loan would lift the debt of all vaults above the ceiling.
    error CeilingExceeded(uint256 debtRaw, uint256 ceilingRaw);
    /// @notice A loan must leave the vault owing at least the minimum. Borrow more, or nothing.
    error DebtTooSmall(uint256 debtRaw, uint256 minDebtRaw);
    /// @notice There is nothing to repay.
    error NoDebt(uint256 vaultId);
    /// @notice The vault's collateral could pay for its debt, or some of it: it is worth this much, the largest number where a price
    /// is missing or doubted, or a lot is on sale.
    error DebtIsBacked(uint256 vaultId, uint256 worthRaw);
    /// @notice What is sent to this contract itself would be nobody's.
    error BadRecipient(address recipient);
    /// @notice Lots of the vault are on sale: until they are sold or cured, nothing is withdrawn and nothing is lent to it.
    error OnSale(uint256 vaultId, uint256 lots);
    /// @notice The vault is safe: its health factor is one or more.
    error Healthy(uint256 vaultId, uint256 healthWad);
    /// @notice The vault holds nothing of this collateral to sell.
    error NothingToSell(uint256 vaultId, address collateral);
    /// @notice What may still be put on sale is too little for a sale that leaves no dust.
    error NoRoom(uint256 roomRaw, uint256 neededRaw);
    /// @notice The token took a fee or gave too much: what arrived is not what was sent.
    error UnexpectedAmountReceived(address token, uint256 expectedRaw, uint256 receivedRaw);
    /// @notice A parameter lies outside of the bounds in the code. `name` is its name in ASCII.
    error OutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);
    /// @notice A threshold is lowered by a ramp of at least `minSecs`.
    error RampTooShort(uint256 rampSecs, uint256 minSecs);

    // Borrowers

    /// @notice Opens an empty vault for the caller. Numbers start at one.
    function open() external returns (uint256 vaultId);
    /// @notice Adds collateral, from the caller's allowance: to any vault that holds some of it already, and of another kind only to one of
    /// the caller's or one it is an operator of, because it is one more price that the vault depends on. Never asks the oracle.
    function deposit(uint256 vaultId, address collateral, uint256 amountRaw) external;
    /// @notice Takes collateral out of a vault of the caller's, or one it is an operator of. With debt: only while the rest carries it.
    /// Not while a lot of the vault is on sale: what the sale does not bring, the rest owes.
    function withdraw(uint256 vaultId, address collateral, uint256 amountRaw, address to) external;
    /// @notice Lends the debt asset to a vault of the caller's, or one it is an operator of. Not while a lot of the vault is on sale.
    function borrow(uint256 vaultId, uint256 amountRaw, address to) external;
    /// @notice Repays debt of any vault from the caller's allowance, at most what it owes. Never asks the oracle, and may leave any debt.
    function repay(uint256 vaultId, uint256 amountRaw) external returns (uint256 repaidRaw);

    /// @notice `deposit` after the caller's EIP-2612 permit for `amountRaw` to this contract. A permit that fails, as one does that
    /// somebody has used already, stops nothing: the deposit is refused only where the allowance is not there.
    function depositWithPermit(uint256 vaultId, address collateral, uint256 amountRaw, uint256 deadlineSecs, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice `repay` after the caller's EIP-2612 permit of the debt asset for `amountRaw` to this contract. A permit that fails stops
    /// nothing: the repayment is refused only where the allowance is not there.
    function repayWithPermit(uint256 vaultId, uint256 amountRaw, uint256 deadlineSecs, uint8 v, bytes32 r, bytes32 s) external returns (uint256 repaidRaw);
    /// @notice Does several calls of this contract, each as if the caller had made it: all or, with the reason of the first that
    /// is refused, none. Answers what each returned, encoded.
    function multicall(bytes[] calldata calls) external returns (bytes[] memory answers);

    // Who may act for a vault; its owner only, but for the last

    /// @notice Lets `operator` withdraw from the vault and borrow for it, to any address, or ends that.
    /// All operators end when the vault changes hands.
    function setOperator(uint256 vaultId, address operator, bool allowed) external;
    /// @notice Offers the vault, with all it holds and owes, to somebody who must accept it. The zero address takes an offer back.
    function offerVault(uint256 vaultId, address to) external;
    /// @notice Makes the caller the owner of a vault that was offered to it. What comes back from running auctions comes to it, too.
    function acceptVault(uint256 vaultId) external;

    // The pool contract

    /// @notice Books debt asset that the pool has seen arrive here, to be borrowed.
    function fund(uint256 amountRaw) external;
    /// @notice Takes lent debt asset out, at most what was lent and is not lent on.
    function defund(uint256 amountRaw, address to) external;

    // The reserve contract

    /// @notice Books debt asset that the reserve has seen arrive here as surplus. It pays for bad debt at once.
    function fundSurplus(uint256 amountRaw) external;
    /// @notice Takes debt asset out of the surplus, at most what there is and what is not lent.
    function drawSurplus(uint256 amountRaw, address to) external;
    /// @notice Lets the lenders bear bad debt, at most what there is of it and what they lent.
    function writeDown(uint256 amountRaw) external returns (uint256 writtenRaw);

    /// @notice Brings the index to the present. Anyone may.
    function accrue() external returns (uint256 indexRay);

    // Anyone

    /// @notice Gives up the debt of a vault whose collateral is worth less than a unit of the debt asset in all, and which cannot be sold
    /// for that: it is bad debt. What the vault holds stays its owner's: assets that the oracle's owner has shut down, and grains.
    function realiseBadDebt(uint256 vaultId) external returns (uint256 amountRaw);

    // The auction contract

    /// @notice Sizes a liquidation at fresh prices and moves lot and debt out of the vault. `roomRaw` bounds what the buyers shall pay.
    function startLiquidation(uint256 vaultId, address collateral, uint256 roomRaw) external returns (Liquidation memory);
    /// @notice Hands a slice that was sold to its buyer.
    function releaseSlice(uint256 vaultId, address collateral, uint256 amountRaw, address to) external;
    /// @notice Pulls what the buyer owes; on the last take also takes back the unsold lot and the unpaid debt. `isLast` where the sale ends
    /// with it: from then on the vault has one lot less on sale.
    function settleTake(uint256 vaultId, address collateral, address payer, uint256 principalRaw, uint256 penaltyRaw, uint256 returnedLotRaw, uint256 unpaidDebtRaw, bool isLast) external;
    /// @notice `releaseSlice` and `settleTake` in one call, in this order.
    function sellSlice(uint256 vaultId, address collateral, uint256 sliceRaw, address to, address payer, uint256 principalRaw, uint256 penaltyRaw, uint256 returnedLotRaw, uint256 unpaidDebtRaw, bool isLast) external;
    /// @notice Pays a keeper from the surplus, as far as surplus and cash reach.
    function payReward(address keeper, uint256 amountRaw) external returns (uint256 paidRaw);

    // Views

    /// @notice The vault at fresh prices. Refuses where the oracle refuses and the vault has debt.
    function account(uint256 vaultId) external view returns (Account memory);
    /// @notice The health factor at fresh prices: 1e18 and above is safe.
    function healthFactor(uint256 vaultId) external view returns (uint256 healthWad);
    /// @notice Debt base units for one base unit of `collateral`, scaled by 1e27, rounded up: at the highest price that its sources give,
    /// and the lowest of the debt asset's. What sales start from. Zero where the oracle's owner has shut the collateral down.
    function priceRay(address collateral) external view returns (uint256);
    /// @notice What the vault owes now, interest included, rounded up.
    function debtOf(uint256 vaultId) external view returns (uint256 debtRaw);
    function ownerOf(uint256 vaultId) external view returns (address);
    /// @notice Whether somebody may withdraw and borrow for the vault's owner. The owner needs not be one.
    function isOperator(uint256 vaultId, address operator) external view returns (bool);
    /// @notice To whom the vault is offered; zero for nobody.
    function offeredTo(uint256 vaultId) external view returns (address);
    function collateralOf(uint256 vaultId, address collateral) external view returns (uint256 amountRaw);
    /// @notice The collaterals a vault holds, in the order of their listing.
    function collateralsOf(uint256 vaultId) external view returns (address[] memory);
    /// @notice All listed collaterals, in the order of their listing.
    function collaterals() external view returns (address[] memory);
    function collateral(address token) external view returns (Collateral memory);
    function books() external view returns (Books memory);
    function vaultCount() external view returns (uint256);
    function debtAsset() external view returns (address);
    function oracle() external view returns (address);
    /// @notice The auction, the pool and the reserve contract; zero until they are named.
    function modules() external view returns (address auction, address pool, address reserve);
    /// @notice The words stored in these slots, for views that this contract does not have: see ILens, and README.md for the layout.
    function extsload(bytes32[] calldata slots) external view returns (bytes32[] memory words);

    // Parameters; owner only

    /// @notice Lists a collateral, or changes its LTV, penalty and cap. A new one starts with `thresholdBps`; for a listed one it must be the target that holds.
    function setCollateral(address token, uint256 ltvBps, uint256 thresholdBps, uint256 penaltyBps, uint256 capRaw) external;
    /// @notice Moves a liquidation threshold: up at once, down by a linear ramp of at least one day.
    function setThreshold(address token, uint256 thresholdBps, uint256 rampSecs) external;
    function setLimits(uint256 ceilingRaw, uint256 minDebtRaw) external;
    function setLiquidationRule(uint256 targetHealthWad, uint256 wholeShareBps) external;
    /// @notice The interest of a year by the share lent, u = debt / (cash + debt), in basis points. Up to the kink k, from 1 to 99
    /// percent, it is base + slope1 * u / k; above it base + slope1 + slope2 * (u - k) / (1 - k). A second asks for a part in
    /// 31,536,000 of it, rounded up, and it compounds every second, at the share lent when it was last accrued: 500 are 5.127%
    /// a year. Zero is none, and slopes of zero make it the same at any share. With everything lent it is 6931 at most, which
    /// does not quite double a debt in a year.
    /// `reserveBps` of the interest is the surplus', rounded up; the rest is the lenders'.
    function setRateCurve(RateCurve calldata newCurve) external;
    /// @notice Names the auction, the pool and the reserve contract, once.
    function setModules(address auctionContract, address poolContract, address reserveContract) external;
}
