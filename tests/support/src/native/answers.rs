//! A contract that answers whatever it is asked with the same bytes, for what no honest contract answers.
#![allow(missing_docs, reason = "sol! documents nothing of what it adds")]

use super::{
    arguments,
    host::Frame,
    token::{load_bytes, store_bytes},
};
use IAnswers::answerWithCall;
use alloy_sol_types::sol;

sol! {
    interface IAnswers {
        /// From now on every other call is answered with these bytes.
        function answerWith(bytes calldata answer) external;
    }
}

const ANSWER: &str = "answer";

pub(super) fn run(frame: &Frame, calldata: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    if let Some(call) = arguments::<answerWithCall>(calldata) {
        store_bytes(frame, ANSWER, &call?.answer);
        return Ok(Vec::new());
    }
    Ok(load_bytes(frame, ANSWER))
}
