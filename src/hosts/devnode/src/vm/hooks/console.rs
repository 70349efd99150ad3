//! What a program can print on a debug chain; it costs nothing.

use wasmi::{Caller, F32, F64, Linker, errors::LinkerError};

use super::hook;
use crate::vm::{
    env::{Env, Stop},
    host::Host,
};

const CONSOLE: &str = "console";
const DEBUG: &str = "debug";

pub(super) fn link(linker: &mut Linker<Env>) -> Result<(), LinkerError> {
    linker.func_wrap(CONSOLE, "log_txt", |c: Caller<'_, Env>, ptr: u32, len: u32| {
        hook(c, |host: &mut Host<'_>| -> Result<(), Stop> {
            let text = String::from_utf8_lossy(host.read(ptr, len)?).into_owned();
            host.env_mut().console.push(text);
            Ok(())
        })
    })?;
    linker.func_wrap(CONSOLE, "log_i32", |c: Caller<'_, Env>, value: i32| print(c, value))?;
    linker.func_wrap(CONSOLE, "log_i64", |c: Caller<'_, Env>, value: i64| print(c, value))?;
    linker.func_wrap(CONSOLE, "log_f32", |c: Caller<'_, Env>, value: F32| print(c, value.to_float()))?;
    linker.func_wrap(CONSOLE, "log_f64", |c: Caller<'_, Env>, value: F64| print(c, value.to_float()))?;
    linker.func_wrap(CONSOLE, "tee_i32", |c: Caller<'_, Env>, value: i32| {
        print(c, value);
        value
    })?;
    linker.func_wrap(CONSOLE, "tee_i64", |c: Caller<'_, Env>, value: i64| {
        print(c, value);
        value
    })?;
    linker.func_wrap(CONSOLE, "tee_f32", |c: Caller<'_, Env>, value: F32| {
        print(c, value.to_float());
        value
    })?;
    linker.func_wrap(CONSOLE, "tee_f64", |c: Caller<'_, Env>, value: F64| {
        print(c, value.to_float());
        value
    })?;
    linker.func_wrap(DEBUG, "null_host", |_: Caller<'_, Env>| {})?;
    linker.func_wrap(DEBUG, "start_benchmark", |_: Caller<'_, Env>| {})?;
    linker.func_wrap(DEBUG, "end_benchmark", |_: Caller<'_, Env>| {})?;
    Ok(())
}

fn print(mut caller: Caller<'_, Env>, value: impl ToString) {
    caller.data_mut().console.push(value.to_string());
}
