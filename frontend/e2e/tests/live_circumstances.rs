//! What is around a connection: other boards, other tabs, a browser that refuses.

use std::time::Duration;

use meterscope_e2e::board::Board;
use meterscope_e2e::{Bench, Connection, Meter, Outcome, Page, captures, live_scenario};
use serde_json::json;

/// Finding the settings may take as long as this (issue: meters that speak every ten seconds).
const SEARCH_LIMIT: Duration = Duration::from_secs(90);

#[tokio::test]
async fn a_plug_pulled_during_the_search_and_put_back() -> Outcome {
    live_scenario(async |bench, page| {
        page.connect("find").await?;
        page.wait_for_connection(Connection::Searching).await?;
        bench.board().unplug()?;
        page.wait_for_connection(Connection::Unplugged).await?;
        bench.board().plug()?;
        page.wait_for_connection(Connection::Searching).await?;
        let meter = Meter::Kamstrup;
        let speaking = meter.start_every(bench.board(), Duration::from_secs(1));
        page.wait_long("document.querySelector('#live-strip')?.dataset.connection === 'open'", SEARCH_LIMIT)
            .await?;
        assert_eq!(page.text("#live-settings").await?, meter.settings().to_string());
        page.wait_for_value(&captures::POWER_W.to_string()).await?;
        drop(speaking);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn of_two_equal_boards_the_one_that_was_read_is_taken_up_again() -> Outcome {
    live_scenario(async |bench, page| {
        bench.twin().plug()?;
        page.connect(Meter::Kaifa.preset()).await?;
        page.wait_for_connection(Connection::Open).await?;
        let boards = [bench.board(), bench.twin()];
        let is_open = |board: &Board| board.line().map(|line| line.is_some());
        let [read, other] = if is_open(boards[0])? { boards } else { [boards[1], boards[0]] };
        assert!(is_open(read)? && !is_open(other)?);

        read.unplug()?;
        page.wait_for_connection(Connection::Unplugged).await?;
        // Looked for twice a second, and never taken for the one that is gone.
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert!(!is_open(other)?, "the other board was opened");
        read.plug()?;
        read.wait_for_line(Meter::Kaifa.settings()).await?;
        page.wait_for_connection(Connection::Open).await?;
        assert!(!is_open(other)?, "the other board was opened");
        read.write_all(&Meter::Kaifa.octets(0))?;
        page.wait_for_value(&captures::POWER_W.to_string()).await
    })
    .await
}

#[tokio::test]
async fn a_hidden_tab_goes_on_reading_and_recording() -> Outcome {
    live_scenario(async |bench, page| {
        open(bench, page).await?;
        hide(page).await?;
        let meter = Meter::Kaifa.start_every(bench.board(), Duration::ZERO);
        meter.wait_for_delivered(1000).await?;
        let delivered = meter.silence().await?;
        page.wait_for_saved_octets(delivered.len()).await?;
        page.wait_for_value(&captures::POWER_W.to_string()).await?;
        assert!(is_hidden(page).await?);
        assert_eq!(page.export_octets(bench).await?, delivered);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_screen_is_kept_awake_again_once_the_tab_is_back() -> Outcome {
    const COUNT: &str = "
        if ('WakeLock' in window) {
            window.harnessWakeLocks = [];
            const request = WakeLock.prototype.request;
            WakeLock.prototype.request = async function (kind) {
                const lock = await request.call(this, kind);
                window.harnessWakeLocks.push(lock);
                return lock;
            };
        }";
    const HELD: &str = "harnessWakeLocks.filter(lock => !lock.released).length";
    live_scenario(async |bench, page| {
        page.session().cdp().page().add_script_to_evaluate_on_new_document(COUNT).await?;
        page.reload().await?;
        open(bench, page).await?;
        page.choose("wake-lock").await?;
        page.wait_until(&format!("{HELD} === 1")).await?;
        hide(page).await?;
        page.wait_until(&format!("{HELD} === 0")).await?;
        show(page).await?;
        page.wait_until(&format!("{HELD} === 1 && harnessWakeLocks.length === 2")).await
    })
    .await
}

/// A browser that forbids storage to a page refuses it locks as well.
#[tokio::test]
async fn a_browser_that_refuses_locks_reads_all_the_same() -> Outcome {
    const REFUSE: &str = "LockManager.prototype.request = async function () {
        window.harnessRefusals = (window.harnessRefusals ?? 0) + 1;
        throw new DOMException('The request was denied.', 'SecurityError');
    };";
    live_scenario(async |bench, page| {
        page.session().cdp().page().add_script_to_evaluate_on_new_document(REFUSE).await?;
        page.reload().await?;
        open(bench, page).await?;
        page.wait_until("window.harnessRefusals > 0").await?;
        bench.board().write_all(&Meter::Kaifa.octets(0))?;
        page.wait_for_value(&captures::POWER_W.to_string()).await
    })
    .await
}

async fn open(bench: &Bench, page: &Page) -> Outcome {
    page.connect(Meter::Kaifa.preset()).await?;
    bench.board().wait_for_line(Meter::Kaifa.settings()).await?;
    page.wait_for_connection(Connection::Open).await
}

/// Minimises the window, which hides its tab.
async fn hide(page: &Page) -> Outcome {
    set_window(page, "minimized").await?;
    page.wait_until("document.visibilityState === 'hidden'").await
}

async fn show(page: &Page) -> Outcome {
    set_window(page, "normal").await?;
    page.wait_until("document.visibilityState === 'visible'").await
}

async fn set_window(page: &Page, state: &str) -> Outcome {
    let cdp = page.session().cdp();
    let window = cdp.send_raw("Browser.getWindowForTarget", json!({})).await?;
    let bounds = json!({ "windowId": window["windowId"], "bounds": { "windowState": state } });
    cdp.send_raw("Browser.setWindowBounds", bounds).await?;
    Ok(())
}

async fn is_hidden(page: &Page) -> Outcome<bool> {
    page.evaluate("document.hidden").await
}
