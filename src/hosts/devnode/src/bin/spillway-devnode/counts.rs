//! Counts of requests and transactions for Prometheus, on an address of their own.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use hyper::{Request, Response, StatusCode, body::Incoming, header::CONTENT_TYPE, service::service_fn};
use hyper_util::rt::TokioIo;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

/// How often counts that came in are put together, so that they do not pile up while nobody looks.
const UPKEEP: Duration = Duration::from_secs(5);
/// Bounds of the request times, in seconds.
const BOUNDS_SECS: [f64; 8] = [0.000_1, 0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0];

/// Keeps counts from now on and serves them; gives the address.
pub(crate) async fn serve(listen: SocketAddr) -> Result<SocketAddr, String> {
    let said = |error: &dyn std::fmt::Display| format!("cannot serve metrics on {listen}: {error}");
    let builder = PrometheusBuilder::new().set_buckets(&BOUNDS_SECS).map_err(|error| said(&error))?;
    let listener = TcpListener::bind(listen).await.map_err(|error| said(&error))?;
    let address = listener.local_addr().map_err(|error| said(&error))?;
    let counts = builder.install_recorder().map_err(|error| said(&error))?;
    let upkeep = counts.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    tokio::spawn(async move {
        loop {
            // A connection that fails is the client's loss.
            let Ok((stream, _)) = listener.accept().await else { continue };
            let counts = counts.clone();
            let answer = service_fn(move |request| answer(counts.clone(), request));
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
    Ok(address)
}

async fn answer(counts: PrometheusHandle, request: Request<Incoming>) -> Result<Response<String>, Infallible> {
    let mut response = Response::new(String::new());
    if request.uri().path() == "/metrics" {
        *response.body_mut() = counts.render();
        let text = hyper::header::HeaderValue::from_static("text/plain; version=0.0.4");
        response.headers_mut().insert(CONTENT_TYPE, text);
    } else {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    Ok(response)
}
