//! A bench to try the page on: a browser that knows serial ports, and a board to plug in.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use meterscope_serve::Server;
use rustix::process::Pid;
use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::WindowHandle;

use crate::board::Board;
use crate::chromium::{Chromedriver, new_session};
use crate::picker::{self, Picker};
use crate::processes::is_open;
use crate::stand_in::{Device, StandIn};
use crate::{Outcome, Page, faults, page_folder};

/// A saved capture may be large and the disk busy.
const SAVING_PATIENCE: Duration = Duration::from_mins(1);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Runs the steps with a board that is plugged in, in a browser of its own, and checks that the page behaved.
pub async fn live_scenario(steps: impl AsyncFnOnce(&Bench, &Page) -> Outcome) -> Outcome {
    let bench = Bench::new(&page_folder())?;
    bench.browse(Picker::First, async |page| steps(&bench, page).await).await
}

/// What outlives a browser: the served page, the profile, the board and the saved files.
#[derive(Debug)]
pub struct Bench {
    server: Server,
    stand_in: Arc<StandIn>,
    profile: TempDir,
    downloads: TempDir,
    board: Board,
    twin: Board,
}

impl Bench {
    /// Serves the folder and plugs a board in.
    pub fn new(folder: &Path) -> Outcome<Self> {
        let stand_in = Arc::new(StandIn::new()?);
        let board = Board::new(Device::arduino_uno("55832343538351F0D1A1"), Arc::clone(&stand_in));
        board.plug()?;
        let twin = Device { name: "ttyACM1".to_owned(), ..Device::arduino_uno("75735323030351E0A1B2") };
        let twin = Board::new(twin, Arc::clone(&stand_in));
        Ok(Self {
            server: Server::start(folder, 0)?,
            stand_in,
            profile: tempfile::tempdir()?,
            downloads: tempfile::tempdir()?,
            board,
            twin,
        })
    }

    /// The board.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// Another board of the same kind, which is not plugged in. Only its serial number, which pages are not told, is another.
    pub fn twin(&self) -> &Board {
        &self.twin
    }

    /// What the profile of a browser must hold.
    fn preferences(&self) -> Value {
        let devices = [&self.board, &self.twin].map(|board| board.device().clone());
        picker::preferences(&self.server.url(), &devices, self.downloads.path())
    }

    /// Opens the page in a browser with the bench's profile, runs the steps, and ends the browser.
    pub async fn browse(&self, picker: Picker, steps: impl AsyncFnOnce(&Page) -> Outcome) -> Outcome {
        self.browse_in_group(picker, async |page, _| steps(page).await).await
    }

    /// The same, and tells the process group of the browser.
    pub async fn browse_in_group(
        &self,
        picker: Picker,
        steps: impl AsyncFnOnce(&Page, Pid) -> Outcome,
    ) -> Outcome {
        let chromedriver = Chromedriver::start(&self.stand_in.environment())?;
        let group = chromedriver.group().ok_or("chromedriver has no process group")?;
        let session = new_session(&chromedriver, self.profile.path(), &self.preferences()).await?;
        let result = session
            .run_and_quit(async |session| -> Outcome {
                faults::watch(&session).await?;
                picker::replace(&session, picker).await?;
                let page = Page::open(session, self.server.url()).await?;
                let outcome = steps(&page, group).await;
                faults::judge(&page, outcome).await
            })
            .await;
        result.map_err(|error| error.to_string().into())
    }

    /// The same, and then kills every process of the browser at once, as a crash of the machine would.
    pub async fn browse_until_killed<T>(
        &self,
        picker: Picker,
        steps: impl AsyncFnOnce(&Page) -> Outcome<T>,
    ) -> Outcome<T> {
        let chromedriver = Chromedriver::start(&self.stand_in.environment())?;
        let session = new_session(&chromedriver, self.profile.path(), &self.preferences()).await?;
        faults::watch(&session).await?;
        picker::replace(&session, picker).await?;
        let page = Page::open(session.clone(), self.server.url()).await?;
        let outcome = steps(&page).await;
        drop(chromedriver);
        // There is nothing left to be closed.
        session.leak()?;
        // The mark of a browser that runs: its process is gone, and the next one would look for it.
        let _ = fs::remove_file(self.profile.path().join("SingletonLock"));
        outcome
    }

    /// Opens the page in a further tab and goes there.
    pub async fn open_tab(&self, page: &Page) -> Outcome {
        let session = page.session();
        let tab = session.new_tab().await?;
        session.switch_to_window(tab).await?;
        faults::watch(session).await?;
        picker::replace(session, Picker::First).await?;
        page.reload().await
    }

    /// Opens the page in a further tab and stays in this one.
    pub async fn open_tab_beside(&self, page: &Page) -> Outcome<WindowHandle> {
        let session = page.session();
        let here = session.window().await?;
        self.open_tab(page).await?;
        let other = session.window().await?;
        session.switch_to_window(here).await?;
        Ok(other)
    }

    /// Waits until the page has saved exactly one file. Whoever takes it removes it, so that the next is the only one.
    pub async fn take_download(&self) -> Outcome<PathBuf> {
        let start = Instant::now();
        loop {
            let files = self.downloads()?;
            match files.as_slice() {
                [file] if is_complete(file)? => return Ok(file.clone()),
                [_, _, ..] => return Err(format!("more than one file was saved: {files:?}").into()),
                _ if start.elapsed() > SAVING_PATIENCE => {
                    return Err(format!("nothing was saved: {files:?}").into());
                }
                _ => tokio::time::sleep(POLL_INTERVAL).await,
            }
        }
    }

    /// Those that have their names already: until then a file is hidden, or called a draft.
    fn downloads(&self) -> Outcome<Vec<PathBuf>> {
        let files = fs::read_dir(&self.downloads)?.map(|entry| Ok(entry?.path()));
        let mut files = files.collect::<std::io::Result<Vec<_>>>()?;
        files.retain(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            !name.starts_with('.') && !name.ends_with(".crdownload")
        });
        Ok(files)
    }
}

/// A name that is only reserved has an empty file.
fn is_complete(file: &Path) -> Outcome<bool> {
    let has_octets = file.metadata().is_ok_and(|file| file.len() > 0);
    Ok(has_octets && !is_open(file)?)
}
