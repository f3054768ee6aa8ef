//! Drives the built page in a real Chromium, as a person would.
//!
//! [`scenario`] serves `dist/` under its Content-Security-Policy, starts a browser with a fresh profile, opens the page
//! and hands it to the test. Whatever the test says, it also fails when the page broke its policy, threw an error or
//! wrote one to the console ([`faults`]). Nothing is skipped where a tool is missing: that is an error as well.

pub mod captures;
mod chromium;
mod faults;
mod keyboard;
mod page;
mod visits;

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};

use meterscope_serve::Server;

use chromium::{Chromedriver, new_session};
pub use keyboard::Key;
pub use page::{Card, FieldRow, FrameRow, FrameState, Page};
pub use visits::{Ending, Visitor};

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
    let chromedriver = Chromedriver::start()?;
    let session = new_session(&chromedriver, profile.path()).await?;
    let result = session
        .run_and_quit(async |session| -> Outcome {
            faults::watch(&session).await?;
            let page = Page::open(session, server.url()).await?;
            let outcome = steps(&page).await;
            let faults = faults::collect(&page).await?;
            match outcome {
                Ok(()) if faults.is_empty() => Ok(()),
                Ok(()) => Err(format!("the page misbehaved: {faults:#?}").into()),
                Err(error) if faults.is_empty() => Err(error),
                Err(error) => Err(format!("{error}; the page also misbehaved: {faults:#?}").into()),
            }
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
fn page_folder() -> PathBuf {
    env::var_os("METERSCOPE_DIST")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../dist")), PathBuf::from)
}
