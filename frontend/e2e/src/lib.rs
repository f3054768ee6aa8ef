//! Drives the built page in a real Chromium, as a person would.
//!
//! [`scenario`] serves `dist/` under its Content-Security-Policy, starts a browser with a fresh profile, opens the page
//! and hands it to the test. Whatever the test says, it also fails when the page broke its policy, threw an error or
//! wrote one to the console ([`faults`]). Nothing is skipped where a tool is missing: that is an error as well.

mod bench;
pub mod board;
pub mod captures;
mod chromium;
pub mod ending;
mod faults;
mod keyboard;
pub mod latency;
pub mod line_discipline;
mod live_page;
mod meters;
pub mod numbered;
mod page;
mod picker;
pub mod processes;
pub mod pseudo_terminal;
pub mod simulated_board;
pub mod stand_in;
pub mod transcript;
pub mod uart;
pub mod virtual_forwarder;
pub mod virtual_meter;
pub mod window;

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};

use meterscope_serve::Server;
use serde_json::json;

pub use bench::{Bench, live_scenario};
use chromium::{Chromedriver, new_session};
pub use keyboard::Key;
pub use live_page::Connection;
pub use meters::Meter;
pub use page::{Card, FieldRow, FrameRow, FrameState, Page};
pub use picker::Picker;
pub use virtual_meter::{Telegram, VirtualMeter};

/// What a scenario comes to.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Opens the page in a browser of its own, runs the scenario, checks that the page behaved, and ends the browser.
pub async fn scenario(steps: impl AsyncFnOnce(&Page) -> Outcome) -> Outcome {
    scenario_in(&page_folder(), steps).await
}

/// The same for a page in another folder.
pub async fn scenario_in(folder: &Path, steps: impl AsyncFnOnce(&Page) -> Outcome) -> Outcome {
    let server = Server::start(folder, 0)?;
    let profile = tempfile::tempdir()?;
    let chromedriver = Chromedriver::start(&[])?;
    let session = new_session(&chromedriver, profile.path(), &json!({})).await?;
    let result = session
        .run_and_quit(async |session| -> Outcome {
            faults::watch(&session).await?;
            let page = Page::open(session, server.url()).await?;
            let outcome = steps(&page).await;
            faults::judge(&page, outcome).await
        })
        .await;
    result.map_err(|error| error.to_string().into())
}

/// Prints a measured figure even where the test passes and its output is captured.
pub fn report(figure: &str) -> Outcome {
    use std::io::Write;
    writeln!(std::io::stderr().lock(), "measured: {figure}")?;
    Ok(())
}

/// The built page: `dist/` of the repository, or where `METERSCOPE_DIST` says.
pub fn page_folder() -> PathBuf {
    env::var_os("METERSCOPE_DIST")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../dist")), PathBuf::from)
}
