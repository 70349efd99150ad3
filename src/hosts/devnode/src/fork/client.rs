//! JSON-RPC to the forked chain: one request or several at a time, sent again when the failure may pass.

use std::sync::{
    PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{ForkConfig, ForkError};

/// The longest answer read, in bytes: a contract's code and a block with its hashes are far below.
const MOST_ANSWER_BYTES: u64 = 64 * 1024 * 1024;
/// Too many requests: the node asks to come back later.
const HTTP_TOO_MANY: u16 = 429;
const HTTP_SERVER_ERRORS: u16 = 500;

/// A connection to the node.
#[derive(Debug)]
pub(super) struct Client {
    agent: ureq::Agent,
    config: RwLock<ForkConfig>,
    next_id: AtomicU64,
}

#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    result: Value,
    error: Option<Refusal>,
}

#[derive(Debug, Deserialize)]
struct Refusal {
    code: i64,
    #[serde(default)]
    message: String,
}

impl Answer {
    fn into_result(self, method: &str) -> Result<Value, ForkError> {
        match self.error {
            None => Ok(self.result),
            Some(Refusal { code, message }) => Err(ForkError::Refused { method: method.to_owned(), code, message }),
        }
    }
}

impl Client {
    pub(super) fn new(config: ForkConfig) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(config.timeout))
            .http_status_as_error(false)
            .user_agent(concat!("spillway-devnode/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Self { agent, config: RwLock::new(config), next_id: AtomicU64::new(1) }
    }

    pub(super) fn config(&self) -> ForkConfig {
        // It is replaced as a whole.
        self.config.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_url(&self, url: &str) {
        let mut config = self.config.write().unwrap_or_else(PoisonError::into_inner);
        *config = config.clone().at(url);
    }

    /// One request.
    pub(super) fn call<T: DeserializeOwned>(&self, method: &str, params: Value) -> Result<T, ForkError> {
        read(method, self.request(method, &params)?)
    }

    /// One request, its answer as it is.
    pub(super) fn request(&self, method: &str, params: &Value) -> Result<Value, ForkError> {
        let answer: Answer = self.send(method, &self.body(method, params).1)?;
        answer.into_result(method)
    }

    /// Several requests in one, answered in the same order. A node that takes no batches is asked one after another.
    pub(super) fn batch(&self, requests: &[(&str, Value)]) -> Result<Vec<Value>, ForkError> {
        let Some((first, _)) = requests.first() else { return Ok(Vec::new()) };
        let (ids, bodies): (Vec<Value>, Vec<Value>) =
            requests.iter().map(|(method, params)| self.body(method, params)).unzip();
        let answers: Value = self.send(first, &Value::Array(bodies))?;
        let Ok(mut answers) = serde_json::from_value::<Vec<Answer>>(answers) else {
            return requests.iter().map(|(method, params)| self.request(method, params)).collect();
        };
        ids.iter()
            .zip(requests)
            .map(|(id, (method, _))| {
                let missing = || bad(method, "the batch holds no answer to it");
                let place = answers.iter().position(|answer| answer.id == *id).ok_or_else(missing)?;
                answers.swap_remove(place).into_result(method)
            })
            .collect()
    }

    fn body(&self, method: &str, params: &Value) -> (Value, Value) {
        let id = json!(self.next_id.fetch_add(1, Ordering::Relaxed));
        (id.clone(), json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))
    }

    fn send<T: DeserializeOwned>(&self, method: &str, body: &Value) -> Result<T, ForkError> {
        let config = self.config();
        let mut left = config.retries;
        loop {
            match self.post(&config, body) {
                Ok(text) => return serde_json::from_slice(&text).map_err(|error| bad(method, &error.to_string())),
                Err(Failure { passing: true, .. }) if left > 0 => {
                    left -= 1;
                    std::thread::sleep(config.backoff);
                }
                Err(Failure { reason, .. }) => {
                    return Err(ForkError::Unreachable { method: method.to_owned(), url: config.shown_url(), reason });
                }
            }
        }
    }

    fn post(&self, config: &ForkConfig, body: &Value) -> Result<Vec<u8>, Failure> {
        let mut request = self.agent.post(&config.url).header("content-type", "application/json");
        for (name, value) in &config.headers {
            request = request.header(name, value);
        }
        let failed = |error: ureq::Error| Failure {
            passing: matches!(
                error,
                ureq::Error::Io(_) | ureq::Error::Timeout(_) | ureq::Error::ConnectionFailed | ureq::Error::Protocol(_)
            ),
            reason: error.to_string(),
        };
        let mut response = request.send(body.to_string()).map_err(failed)?;
        let status = response.status().as_u16();
        let text = response.body_mut().with_config().limit(MOST_ANSWER_BYTES).read_to_vec().map_err(failed)?;
        // Nodes also put refusals by JSON-RPC behind a status of failure; only an answer that is none counts as one.
        if status >= 400 && serde_json::from_slice::<Answer>(&text).is_err() {
            let passing = status == HTTP_TOO_MANY || status >= HTTP_SERVER_ERRORS;
            return Err(Failure { passing, reason: format!("HTTP status {status}") });
        }
        Ok(text)
    }
}

/// Why a request got no answer, and whether the next one may.
struct Failure {
    passing: bool,
    reason: String,
}

pub(super) fn read<T: DeserializeOwned>(method: &str, answer: Value) -> Result<T, ForkError> {
    serde_json::from_value(answer).map_err(|error| bad(method, &error.to_string()))
}

pub(super) fn bad(method: &str, reason: &str) -> ForkError {
    ForkError::BadAnswer { method: method.to_owned(), reason: reason.to_owned() }
}
