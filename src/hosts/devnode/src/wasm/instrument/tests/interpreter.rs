//! A second machine, which runs a module as its author wrote it, one operator at a time, and counts its ink as the chain describes it.
//!
//! It shares no code with the passes and none with the engine: no header is written into any function, and nothing is compiled. On entering
//! a basic block it adds up what is to come; beside that it counts what has run, and both must agree when the program returns.

mod code;
mod numeric;

use wasmi::TrapCode;
use wasmparser::{BlockType, DataKind, ElementItems, ElementKind, Operator};

use self::code::Code;
use self::numeric::{Stack, compute, pop, pop_short, range, touch};
use crate::wasm::module::Module;
use crate::wasm::testing::{End, Host, open_pages};

const HEADER_INK: u64 = 2_450;
const BULK_BYTE_INK: u64 = 100;
const PAGE_BYTES: usize = 65_536;
/// The most pages any memory has room for.
const MOST_PAGES: u64 = 65_536;

/// Where a branch goes, and what it leaves on the stack.
struct Label {
    target: usize,
    height: usize,
    arity: usize,
    /// A loop stays open when it is branched to.
    is_loop: bool,
}

/// An open call.
struct Frame {
    function: usize,
    at: usize,
    locals: Vec<u64>,
    height: usize,
    labels: Vec<Label>,
}

/// Why a run ended before its first function returned.
enum Stop {
    Exhausted,
    Trap(TrapCode),
}

impl From<TrapCode> for Stop {
    fn from(code: TrapCode) -> Self {
        Self::Trap(code)
    }
}

type Step = Result<(), Stop>;

/// A module made ready to run any number of times.
pub(super) struct Prepared<'a> {
    module: &'a Module<'a>,
    functions: Vec<Code<'a>>,
    /// The index of the first function with a body; those before are the paying function.
    imported: usize,
    /// Whether growing calls the paying function first.
    pays: bool,
}

impl<'a> Prepared<'a> {
    pub(super) fn new(module: &'a Module<'a>) -> Self {
        let memory = &module.memories[0];
        Self {
            module,
            functions: (0..module.functions.len()).map(|index| Code::new(module, index)).collect(),
            imported: module.imports.len(),
            pays: !module.imports.is_empty() && memory.maximum != Some(memory.initial),
        }
    }

    /// A fresh instance with so much ink.
    pub(super) fn instance(&'a self, ink_left: u64) -> Instance<'a> {
        let mut memory = vec![0; self.module.memories[0].initial as usize * PAGE_BYTES];
        for data in self.module.active_data() {
            let DataKind::Active { offset_expr, .. } = &data.kind else { continue };
            let start = constant(offset_expr) as usize;
            memory[start..start + data.data.len()].copy_from_slice(data.data);
        }
        let entries = self.module.tables.first().map_or(0, |table| table.initial);
        let mut table = vec![None; entries as usize];
        for element in self.module.active_elements() {
            let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(functions)) =
                (&element.kind, &element.items)
            else {
                continue;
            };
            let places = table[constant(offset_expr) as usize..].iter_mut();
            for (place, function) in places.zip(functions.clone()) {
                *place = Some(function.unwrap() as usize);
            }
        }
        Instance {
            program: self,
            stack: Stack::new(),
            frames: Vec::new(),
            globals: self.module.globals.iter().map(|global| constant(&global.init_expr)).collect(),
            memory,
            table,
            pages: Host::default(),
            ink_left,
            is_exhausted: false,
            counted_ink: 0,
        }
    }
}

/// The number a constant expression stands for.
fn constant(expression: &wasmparser::ConstExpr<'_>) -> u64 {
    match expression.get_operators_reader().read().unwrap() {
        Operator::I32Const { value } => u64::from(value.cast_unsigned()),
        Operator::I64Const { value } => value.cast_unsigned(),
        other => panic!("not a constant: {other:?}"),
    }
}

/// A program that runs or has run.
pub(super) struct Instance<'a> {
    program: &'a Prepared<'a>,
    stack: Stack,
    frames: Vec<Frame>,
    table: Vec<Option<usize>>,
    pages: Host,
    pub(super) globals: Vec<u64>,
    pub(super) memory: Vec<u8>,
    /// As the metered module has it: after a bulk operation that cannot be paid it has wrapped.
    pub(super) ink_left: u64,
    pub(super) is_exhausted: bool,
    /// Ink of all operators that have run, of the headers in front of them, and of bytes and pages.
    pub(super) counted_ink: u64,
}

impl<'a> Instance<'a> {
    /// Calls the function of that name with one number.
    pub(super) fn call(&mut self, name: &str, argument: i32) -> End {
        let export = self.program.module.exports.iter().find(|export| export.name == name).expect("it is exported");
        self.stack.push(u64::from(argument.cast_unsigned()));
        let ran = self.enter(export.index as usize).and_then(|()| {
            while !self.frames.is_empty() {
                self.step()?;
            }
            Ok(())
        });
        match ran {
            Ok(()) => End::Status(pop_short(&mut self.stack).cast_signed()),
            Err(Stop::Exhausted) => {
                self.is_exhausted = true;
                End::OutOfInk
            }
            Err(Stop::Trap(code)) => End::Trap(wasmi::Error::from(code).to_string()),
        }
    }

    /// Takes the ink of everything from the current operator to the end of its block, or nothing when there is less.
    fn begin_block(&mut self) -> Step {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let code = &self.program.functions[frame.function];
        let ink = code.block_ink(frame.at).fold(HEADER_INK, u64::saturating_add);
        self.ink_left = self.ink_left.checked_sub(ink).ok_or(Stop::Exhausted)?;
        self.counted_ink += HEADER_INK;
        Ok(())
    }

    /// Opens a call of a function, whose arguments are on the stack.
    fn enter(&mut self, index: usize) -> Step {
        let Some(function) = index.checked_sub(self.program.imported) else {
            let pages = pop_short(&mut self.stack);
            self.pay(pages)?;
            return self.begin_block();
        };
        let code = &self.program.functions[function];
        let height = self.stack.len() - code.ty.params().len();
        let mut locals = self.stack.split_off(height);
        locals.resize(locals.len() + code.locals, 0);
        self.frames.push(Frame { function, at: 0, locals, height, labels: Vec::new() });
        self.begin_block()
    }

    /// Closes the innermost call; the caller goes on with a new block.
    fn leave(&mut self) -> Step {
        let frame = self.frames.pop().expect("a call is open");
        let results = self.program.functions[frame.function].ty.results().len();
        self.keep(frame.height, results);
        self.begin_block()
    }

    /// Takes what lies between `height` and the topmost `values` off the stack.
    fn keep(&mut self, height: usize, values: usize) {
        let top = self.stack.len() - values;
        self.stack.drain(height..top);
    }

    /// What the host takes for new pages: everything when it is not enough.
    fn pay(&mut self, pages: u32) -> Step {
        let ink = open_pages(&mut self.pages, pages);
        let left = self.ink_left.checked_sub(ink);
        self.ink_left = left.unwrap_or(0);
        self.counted_ink = self.counted_ink.saturating_add(ink);
        left.map(drop).ok_or(Stop::Exhausted)
    }

    /// The charge by the byte, which is taken even when it is not there.
    fn pay_bytes(&mut self, bytes: u32) -> Step {
        let ink = u64::from(bytes) * BULK_BYTE_INK;
        let is_enough = ink <= self.ink_left;
        self.ink_left = self.ink_left.wrapping_sub(ink);
        self.counted_ink += ink;
        if is_enough { Ok(()) } else { Err(Stop::Exhausted) }
    }

    fn arity(&self, ty: BlockType) -> (usize, usize) {
        match ty {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(index) => {
                let ty = &self.program.module.types[index as usize];
                (ty.params().len(), ty.results().len())
            }
        }
    }

    fn open(&mut self, ty: BlockType, target: usize, is_loop: bool) {
        let (parameters, results) = self.arity(ty);
        let height = self.stack.len() - parameters;
        let label = Label { target, height, arity: if is_loop { parameters } else { results }, is_loop };
        self.frame().labels.push(label);
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a call is open")
    }

    fn go_to(&mut self, at: usize) -> Step {
        self.frame().at = at;
        self.begin_block()
    }

    /// Branches out of `depth` blocks and to the label of the next; the outermost label is the function's own.
    fn branch(&mut self, depth: u32) -> Step {
        let labels = &mut self.frame().labels;
        let Some(place) = labels.len().checked_sub(1 + depth as usize) else {
            return self.leave();
        };
        let Label { target, height, arity, is_loop } = labels[place];
        labels.truncate(if is_loop { place + 1 } else { place });
        self.keep(height, arity);
        self.go_to(target)
    }

    /// Runs one operator.
    fn step(&mut self) -> Step {
        use Operator::*;
        let program = self.program;
        let frame = self.frames.last_mut().expect("a call is open");
        let code = &program.functions[frame.function];
        let at = frame.at;
        let next = at + 1;
        frame.at = next;
        self.counted_ink += code.ink[at];
        let stack = &mut self.stack;
        match &code.operators[at] {
            Unreachable => return Err(TrapCode::UnreachableCodeReached.into()),
            Nop => {}
            Block { blockty } => self.open(*blockty, code.ends[&at] + 1, false),
            Loop { blockty } => {
                self.open(*blockty, next, true);
                return self.begin_block();
            }
            If { blockty } => {
                let (is_true, end) = (pop_short(stack) != 0, code.ends[&at]);
                let other = code.elses.get(&at).map(|other| other + 1);
                if is_true || other.is_some() {
                    self.open(*blockty, end + 1, false);
                }
                return self.go_to(if is_true { next } else { other.unwrap_or(end + 1) });
            }
            Else => {
                frame.labels.pop();
                return self.go_to(code.ends[&at] + 1);
            }
            End if frame.labels.pop().is_none() => return self.leave(),
            End => return self.begin_block(),
            Br { relative_depth } => return self.branch(*relative_depth),
            BrIf { relative_depth } => {
                let is_taken = pop_short(stack) != 0;
                return if is_taken { self.branch(*relative_depth) } else { self.begin_block() };
            }
            BrTable { targets } => {
                let chosen = targets.targets().nth(pop_short(stack) as usize);
                return self.branch(chosen.map_or(targets.default(), Result::unwrap));
            }
            Return => return self.leave(),
            Call { function_index } => return self.enter(*function_index as usize),
            CallIndirect { type_index, .. } => {
                let place = self.table.get(pop_short(stack) as usize).ok_or(TrapCode::TableOutOfBounds)?;
                let function = place.ok_or(TrapCode::IndirectCallToNull)?;
                let ty = program.module.function_type(function as u32).expect("a table holds functions");
                if *ty != program.module.types[*type_index as usize] {
                    return Err(TrapCode::BadSignature.into());
                }
                return self.enter(function);
            }

            Drop => drop(pop(stack)),
            Select => {
                let (is_first, second, first) = (pop_short(stack) != 0, pop(stack), pop(stack));
                stack.push(if is_first { first } else { second });
            }
            I32Const { value } => stack.push(value.cast_unsigned().into()),
            I64Const { value } => stack.push(value.cast_unsigned()),
            LocalGet { local_index } => stack.push(frame.locals[*local_index as usize]),
            LocalSet { local_index } => frame.locals[*local_index as usize] = pop(stack),
            LocalTee { local_index } => frame.locals[*local_index as usize] = *stack.last().expect("a value to keep"),
            GlobalGet { global_index } => stack.push(self.globals[*global_index as usize]),
            GlobalSet { global_index } => self.globals[*global_index as usize] = pop(stack),

            MemorySize { .. } => stack.push((self.memory.len() / PAGE_BYTES) as u64),
            MemoryGrow { .. } => self.grow()?,
            MemoryFill { .. } => {
                let (bytes, value, to) = (pop_short(stack), pop_short(stack) as u8, pop_short(stack));
                self.pay_bytes(bytes)?;
                let place = range(&self.memory, to, 0, bytes.into())?;
                self.memory[place].fill(value);
            }
            MemoryCopy { .. } => {
                let (bytes, from, to) = (pop_short(stack), pop_short(stack), pop_short(stack));
                self.pay_bytes(bytes)?;
                let place = range(&self.memory, from, 0, bytes.into())?;
                let to = range(&self.memory, to, 0, bytes.into())?;
                self.memory.copy_within(place, to.start);
            }
            other => {
                let done = compute(other, stack).or_else(|| touch(other, stack, &mut self.memory));
                done.unwrap_or_else(|| panic!("no meaning for {other:?}"))?;
            }
        }
        Ok(())
    }

    fn grow(&mut self) -> Step {
        let pages = pop_short(&mut self.stack);
        if self.program.pays {
            self.pay(pages)?;
        }
        let old = (self.memory.len() / PAGE_BYTES) as u64;
        let new = old + u64::from(pages);
        let has_room = new <= self.program.module.memories[0].maximum.unwrap_or(MOST_PAGES);
        if has_room {
            self.memory.resize(new as usize * PAGE_BYTES, 0);
        }
        self.stack.push(if has_room { old } else { u32::MAX.into() });
        Ok(())
    }
}
