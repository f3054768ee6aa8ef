//! How long an octet takes from the line to the screen.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use meterscope_capture::line_settings::LineSettings;

use crate::board::Board;
use crate::uart::sent;
use crate::virtual_meter::speak;
use crate::{Outcome, Page, captures};

/// The first power that is shown; each telegram has one watt more. Three digits read the same in every language.
const FIRST_W: u32 = 100;
/// Longer than any telegram takes to the screen, so that each stands alone.
const PAUSE: Duration = Duration::from_millis(70);

/// Notes when each value was put into the document, and when the browser had drawn it: a message that is posted in a
/// frame is handled when the frame is done. `timeOrigin + now()` is the system's time with parts of milliseconds.
const WATCH: &str = "
    window.harnessShown = {};
    window.harnessDrawn = {};
    const now = () => performance.timeOrigin + performance.now();
    new MutationObserver(() => {
        const text = document.querySelector('#value-cards')?.innerText ?? '';
        const shown = now();
        for (const [value] of text.matchAll(/(?<![\\d.,])[12]\\d\\d(?=\\sW)/g)) {
            if (value in window.harnessShown) continue;
            window.harnessShown[value] = shown;
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => window.harnessDrawn[value] = now();
                port2.postMessage(null);
            });
        }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });";

/// Times in milliseconds, shortest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Latencies {
    /// Until the text is in the document.
    pub shown: Vec<f64>,
    /// Until the browser has drawn it.
    pub drawn: Vec<f64>,
}

/// Speaks short Kaifa frames, `count` of them and at most 100, and measures from the last octet of each to its power.
/// The port is open with these settings, and the page shows cards of a Kaifa meter already.
pub async fn measure(board: &Board, page: &Page, settings: LineSettings, count: u32) -> Outcome<Latencies> {
    page.session().execute(WATCH, Vec::new()).await?;
    let mut spoken = Vec::new();
    for power_w in FIRST_W..FIRST_W + count.min(100) {
        let board = board.clone();
        let last = tokio::task::spawn_blocking(move || {
            speak(&board, settings, &sent(&captures::kaifa_list_1(power_w)), drop)
        });
        spoken.push((power_w, milliseconds(last.await?)?));
        tokio::time::sleep(PAUSE).await;
    }
    let mut latencies = Latencies { shown: Vec::new(), drawn: Vec::new() };
    for (power_w, at) in spoken {
        page.wait_until(&format!("window.harnessDrawn[{power_w}]")).await?;
        let times = format!("[window.harnessShown[{power_w}], window.harnessDrawn[{power_w}]]");
        let [shown, drawn]: [f64; 2] = page.evaluate(&times).await?;
        latencies.shown.push(shown - at);
        latencies.drawn.push(drawn - at);
    }
    latencies.shown.sort_by(f64::total_cmp);
    latencies.drawn.sort_by(f64::total_cmp);
    Ok(latencies)
}

/// The time below which so many of a hundred are; infinite where there are none.
pub fn percentile(sorted: &[f64], percent: usize) -> f64 {
    sorted
        .get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or(f64::INFINITY)
}

fn milliseconds(time: SystemTime) -> Outcome<f64> {
    Ok(time.duration_since(UNIX_EPOCH)?.as_secs_f64() * 1000.0)
}
