//! Uniswap v2 and v3 as published on npm, driven as a liquidity provider and a trader would.

use crate::{
    openzeppelin::{self, approveCall, deploy_token},
    pair::{ALICE, BOB, Pair, Tx},
    served::artifact_code,
};
use alloy_primitives::{
    Address, U160, U256,
    aliases::{I24, U24},
    hex,
};
use alloy_sol_types::{SolCall, SolValue, sol};

sol! {
    function createPair(address tokenA, address tokenB) returns (address pair);
    function addLiquidity(address tokenA, address tokenB, uint256 desiredA, uint256 desiredB, uint256 minA, uint256 minB, address to, uint256 deadline) returns (uint256, uint256, uint256);
    function addLiquidityETH(address token, uint256 desired, uint256 min, uint256 minEth, address to, uint256 deadline) returns (uint256, uint256, uint256);
    function removeLiquidity(address tokenA, address tokenB, uint256 liquidity, uint256 minA, uint256 minB, address to, uint256 deadline) returns (uint256, uint256);
    function swapExactTokensForTokens(uint256 amountIn, uint256 minOut, address[] path, address to, uint256 deadline) returns (uint256[]);
    function swapExactETHForTokens(uint256 minOut, address[] path, address to, uint256 deadline) returns (uint256[]);
    function getPair(address tokenA, address tokenB) returns (address pair);
    function sync();

    function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee, uint160 sqrtPriceX96) returns (address pool);
    struct MintParams { address token0; address token1; uint24 fee; int24 tickLower; int24 tickUpper; uint256 amount0Desired; uint256 amount1Desired; uint256 amount0Min; uint256 amount1Min; address recipient; uint256 deadline; }
    function mint(MintParams params) returns (uint256 tokenId, uint128 liquidity, uint256 amount0, uint256 amount1);
    struct DecreaseParams { uint256 tokenId; uint128 liquidity; uint256 amount0Min; uint256 amount1Min; uint256 deadline; }
    function decreaseLiquidity(DecreaseParams params) returns (uint256 amount0, uint256 amount1);
    struct CollectParams { uint256 tokenId; address recipient; uint128 amount0Max; uint128 amount1Max; }
    function collect(CollectParams params) returns (uint256 amount0, uint256 amount1);
    function burn(uint256 tokenId);
    struct SingleParams { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 deadline; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }
    function exactInputSingle(SingleParams params) returns (uint256 amountOut);
    struct QuoteParams { address tokenIn; address tokenOut; uint256 amountIn; uint24 fee; uint160 sqrtPriceLimitX96; }
    function quoteExactInputSingle(QuoteParams params) returns (uint256 amountOut, uint160 sqrtPriceX96After, uint32 ticks, uint256 gasEstimate);
    function increaseObservationCardinalityNext(uint16 cardinality);
    function observe(uint32[] secondsAgos) returns (int56[], uint160[]);
}

const NPM: &str = "src/solidity/node_modules/@uniswap";
const DEADLINE_SECS: u64 = 4_000_000_000;

pub(crate) fn published(path: &str, arguments: Vec<u8>) -> Vec<u8> {
    let code = artifact_code(&format!("{NPM}/{path}.json"), "run scripts/setup first");
    [hex::decode(code).expect("hex"), arguments].concat()
}

fn ether(amount: u64) -> U256 {
    U256::from(amount) * U256::from(10_u64.pow(18))
}

/// Two tokens with what ALICE needs of them, the lower address first, approved for `spenders`.
fn tokens(pair: &mut Pair, spenders: &[Address]) -> (Address, Address) {
    let mut tokens = [deploy_token(pair, "AAA", 18), deploy_token(pair, "BBB", 18)];
    tokens.sort();
    for token in tokens {
        pair.succeeds(
            "mint",
            Tx::call(token, openzeppelin::mintCall { to: ALICE, amount: ether(1_000_000) }.abi_encode()),
        );
        for spender in spenders {
            pair.succeeds(
                "approve",
                Tx::call(token, approveCall { spender: *spender, amount: U256::MAX }.abi_encode()),
            );
        }
    }
    (tokens[0], tokens[1])
}

#[test]
fn uniswap_v2_agrees() {
    let mut pair = Pair::start();
    let deadline = U256::from(DEADLINE_SECS);
    let factory = pair.deploys("factory", published("v2-core/build/UniswapV2Factory", ALICE.abi_encode()));
    let weth = pair.deploys("WETH9", published("v2-periphery/build/WETH9", vec![]));
    let router =
        pair.deploys("router", published("v2-periphery/build/UniswapV2Router02", (factory, weth).abi_encode_params()));
    let (a, b) = tokens(&mut pair, &[router]);
    let add = |desired: u64| addLiquidityCall {
        tokenA: a,
        tokenB: b,
        desiredA: ether(desired),
        desiredB: ether(4 * desired),
        minA: U256::ZERO,
        minB: U256::ZERO,
        to: ALICE,
        deadline,
    };
    let created = pair.succeeds("addLiquidity, which creates the pair", Tx::call(router, add(100).abi_encode()));
    assert!(created.logs.len() >= 6);
    pair.succeeds("addLiquidity again", Tx::call(router, add(7).abi_encode()));
    let swap = |minimum: u64| swapExactTokensForTokensCall {
        amountIn: ether(1),
        minOut: ether(minimum),
        path: vec![a, b],
        to: BOB,
        deadline,
    };
    pair.succeeds("swap", Tx::call(router, swap(3).abi_encode()));
    pair.fails("swap for too much", Tx::call(router, swap(4).abi_encode()));
    let eth =
        addLiquidityETHCall { token: a, desired: ether(50), min: U256::ZERO, minEth: U256::ZERO, to: ALICE, deadline };
    pair.succeeds("addLiquidityETH", Tx::call(router, eth.abi_encode()).value(3_000_000_000_000_000_000));
    let buy = swapExactETHForTokensCall { minOut: U256::ZERO, path: vec![weth, a, b], to: BOB, deadline };
    pair.succeeds(
        "swap of ether over two pairs",
        Tx::call(router, buy.abi_encode()).from(BOB).value(100_000_000_000_000_000),
    );
    let market = pair
        .succeeds("the pair", Tx::call(factory, getPairCall { tokenA: a, tokenB: b }.abi_encode()))
        .answer
        .expect("a word");
    let market = Address::from_word(market[..].try_into().expect("a word"));
    pair.succeeds("approve", Tx::call(market, approveCall { spender: router, amount: U256::MAX }.abi_encode()));
    let remove = removeLiquidityCall {
        tokenA: a,
        tokenB: b,
        liquidity: ether(20),
        minA: U256::ZERO,
        minB: U256::ZERO,
        to: ALICE,
        deadline,
    };
    pair.succeeds("removeLiquidity", Tx::call(router, remove.abi_encode()));
    pair.succeeds("sync", Tx::call(market, syncCall {}.abi_encode()));
    pair.fails("a pair that is there", Tx::call(factory, createPairCall { tokenA: b, tokenB: a }.abi_encode()));
    pair.fails(
        "after the deadline",
        Tx::call(
            router,
            swapExactTokensForTokensCall {
                amountIn: ether(1),
                minOut: U256::ZERO,
                path: vec![a, b],
                to: BOB,
                deadline: U256::from(1),
            }
            .abi_encode(),
        ),
    );
    assert!(pair.slots_compared() >= 40, "{}", pair.slots_compared());
}

#[test]
fn uniswap_v3_agrees() {
    let mut pair = Pair::start();
    let deadline = U256::from(DEADLINE_SECS);
    let fee = U24::from(3_000);
    let factory =
        pair.deploys("factory", published("v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory", vec![]));
    let weth = pair.deploys("WETH9", published("v2-periphery/build/WETH9", vec![]));
    let periphery = |path: &str, arguments| published(&format!("v3-periphery/artifacts/contracts/{path}"), arguments);
    let manager = periphery(
        "NonfungiblePositionManager.sol/NonfungiblePositionManager",
        (factory, weth, Address::ZERO).abi_encode_params(),
    );
    let manager = pair.deploys("NonfungiblePositionManager", manager);
    let router =
        pair.deploys("SwapRouter", periphery("SwapRouter.sol/SwapRouter", (factory, weth).abi_encode_params()));
    let quoter = pair.deploys("QuoterV2", periphery("lens/QuoterV2.sol/QuoterV2", (factory, weth).abi_encode_params()));
    let (token0, token1) = tokens(&mut pair, &[manager, router]);
    let price = U160::from(1) << 96;
    let create = createAndInitializePoolIfNecessaryCall { token0, token1, fee, sqrtPriceX96: price };
    let pool = pair.succeeds("create the pool", Tx::call(manager, create.abi_encode())).answer.expect("an address");
    let pool = Address::from_word(pool[..].try_into().expect("a word"));
    pair.succeeds(
        "observations",
        Tx::call(pool, increaseObservationCardinalityNextCall { cardinality: 5 }.abi_encode()),
    );
    let provide = |range: i32| {
        let params = MintParams {
            token0,
            token1,
            fee,
            tickLower: I24::unchecked_from(-range),
            tickUpper: I24::unchecked_from(range),
            amount0Desired: ether(100),
            amount1Desired: ether(100),
            amount0Min: U256::ZERO,
            amount1Min: U256::ZERO,
            recipient: ALICE,
            deadline,
        };
        mintCall { params }.abi_encode()
    };
    let minted = pair.succeeds("a wide position", Tx::call(manager, provide(6_000)));
    let position = mintCall::abi_decode_returns(&minted.answer.expect("four words")).expect("four words");
    pair.succeeds("a narrow position", Tx::call(manager, provide(120)));
    pair.fails("a position off the grid", Tx::call(manager, provide(100)));
    for (input, output, amount) in [(token0, token1, 1), (token1, token0, 30), (token0, token1, 90)] {
        pair.advance_secs(100);
        let quote = QuoteParams {
            tokenIn: input,
            tokenOut: output,
            amountIn: ether(amount),
            fee,
            sqrtPriceLimitX96: U160::ZERO,
        };
        let quote = quoteExactInputSingleCall { params: quote }.abi_encode();
        pair.succeeds("quote", Tx::call(quoter, quote));
        let swap = |minimum: u64| {
            let params = SingleParams {
                tokenIn: input,
                tokenOut: output,
                fee,
                recipient: BOB,
                deadline,
                amountIn: ether(amount),
                amountOutMinimum: ether(minimum),
                sqrtPriceLimitX96: U160::ZERO,
            };
            exactInputSingleCall { params }.abi_encode()
        };
        let swapped = pair.succeeds("swap", Tx::call(router, swap(0)));
        assert_eq!(swapped.logs.len(), 3);
        pair.fails("swap for too much", Tx::call(router, swap(1_000)));
    }
    pair.succeeds("average price", Tx::call(pool, observeCall { secondsAgos: vec![150, 0] }.abi_encode()));
    let decrease = DecreaseParams {
        tokenId: position.tokenId,
        liquidity: position.liquidity,
        amount0Min: U256::ZERO,
        amount1Min: U256::ZERO,
        deadline,
    };
    pair.succeeds("decrease", Tx::call(manager, decreaseLiquidityCall { params: decrease }.abi_encode()));
    pair.fails("burn before collecting", Tx::call(manager, burnCall { tokenId: position.tokenId }.abi_encode()));
    let collect =
        CollectParams { tokenId: position.tokenId, recipient: ALICE, amount0Max: u128::MAX, amount1Max: u128::MAX };
    pair.succeeds("collect", Tx::call(manager, collectCall { params: collect }.abi_encode()));
    pair.succeeds("burn", Tx::call(manager, burnCall { tokenId: position.tokenId }.abi_encode()));
    assert!(pair.slots_compared() >= 40, "{}", pair.slots_compared());
}
