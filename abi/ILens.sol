// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

/// @title Views for pages, bots and DAOs that no contract needs. It keeps nothing and changes nothing.
/// @notice Each answer is the computation that the transaction would make, on the words that the vault contract stores, at the oracle's
/// prices of this moment: a quote equals what is executed in the same block, to the unit. Prices and amounts have the units of IVault.
interface ILens {
    /// @notice A collateral as a vault holds it.
    struct Holding {
        address collateral;
        uint256 amountRaw;
        uint256 priceWad;
        uint256 valueWad;
        uint256 ltvBps;
        uint256 thresholdBps;
        /// The most `withdraw` would give now. Of a collateral without a price: all of it where the others carry the debt, else zero.
        uint256 withdrawableRaw;
        /// The price, wad per whole token, highest at which the vault is unsafe, all else unchanged; see `liquidationPrice`.
        uint256 liquidationPriceWad;
    }

    /// @notice A vault with all a page shows. `status` is zero, or the oracle's status of the first asset of which a check fails, with the
    /// values that need every check at zero. `healthWad` is then the one by which `liquidate` decides, from `ranges`, and zero where an
    /// asset has no such price either; type(uint256).max without debt.
    struct Position {
        uint256 vaultId;
        address owner;
        uint256 debtRaw;
        uint256 debtValueWad;
        uint256 thresholdValueWad;
        uint256 ltvValueWad;
        uint256 healthWad;
        /// The most `borrow` would lend now; zero also where less than the minimum debt could be borrowed.
        uint256 borrowableRaw;
        /// The first second in which falling thresholds alone make the vault unsafe: this second where it is, type(uint256).max where none.
        uint256 unsafeAtSecs;
        uint256 status;
        Holding[] holdings;
    }

    /// @notice What a liquidation would do now.
    struct Preview {
        uint256 lotRaw;
        uint256 debtRaw;
        uint256 dueRaw;
        uint256 priceRay;
        uint256 rewardRaw;
    }

    /// @notice The numbers of `IVault.setRateCurve`, and what they come to at the share lent when interest was last accrued: the factor
    /// by which debt grows each second from then to the next accrual, 1e27 and the interest.
    struct Interest {
        uint256 baseYearlyBps;
        uint256 kinkPercent;
        uint256 slope1YearlyBps;
        uint256 slope2YearlyBps;
        uint256 reserveBps;
        uint256 ratePerSecondRay;
    }

    function vault() external view returns (address);
    function auction() external view returns (address);

    /// @notice A vault with all a page shows. Never refuses for a price.
    function position(uint256 vaultId) external view returns (Position memory);
    /// @notice The same for several vaults, in the order asked for.
    function positions(uint256[] calldata vaultIds) external view returns (Position[] memory);
    /// @notice The health factors of the vaults numbered from `firstId` on, at most `limit` of them: what a keeper scans. They are those by
    /// which `liquidate` decides: while the sources of an asset differ softly, or one of two is bad, from `ranges`. A vault without debt,
    /// and one of which an asset has no price that a sale may start on, answers type(uint256).max.
    function healthFactors(uint256 firstId, uint256 limit) external view returns (uint256[] memory healthWads);
    /// @notice The most `borrow` would lend to the vault now.
    function borrowable(uint256 vaultId) external view returns (uint256 amountRaw);
    /// @notice The most `withdraw` would give of a collateral now. Of one without a price all of it, where the others carry the debt.
    function withdrawable(uint256 vaultId, address collateral) external view returns (uint256 amountRaw);
    /// @notice The highest price of `collateral`, wad per whole token, at which the vault is unsafe, all else unchanged; zero where there is
    /// none, type(uint256).max where it is unsafe at every price.
    function liquidationPrice(uint256 vaultId, address collateral) external view returns (uint256 priceWad);
    /// @notice The first second in which falling thresholds alone make the vault unsafe at today's prices and debt.
    function unsafeAt(uint256 vaultId) external view returns (uint256 atSecs);
    /// @notice The interest as it is set, and as it holds now.
    function interest() external view returns (Interest memory);
    /// @notice What `liquidate` would do now, the keeper's reward included; the same refusals.
    function previewLiquidation(uint256 vaultId, address collateral) external view returns (Preview memory);
}
