//! Serves the built page: `meterscope-serve [--port PORT] [FOLDER]`.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use meterscope_serve::Server;

const USAGE: &str = "usage: meterscope-serve [--port PORT] [FOLDER]";

fn main() -> ExitCode {
    let Some(Options { port, folder }) = Options::parse(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match start(&folder, port) {
        Ok(server) => {
            println!("Meterscope is at {} (Ctrl-C ends it)", server.url());
            server.serve_forever();
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Cannot serve {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

struct Options {
    port: u16,
    folder: PathBuf,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut options = Self { port: 8080, folder: PathBuf::from("dist") };
        while let Some(argument) = arguments.next() {
            if argument == "--port" {
                options.port = arguments.next()?.parse().ok()?;
            } else if argument.starts_with('-') {
                return None;
            } else {
                options.folder = PathBuf::from(argument);
            }
        }
        Some(options)
    }
}

/// Takes another port where the wanted one is in use: the address is printed, so nobody has to know it before.
fn start(folder: &Path, port: u16) -> io::Result<Server> {
    match Server::start(folder, port) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Server::start(folder, 0),
        started => started,
    }
}
