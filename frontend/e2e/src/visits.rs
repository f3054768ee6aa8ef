//! Several visits of the same person: one profile and one address, and browsers that end as browsers do.

use tempfile::TempDir;
use thirtyfour::WebDriver;

use meterscope_serve::Server;

use crate::chromium::{Chromedriver, new_session};
use crate::{Outcome, Page, faults, page_folder};

/// A profile and the address that its storage belongs to.
pub struct Visitor {
    server: Server,
    profile: TempDir,
}

/// How a visit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The person closes the browser.
    Close,
    /// Every process of the browser is killed at once.
    Kill,
}

impl Visitor {
    /// Somebody who was never here.
    pub fn new() -> Outcome<Self> {
        Ok(Self { server: Server::start(&page_folder(), 0)?, profile: tempfile::tempdir()? })
    }

    /// Opens the page, runs the steps, checks that the page behaved, and ends the browser.
    pub async fn visit<T>(&self, ending: Ending, steps: impl AsyncFnOnce(&Page) -> Outcome<T>) -> Outcome<T> {
        // A browser that was killed leaves the mark of its process behind, and the next would ask whether to go on.
        let _ = std::fs::remove_file(self.profile.path().join("SingletonLock"));
        let chromedriver = Chromedriver::start()?;
        let session = new_session(&chromedriver, self.profile.path()).await?;
        if ending == Ending::Kill {
            let found = self.steps(session.clone(), steps).await;
            drop(chromedriver);
            session.leak()?;
            return found;
        }
        let found = session.run_and_quit(async |session| self.steps(session, steps).await).await;
        found.map_err(|error| error.to_string().into())
    }

    async fn steps<T>(&self, session: WebDriver, steps: impl AsyncFnOnce(&Page) -> Outcome<T>) -> Outcome<T> {
        faults::watch(&session).await?;
        let page = Page::open(session, self.server.url()).await?;
        let found = steps(&page).await?;
        let faults = faults::collect(&page).await?;
        if faults.is_empty() { Ok(found) } else { Err(format!("the page misbehaved: {faults:#?}").into()) }
    }
}
