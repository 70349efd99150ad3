// Usage: node viem.mjs '{"url": …, "token": init code, "program": init code}'
//
// Drives the chain at `url` with viem and prints the name of each step that went as it should. The first that does not
// ends the script with its assertion.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

// viem is installed beside the Solidity sources, not beside this file.
const require = createRequire(new URL("../../src/solidity/package.json", import.meta.url));
const { BaseError, ContractFunctionRevertedError, createPublicClient, createTestClient, createWalletClient, defineChain, http, pad, parseAbi, parseEther } =
  require("viem");
const { privateKeyToAccount } = require("viem/accounts");

const { url, token: tokenCode, program: programCode } = JSON.parse(process.argv[2]);
const chain = defineChain({
  id: 412346,
  name: "local",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [url] } },
  contracts: { multicall3: { address: "0xcA11bde05977b3631167028862bE2a173976CA11" } },
});
const transport = http(url);
const alice = privateKeyToAccount("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
const bob = privateKeyToAccount("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
const reader = createPublicClient({ chain, transport, pollingInterval: 20 });
const wallet = createWalletClient({ account: alice, chain, transport });
const tester = createTestClient({ chain, transport, mode: "anvil" });

const abi = parseAbi([
  "constructor(string name, string symbol, uint8 decimals)",
  "function balanceOf(address) view returns (uint256)",
  "function decimals() view returns (uint8)",
  "function mint(address to, uint256 amount)",
  "function transfer(address to, uint256 amount) returns (bool)",
  "event Transfer(address indexed from, address indexed to, uint256 value)",
  "error OwnableUnauthorizedAccount(address account)",
]);

const mined = (hash) => reader.waitForTransactionReceipt({ hash });

const deployment = await mined(await wallet.deployContract({ abi, bytecode: tokenCode, args: ["Wrapped Ether", "WETH", 18] }));
assert.equal(deployment.status, "success");
const address = deployment.contractAddress;
console.log("deploy");

const minting = await mined(await wallet.writeContract({ address, abi, functionName: "mint", args: [alice.address, 1000n] }));
assert.equal(minting.status, "success");
assert.equal(minting.effectiveGasPrice, 100_000_000n);
console.log("write");

assert.equal(await reader.readContract({ address, abi, functionName: "balanceOf", args: [alice.address] }), 1000n);
assert.equal(await reader.readContract({ address, abi, functionName: "balanceOf", args: [alice.address], blockNumber: minting.blockNumber - 1n }), 0n);
console.log("read");

const minted = await reader.getContractEvents({ address, abi, eventName: "Transfer", args: { to: alice.address }, fromBlock: 0n });
assert.equal(minted.length, 1);
assert.equal(minted[0].args.value, 1000n);
assert.equal(minted[0].transactionHash, minting.transactionHash);
assert.equal((await reader.getLogs({ address, event: abi[5], args: { to: bob.address }, fromBlock: 0n })).length, 0);
console.log("logs");

const filter = await reader.createContractEventFilter({ address, abi, eventName: "Transfer" });
const transfer = await mined(await wallet.writeContract({ address, abi, functionName: "transfer", args: [bob.address, 1n] }));
const seen = await reader.getFilterChanges({ filter });
assert.deepEqual(seen.map((log) => [log.transactionHash, log.args.to, log.args.value]), [[transfer.transactionHash, bob.address, 1n]]);
assert.deepEqual(await reader.getFilterChanges({ filter }), []);
assert.equal(await reader.uninstallFilter({ filter }), true);
console.log("filter");

const refusal = await reader
  .simulateContract({ account: bob, address, abi, functionName: "mint", args: [bob.address, 1n] })
  .then(() => assert.fail("a stranger minted"), (error) => error);
assert.ok(refusal instanceof BaseError, refusal);
const revert = refusal.walk((error) => error instanceof ContractFunctionRevertedError);
assert.equal(revert.data.errorName, "OwnableUnauthorizedAccount");
assert.deepEqual(revert.data.args, [bob.address]);
console.log("revert");

const answers = await reader.multicall({
  contracts: [
    { address, abi, functionName: "decimals" },
    { address, abi, functionName: "mint", args: [bob.address, 1n] },
  ],
});
assert.deepEqual([answers[0].result, answers[1].status], [18, "failure"]);
console.log("multicall");

const created = await mined(await wallet.sendTransaction({ data: programCode }));
const program = created.contractAddress;
const arbWasm = {
  address: "0x0000000000000000000000000000000000000071",
  abi: parseAbi(["function activateProgram(address) payable returns (uint16, uint256)", "function programVersion(address) view returns (uint16)"]),
};
const activation = await mined(
  await wallet.writeContract({ ...arbWasm, functionName: "activateProgram", args: [program], value: parseEther("0.01") }),
);
assert.equal(activation.status, "success");
assert.equal(await reader.readContract({ ...arbWasm, functionName: "programVersion", args: [program] }), 2);
const word = pad("0x2a");
assert.equal((await mined(await wallet.sendTransaction({ to: program, data: word }))).status, "success");
assert.equal((await reader.call({ to: program })).data, word);
console.log("program");

const snapshot = await tester.snapshot();
await tester.setBalance({ address: bob.address, value: 5n });
assert.equal(await reader.getBalance({ address: bob.address }), 5n);
await tester.setNonce({ address: bob.address, nonce: 9 });
assert.equal(await reader.getTransactionCount({ address: bob.address }), 9);
await tester.setStorageAt({ address: program, index: 0, value: pad("0x07") });
assert.equal((await reader.call({ to: program })).data, pad("0x07"));
await tester.setCode({ address: bob.address, bytecode: "0x602a5f5260205ff3" });
assert.equal((await reader.call({ to: bob.address })).data, word);
const before = await reader.getBlock();
await tester.increaseTime({ seconds: 3600 });
await tester.mine({ blocks: 1 });
const after = await reader.getBlock();
assert.equal(after.number, before.number + 1n);
assert.equal(after.timestamp, before.timestamp + 3601n);
await tester.setNextBlockTimestamp({ timestamp: after.timestamp + 500n });
await tester.mine({ blocks: 2, interval: 10 });
assert.equal((await reader.getBlock()).timestamp, after.timestamp + 510n);
const stranger = "0x00000000000000000000000000000000DeaDBeef";
await tester.setBalance({ address: stranger, value: parseEther("1") });
await tester.impersonateAccount({ address: stranger });
const sent = await mined(await wallet.sendTransaction({ account: stranger, to: alice.address, value: 1n }));
assert.equal(sent.from, stranger.toLowerCase());
await tester.stopImpersonatingAccount({ address: stranger });
await assert.rejects(wallet.sendTransaction({ account: stranger, to: alice.address, value: 1n }), /no signer available/);
await tester.setAutomine(false);
const waiting = await wallet.sendTransaction({ to: bob.address, value: 1n, gas: 50_000n });
await assert.rejects(reader.getTransactionReceipt({ hash: waiting }), /could not be found/);
await tester.mine({ blocks: 1 });
assert.equal((await reader.getTransactionReceipt({ hash: waiting })).status, "success");
await tester.setAutomine(true);
await tester.revert({ id: snapshot });
assert.equal(await reader.getTransactionCount({ address: bob.address }), 0);
assert.equal(await reader.getBlockNumber({ cacheTime: 0 }), before.number);
console.log("test client");
