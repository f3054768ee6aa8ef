//! The live side of the page by its parts: connecting, watching, recording, saving, replaying.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::{Bench, Outcome, Page};

/// What the page needs on a busy machine. Finding the settings may take longer and has its own limit.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// What a person who helps would ask for.
const SEEN: &str = "['#verdict', '#recording-state', '#live-settings', '#value-cards', '#live-strip']
    .map(part => `${part}: ${document.querySelector(part)?.textContent.slice(0, 300) ?? 'not there'}`).join('; ')";

/// How it stands with the source, as `#live-strip` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Octets can arrive.
    Open,
    /// The page looks for the settings.
    Searching,
    /// The board is gone and may come back.
    Unplugged,
    /// The board is back and the browser does not allow it any more.
    PermissionGone,
    /// It ended by itself.
    Failed,
    /// The person closed it.
    Closed,
}

impl Connection {
    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Searching => "searching",
            Self::Unplugged => "unplugged",
            Self::PermissionGone => "permission-gone",
            Self::Failed => "failed",
            Self::Closed => "closed",
        }
    }
}

impl Page {
    /// Connects with one of the presets of the dialog, by its id without `preset-`, and does not wait for the port.
    pub async fn connect(&self, preset: &str) -> Outcome {
        self.click("#connect-button").await?;
        self.choose(&format!("preset-{preset}")).await?;
        self.click("#connect-submit").await
    }

    /// Waits until the live strip says so.
    pub async fn wait_for_connection(&self, connection: Connection) -> Outcome {
        let name = connection.name();
        self.wait_long(
            &format!("document.querySelector('#live-strip')?.dataset.connection === '{name}'"),
            PATIENCE,
        )
        .await
    }

    /// Waits until there are so many events of a kind on the timeline.
    pub async fn wait_for_events(&self, event: &str, count: usize) -> Outcome {
        let rows = format!("[...document.querySelectorAll(`#event-list .event-row[data-event='{event}']`)]");
        // Equal ones in a row are one row that says how many.
        let times = format!("{rows}.reduce((sum, row) => sum + Number(row.dataset.times), 0)");
        self.wait_long(&format!("{times} >= {count}"), PATIENCE).await
    }

    /// Waits until a card of this quantity shows the text.
    pub async fn wait_for_value(&self, text: &str) -> Outcome {
        let cards = "[...document.querySelectorAll('#value-cards .value-card')]";
        self.wait_long(&format!("{cards}.some(card => card.innerText.includes(`{text}`))"), PATIENCE).await
    }

    /// How many octets the recording holds on disk.
    pub async fn saved_octets(&self) -> Outcome<u64> {
        self.wait_for("#recording-state").await?;
        self.evaluate("+document.querySelector('#recording-state').dataset.savedOctets").await
    }

    /// Waits until the recording holds exactly so many octets; it fails as soon as it holds more.
    pub async fn wait_for_saved_octets(&self, count: usize) -> Outcome {
        let mut before = 0;
        let mut progress = Instant::now();
        loop {
            let saved = self.saved_octets().await?;
            if saved == count as u64 {
                return Ok(());
            }
            if saved != before {
                (before, progress) = (saved, Instant::now());
            }
            if saved > count as u64 || progress.elapsed() > PATIENCE {
                return Err(format!("{saved} octets are saved, not {count}").into());
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Saves the session in one of the forms of the dialog, by its id without `export-`.
    pub async fn export(&self, bench: &Bench, form: &str) -> Outcome<PathBuf> {
        self.click("#export-button").await?;
        self.choose(&format!("export-{form}")).await?;
        self.click("#export-submit").await?;
        bench.take_download().await
    }

    /// Saves the recording itself, with all that it holds.
    pub async fn save_recording(&self, bench: &Bench) -> Outcome<PathBuf> {
        self.click("#save-recording").await?;
        bench.take_download().await
    }

    /// Saves nothing but the octets of the session, and reads them.
    pub async fn export_octets(&self, bench: &Bench) -> Outcome<Vec<u8>> {
        let file = self.export(bench, "raw").await?;
        let octets = fs::read(&file)?;
        fs::remove_file(file)?;
        Ok(octets)
    }

    /// Sets the speed of a replay and starts it.
    pub async fn replay(&self, speed: &str) -> Outcome {
        self.wait_for("#replay-bar").await?;
        self.click(&format!("#replay-speed option[value='{speed}']")).await?;
        self.click("#replay-play").await
    }

    /// Waits until the expression is true in the page, as long as that.
    pub async fn wait_long(&self, expression: &str, patience: Duration) -> Outcome {
        let start = Instant::now();
        let truth = format!("!!({expression})");
        while !self.evaluate::<bool>(&truth).await? {
            if start.elapsed() > patience {
                let seen: String = self.evaluate(SEEN).await?;
                return Err(format!("it never came true: {expression}; the page says: {seen}").into());
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        Ok(())
    }

    /// Chooses a radio button by what a person clicks: its label, where the button itself is drawn over.
    pub async fn choose(&self, id: &str) -> Outcome {
        let selector = format!("#{id}");
        self.wait_for(&selector).await?;
        let label = format!("label:has(#{id}), label[for='{id}']");
        let has_label: bool = self.evaluate(&format!("!!document.querySelector(`{label}`)")).await?;
        self.click(if has_label { label.as_str() } else { selector.as_str() }).await?;
        self.wait_until(&format!("document.querySelector('#{id}').checked")).await
    }
}
