//! The opcodes that differ from Ethereum's.

use revm::{
    Database,
    bytecode::opcode,
    context_interface::{ContextTr, JournalTr},
    handler::instructions::EthInstructions,
    interpreter::{
        Instruction, InstructionContext, InstructionExecResult, InstructionResult, instructions::host::selfdestruct,
        interpreter::EthInterpreter,
    },
    primitives::{Address, U256, hardfork::SpecId},
};

use super::context::{ChainContext, Ctx};
use crate::wasm::format::is_stylus_component;

/// L1 blocks whose hash can be asked for.
const L1_HASHES: u64 = 256;

type Ictx<'a, DB> = InstructionContext<'a, Ctx<DB>, EthInterpreter>;

/// Ethereum's instructions with Arbitrum's changes.
pub(super) fn instructions<DB: Database>(spec: SpecId) -> EthInstructions<EthInterpreter, Ctx<DB>> {
    let mut table = EthInstructions::new_mainnet_with_spec(spec);
    let mut replace = |code: u8, instruction: Instruction<EthInterpreter, Ctx<DB>>| {
        let gas = table.gas_table()[usize::from(code)];
        table.insert_instruction(code, instruction, gas);
    };
    replace(opcode::BLOBBASEFEE, Instruction::new(no_such_opcode::<DB>));
    replace(opcode::BLOCKHASH, Instruction::new(l1_block_hash::<DB>));
    replace(opcode::SELFDESTRUCT, Instruction::new(self_destruct::<DB>));
    table
}

/// There are no blobs here.
fn no_such_opcode<DB: Database>(_: Ictx<'_, DB>) -> InstructionExecResult {
    Err(InstructionResult::OpcodeNotFound)
}

/// Gives the hash of one of the last L1 blocks, zero outside.
fn l1_block_hash<DB: Database>(ctx: Ictx<'_, DB>) -> InstructionExecResult {
    let asked = ctx.interpreter.stack.pop()?;
    let current = ctx.host.chain.block.l1_number;
    let number: u64 = asked.saturating_to();
    let known = number < current && current - number <= L1_HASHES;
    let hash = if known { ChainContext::l1_block_hash(number).into() } else { U256::ZERO };
    if !ctx.interpreter.stack.push(hash) {
        return Err(InstructionResult::StackOverflow);
    }
    Ok(())
}

/// An account whose own code is a program reverts; a delegate call from it can get here.
fn self_destruct<DB: Database>(ctx: Ictx<'_, DB>) -> InstructionExecResult {
    let account = ctx.interpreter.input.target_address;
    let version = ctx.host.chain.chain.arbos_version;
    let code = match ctx.host.journal_mut().code(account) {
        Ok(code) => code.data,
        Err(error) => {
            *ctx.host.error() = Err(error.into());
            return Err(InstructionResult::FatalExternalError);
        }
    };
    if is_stylus_component(&code, version) {
        return Err(InstructionResult::Revert);
    }
    let beneficiary = ctx.interpreter.stack.data().last().copied();
    let balance_wei = match ctx.host.journal_mut().load_account(account) {
        Ok(loaded) => loaded.data.info.balance,
        Err(_) => return Err(InstructionResult::FatalExternalError),
    };
    let host = ctx.host;
    let result = selfdestruct(InstructionContext { interpreter: ctx.interpreter, host: &mut *host });
    if let (Err(InstructionResult::SelfDestruct), Some(beneficiary)) = (&result, beneficiary) {
        let to = Address::from_word(beneficiary.into());
        host.chain.recorder.push_self_destruct(to);
        host.chain.frames.self_destruct(account, to, balance_wei);
    }
    result
}
