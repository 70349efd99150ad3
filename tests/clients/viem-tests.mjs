// Usage: node viem-tests.mjs '{"url": …, "socket": …}'
//
// viem's test client in the modes it has for anvil and Hardhat, and its subscriptions over WebSocket, against the chain
// at `url`. Prints the name of each step that went as it should; the first that does not ends the script.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

// viem is installed beside the Solidity sources, not beside this file.
const require = createRequire(new URL("../../src/solidity/package.json", import.meta.url));
const { createPublicClient, createTestClient, createWalletClient, defineChain, http, pad, parseEther, webSocket } = require("viem");
const { privateKeyToAccount } = require("viem/accounts");

const { url, socket } = JSON.parse(process.argv[2]);
const chain = defineChain({
  id: 412346,
  name: "local",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [url] } },
});
const transport = http(url);
const alice = privateKeyToAccount("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
const bob = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const stranger = "0x00000000000000000000000000000000DeaDBeef";
const reader = createPublicClient({ chain, transport });
const wallet = createWalletClient({ account: alice, chain, transport });
const height = () => reader.getBlockNumber({ cacheTime: 0 });

for (const mode of ["anvil", "hardhat"]) {
  const tester = createTestClient({ chain, transport, mode });
  const mined = async (blocks = 1) => {
    await tester.mine({ blocks });
    return reader.getBlock();
  };

  const first = await tester.snapshot();
  await tester.setBalance({ address: stranger, value: parseEther("1") });
  await tester.setNonce({ address: stranger, nonce: 3 });
  await tester.setCode({ address: bob, bytecode: "0x5f545f5260205ff3" });
  await tester.setStorageAt({ address: bob, index: 0, value: pad("0x2a") });
  assert.equal((await reader.call({ to: bob })).data, pad("0x2a"));
  await tester.impersonateAccount({ address: stranger });
  const unsigned = await tester.sendUnsignedTransaction({ from: stranger, to: alice.address, value: 1n });
  assert.equal((await reader.getTransactionReceipt({ hash: unsigned })).from, stranger.toLowerCase());
  assert.equal(await reader.getTransactionCount({ address: stranger }), 4);
  await tester.stopImpersonatingAccount({ address: stranger });
  console.log(`${mode}: accounts`);

  await tester.setCoinbase({ address: stranger });
  assert.equal((await mined()).miner, stranger.toLowerCase());
  await tester.setNextBlockBaseFeePerGas({ baseFeePerGas: 2_000_000_000n });
  assert.equal((await mined()).baseFeePerGas, 2_000_000_000n);
  assert.equal((await mined()).baseFeePerGas, 100_000_000n);
  await tester.setMinGasPrice({ gasPrice: 200_000_000n });
  assert.equal(await reader.getGasPrice(), 200_000_000n);
  await tester.setBlockGasLimit({ gasLimit: 30_000_000n });
  assert.equal((await mined()).gasLimit, 30_000_000n);
  console.log(`${mode}: headers`);

  const before = await reader.getBlock();
  await tester.setBlockTimestampInterval({ interval: 5 });
  assert.equal((await mined(2)).timestamp, before.timestamp + 10n);
  await tester.removeBlockTimestampInterval();
  assert.equal((await mined()).timestamp, before.timestamp + 11n);
  await tester.setNextBlockTimestamp({ timestamp: before.timestamp + 100n });
  assert.equal((await mined()).timestamp, before.timestamp + 100n);
  await tester.increaseTime({ seconds: 10 });
  assert.equal((await mined()).timestamp, before.timestamp + 111n);
  await tester.setLoggingEnabled(false);
  await tester.setLoggingEnabled(true);
  console.log(`${mode}: clock`);

  // viem counts milliseconds for Hardhat, and the method is the same: either is long after this test.
  await tester.setIntervalMining({ interval: 86_400 });
  assert.equal(await tester.getAutomine(), false);
  const hash = await wallet.sendTransaction({ to: alice.address, value: 7n });
  assert.deepEqual(await tester.getTxpoolStatus(), { pending: 1, queued: 0 });
  const [content] = Object.values(Object.values((await tester.getTxpoolContent()).pending)[0]);
  assert.deepEqual([content.hash, content.value, content.blockNumber], [hash, "0x7", null]);
  assert.equal(Object.values((await tester.inspectTxpool()).pending).length, 1);
  const waiting = await reader.getTransaction({ hash });
  assert.deepEqual([waiting.blockNumber, waiting.blockHash, waiting.value], [null, null, 7n]);
  const pending = await reader.getBlock({ blockTag: "pending" });
  assert.deepEqual(pending.transactions, [hash]);
  await tester.dropTransaction({ hash });
  assert.deepEqual(await tester.getTxpoolStatus(), { pending: 0, queued: 0 });
  await tester.setAutomine(true);
  assert.equal(await tester.getAutomine(), true);
  console.log(`${mode}: pool`);

  const state = await tester.dumpState();
  const dumped = await height();
  await mined(3);
  await tester.loadState({ state });
  assert.equal(await height(), dumped);
  await tester.revert({ id: first });
  assert.equal((await reader.getBlock()).gasLimit, 1n << 50n);
  await mined(2);
  await tester.reset();
  assert.equal(await height(), 0n);
  await assert.rejects(tester.reset({ blockNumber: 5n }), /this chain is no fork/);
  await assert.rejects(tester.setRpcUrl(url), /this chain is no fork/);
  console.log(`${mode}: state`);
}

const live = createPublicClient({ chain, transport: webSocket(socket, { reconnect: false }) });
const tester = createTestClient({ chain, transport, mode: "anvil" });
// log1(0, 0, 7)
await tester.setCode({ address: stranger, bytecode: "0x60075f5fa100" });

// Hears of one topic, and hands out what it hears in order.
async function hear(params) {
  const [heard, asked] = [[], []];
  const { unsubscribe } = await live.transport.subscribe({
    params,
    onData: ({ result }) => (asked.length ? asked.shift()(result) : heard.push(result)),
    onError: (error) => {
      throw error;
    },
  });
  const next = () => (heard.length ? Promise.resolve(heard.shift()) : new Promise((resolve) => asked.push(resolve)));
  return { next, unsubscribe };
}

const heads = await hear(["newHeads"]);
const logs = await hear(["logs", { address: stranger, fromBlock: "latest", toBlock: "latest" }]);
const arrivals = await hear(["newPendingTransactions"]);
const quiet = await wallet.sendTransaction({ to: alice.address });
const loud = await wallet.sendTransaction({ to: stranger });
assert.deepEqual([await arrivals.next(), await arrivals.next()], [quiet, loud]);
assert.deepEqual([(await heads.next()).number, (await heads.next()).number], ["0x1", "0x2"]);
const log = await logs.next();
assert.deepEqual([log.transactionHash, log.topics], [loud, [pad("0x07")]]);
assert.equal(await live.getBlockNumber({ cacheTime: 0 }), 2n);
for (const topic of [heads, logs, arrivals]) assert.equal((await topic.unsubscribe()).result, true);
(await live.transport.getRpcClient()).close();
console.log("websocket");
