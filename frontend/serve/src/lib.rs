//! Serves a folder of static files on this machine only: for `make run`, and for the end-to-end tests.
//!
//! Every answer carries [`CONTENT_SECURITY_POLICY`], and nothing is cached, so that what a browser shows is what was
//! built last.

mod content_type;
mod policy;
mod site;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

pub use policy::CONTENT_SECURITY_POLICY;
use site::Site;

/// A browser opens up to six connections at once, and each is answered by one thread.
const WORKERS: usize = 6;

/// A running server. It stops when dropped.
pub struct Server {
    http: Arc<tiny_http::Server>,
    port: u16,
    workers: Vec<JoinHandle<()>>,
}

impl Server {
    /// Serves `folder` on the given port of 127.0.0.1; port 0 takes any free one.
    pub fn start(folder: &Path, port: u16) -> io::Result<Self> {
        let site = Site::open(folder)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let http = Arc::new(tiny_http::Server::http(address).map_err(into_io_error)?);
        let port = http.server_addr().to_ip().map_or(port, |address| address.port());
        let workers = (0..WORKERS).map(|_| spawn_worker(&http, &site)).collect();
        Ok(Self { http, port, workers })
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        // Chromium keeps serial permissions by host name, and `localhost` is the one people type.
        format!("http://localhost:{}/", self.port)
    }

    /// Serves until the process ends.
    pub fn serve_forever(mut self) {
        for worker in self.workers.drain(..) {
            drop(worker.join());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Each call wakes one worker, which then finds no request and ends.
        for _ in &self.workers {
            self.http.unblock();
        }
        for worker in self.workers.drain(..) {
            drop(worker.join());
        }
    }
}

fn spawn_worker(http: &Arc<tiny_http::Server>, site: &Site) -> JoinHandle<()> {
    let (http, site) = (Arc::clone(http), site.clone());
    thread::spawn(move || {
        while let Ok(request) = http.recv() {
            let answer = site.answer(request.method(), request.url());
            // The browser may have gone away, which is nothing to act on.
            drop(request.respond(answer));
        }
    })
}

/// `tiny_http` boxes its errors; the port being taken has to stay recognisable.
fn into_io_error(error: Box<dyn std::error::Error + Send + Sync>) -> io::Error {
    match error.downcast::<io::Error>() {
        Ok(error) => *error,
        Err(error) => io::Error::other(error),
    }
}
