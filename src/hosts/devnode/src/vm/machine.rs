//! One invocation of a program, run from one request to the next.

use std::collections::VecDeque;

use wasmi::{AsContextMut, Func, ResumableCall, ResumableCallHostTrap, Store, Val};

use super::{
    engine::instantiate,
    env::{Env, Request, Stop},
    host::Host,
};
use crate::evm::TraceStep;

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Status zero, with the output.
    Success(Vec<u8>),
    /// Another status, with the output.
    Revert(Vec<u8>),
    /// A trap, or a host call that was misused.
    Failure,
    /// No ink is left.
    OutOfInk,
    /// No stack is left.
    OutOfStack,
}

/// What a program did last.
#[derive(Debug)]
pub(crate) enum Event {
    /// It waits for an answer.
    Asked(Request),
    /// It is over.
    Ended(End),
}

/// An invocation of a program.
#[derive(Debug)]
pub(crate) struct Machine {
    store: Store<Env>,
    /// Functions still to be called, with their parameters and the number of their results.
    todo: VecDeque<(Func, Vec<Val>, usize)>,
    paused: Option<ResumableCallHostTrap>,
    answer: Vec<Val>,
    stopped: Option<Stop>,
    results: usize,
    start_ink: u64,
}

impl Machine {
    /// Makes an instance of `module` with its counters set, ready to run.
    pub(crate) fn start(module: &wasmi::Module, env: Env, ink: u64, stack_words: u32) -> Result<Self, wasmi::Error> {
        let args_len = env.args.len() as u32;
        let (mut store, functions) = instantiate(module, env)?;
        let mut host = Host::new(store.as_context_mut());
        let set = host.set_counters(ink, 0).and_then(|()| host.set_stack(stack_words));
        set.map_err(wasmi::Error::host)?;
        host.record("user_entrypoint", ink, &[&args_len.to_be_bytes()], &[]);
        let mut todo = VecDeque::new();
        if let Some(start) = functions.start {
            todo.push_back((start, Vec::new(), 0));
        }
        todo.push_back((functions.entry, vec![Val::I32(args_len as i32)], 1));
        Ok(Self { store, todo, paused: None, answer: Vec::new(), stopped: None, results: 0, start_ink: ink })
    }

    /// The program seen from a host function.
    pub(crate) fn host(&mut self) -> Host<'_> {
        Host::new(self.store.as_context_mut())
    }

    /// Sets what the paused host function returns.
    pub(crate) fn answer(&mut self, results: Vec<Val>) {
        self.answer = results;
    }

    /// Makes the program end instead of going on.
    pub(crate) fn stop(&mut self, stop: Stop) {
        self.stopped = Some(stop);
    }

    /// The steps recorded since they were last taken.
    pub(crate) fn take_steps(&mut self) -> Vec<TraceStep> {
        std::mem::take(&mut self.store.data_mut().steps)
    }

    /// What the program has printed since it was last taken.
    pub(crate) fn take_console(&mut self) -> Vec<String> {
        std::mem::take(&mut self.store.data_mut().console)
    }

    /// Gas left after an end, rounded down; none when a counter ran out.
    pub(crate) fn gas_left_after(&mut self, end: &End) -> u64 {
        match end {
            End::OutOfInk | End::OutOfStack => 0,
            _ => self.host().gas_left(),
        }
    }

    /// Runs until the program asks for something or ends.
    pub(crate) fn run(&mut self) -> Event {
        if let Some(stop) = self.stopped.take() {
            return self.ended(stop);
        }
        loop {
            let mut out = [Val::I32(0)];
            let ran = match self.paused.take() {
                Some(paused) => {
                    let answer = std::mem::take(&mut self.answer);
                    paused.resume(&mut self.store, &answer, &mut out[..self.results])
                }
                None => {
                    let Some((function, params, results)) = self.todo.pop_front() else {
                        return Event::Ended(End::Failure);
                    };
                    self.results = results;
                    function.call_resumable(&mut self.store, &params, &mut out[..results])
                }
            };
            match ran {
                Ok(ResumableCall::Finished) if !self.todo.is_empty() => {}
                Ok(ResumableCall::Finished) => {
                    let status = out[0].i32().unwrap_or(1);
                    return self.ended(Stop::Exit(status as u32));
                }
                Ok(ResumableCall::HostTrap(trap)) => {
                    let stop = trap.host_error().downcast_ref::<Stop>().copied();
                    let request = self.store.data_mut().request.take();
                    match (stop, request) {
                        (Some(Stop::Asked), Some(request)) => {
                            self.paused = Some(trap);
                            return Event::Asked(request);
                        }
                        (stop, _) => return self.ended(stop.unwrap_or(Stop::Failure)),
                    }
                }
                Ok(ResumableCall::OutOfFuel(_)) | Err(_) => return self.ended(Stop::Failure),
            }
        }
    }

    /// Maps a stop to the program's end: no stack first, then no ink, then what was said.
    fn ended(&mut self, stop: Stop) -> Event {
        let host = self.host();
        let end = match stop {
            Stop::Exit(status) => {
                let start_ink = self.start_ink;
                let mut host = self.host();
                // Both figures of this step are those of the start, as node operators' tools expect.
                if host.env().has_room(0) {
                    let step = TraceStep {
                        name: "user_returned".to_owned(),
                        outs: status.to_be_bytes().to_vec().into(),
                        start_ink,
                        end_ink: start_ink,
                        ..TraceStep::default()
                    };
                    host.env_mut().steps.push(step);
                }
                let output = std::mem::take(&mut host.env_mut().output);
                if status == 0 { End::Success(output) } else { End::Revert(output) }
            }
            _ if host.is_out_of_stack() => End::OutOfStack,
            Stop::OutOfInk => End::OutOfInk,
            _ if host.is_exhausted() => End::OutOfInk,
            _ => End::Failure,
        };
        Event::Ended(end)
    }
}
