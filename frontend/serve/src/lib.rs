//! Serves a folder of static files on this machine only: for `make run`, and for the end-to-end tests.
//!
//! Every answer carries [`CONTENT_SECURITY_POLICY`], and nothing is cached, so that what a browser shows is what was
//! built last. Every connection has a thread and carries one request: a browser opens several at once, some of them
//! only in case it needs them, and none may wait for another.

mod connection;
mod content_type;
mod policy;
mod site;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

pub use policy::CONTENT_SECURITY_POLICY;
use site::Site;

/// A running server. It stops when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves `folder` on the given port of 127.0.0.1; port 0 takes any free one.
    pub fn start(folder: &Path, port: u16) -> io::Result<Self> {
        let site = Site::open(folder)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let stopping = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stopping);
        let acceptor = thread::spawn(move || accept(&listener, &site, &told));
        Ok(Self { address, stopping, acceptor: Some(acceptor) })
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        // Chromium keeps serial permissions by host name, and `localhost` is the one people type.
        format!("http://localhost:{}/", self.address.port())
    }

    /// Serves until the process ends.
    pub fn serve_forever(mut self) {
        self.join();
    }

    fn join(&mut self) {
        if let Some(acceptor) = self.acceptor.take() {
            drop(acceptor.join());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        // Wakes the acceptor, which then sees that it shall stop.
        drop(TcpStream::connect(self.address));
        self.join();
    }
}

fn accept(listener: &TcpListener, site: &Site, stopping: &AtomicBool) {
    for stream in listener.incoming() {
        if stopping.load(Ordering::SeqCst) {
            return;
        }
        if let Ok(stream) = stream {
            let site = site.clone();
            // The browser may have gone away, which is nothing to act on.
            thread::spawn(move || drop(connection::serve(stream, &site)));
        }
    }
}
