//! What is recorded outlives the browser, is offered on the next visit, and can be opened, saved or discarded.

use std::fs;
use std::path::Path;
use std::time::Duration;

use meterscope_e2e::{
    Bench, Connection, Meter, Outcome, Page, Picker, VirtualMeter, live_scenario, page_folder, report,
};
use serde_json::{Value, json};

/// What may be lost with a browser: a second of 2400 8E1.
const ONE_SECOND: usize = 2400 / 11 + 1;

/// The page knows that something of the recording is saved.
const SOME_SAVED: &str = "+document.querySelector('#recording-state').dataset.savedElsewhere > 0";

#[tokio::test]
async fn a_killed_browser_loses_a_second_at_most() -> Outcome {
    let bench = Bench::new(&page_folder())?;
    let delivered = bench
        .browse_until_killed(Picker::First, async |page| {
            let meter = record(&bench, page).await?;
            Ok(meter.delivered())
        })
        .await?;
    bench
        .browse(Picker::First, async |page| {
            page.wait_for("#unsaved-session").await?;
            page.click("#recover-session").await?;
            page.wait_for_capture().await?;
            assert!(page.text("#input-summary").await?.contains("pcapng"));
            page.reload().await?;
            let saved = save_unsaved(&bench, page).await?;
            check_loss("killed browser", &delivered, &saved)?;
            Ok(())
        })
        .await
}

#[tokio::test]
async fn a_session_is_offered_until_it_is_discarded() -> Outcome {
    let bench = Bench::new(&page_folder())?;
    bench.browse(Picker::First, async |page| record(&bench, page).await.map(drop)).await?;
    bench
        .browse(Picker::First, async |page| {
            page.wait_for("#unsaved-session").await?;
            page.click("#discard-session").await?;
            page.click("#discard-cancel").await?;
            page.wait_until("!document.querySelector('#discard-dialog[open]')").await?;
            page.reload().await?;
            page.wait_for("#unsaved-session").await?;
            page.click("#discard-session").await?;
            page.click("#discard-submit").await?;
            page.wait_until("!document.querySelector('#unsaved-session')").await?;
            assert_eq!(recordings(page).await?, 0);
            Ok(())
        })
        .await
}

#[tokio::test]
async fn a_session_is_saved_while_it_goes_on_and_once_more_at_its_end() -> Outcome {
    live_scenario(async |bench, page| {
        let meter = record(bench, page).await?;
        page.click("#save-recording").await?;
        let first = take_octets(bench).await?;
        let delivered = meter.silence().await?;
        assert_eq!(delivered.get(..first.len()), Some(first.as_slice()));
        page.wait_for_saved_octets(delivered.len()).await?;
        page.click("#disconnect-button").await?;
        page.wait_for("#recording-state[data-state=finished]").await?;
        page.click("#save-recording").await?;
        page.wait_for("#recording-state[data-state=saved]").await?;
        assert_eq!(take_octets(bench).await?, delivered);
        page.reload().await?;
        page.wait_for("#open-button").await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(!page.is_visible("#unsaved-session").await?, "it was saved");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_session_saved_by_the_export_dialog_is_not_offered() -> Outcome {
    saved_and_closed(&page_folder()).await
}

#[tokio::test]
async fn a_session_saved_from_the_database_is_not_offered() -> Outcome {
    let folder = tempfile::tempdir()?;
    without_file_access(folder.path())?;
    saved_and_closed(folder.path()).await
}

/// Only that the port is closed comes behind what was saved.
async fn saved_and_closed(folder: &Path) -> Outcome {
    let bench = Bench::new(folder)?;
    bench
        .browse(Picker::First, async |page| {
            let meter = record(&bench, page).await?;
            let delivered = meter.silence().await?;
            page.wait_for_saved_octets(delivered.len()).await?;
            page.export(&bench, "pcapng").await?;
            assert_eq!(take_octets(&bench).await?, delivered);
            page.wait_until(SOME_SAVED).await?;
            page.click("#disconnect-button").await?;
            page.wait_for("#recording-state[data-state=saved]").await?;
            page.reload().await?;
            page.wait_for("#open-button").await?;
            tokio::time::sleep(Duration::from_secs(2)).await;
            assert!(!page.is_visible("#unsaved-session").await?, "it was saved");
            Ok(())
        })
        .await
}

#[tokio::test]
async fn what_came_after_saving_is_offered() -> Outcome {
    saved_and_gone_on(&page_folder()).await
}

#[tokio::test]
async fn what_came_after_saving_is_offered_from_the_database() -> Outcome {
    let folder = tempfile::tempdir()?;
    without_file_access(folder.path())?;
    saved_and_gone_on(folder.path()).await
}

async fn saved_and_gone_on(folder: &Path) -> Outcome {
    let bench = Bench::new(folder)?;
    bench
        .browse(Picker::First, async |page| {
            let meter = record(&bench, page).await?;
            page.export(&bench, "pcapng").await?;
            take_octets(&bench).await?;
            page.wait_until(SOME_SAVED).await?;
            // One octet is enough.
            bench.board().write_all(&[0x7E])?;
            let delivered = meter.silence().await?.len() + 1;
            page.wait_for_saved_octets(delivered).await?;
            page.reload().await?;
            page.wait_for("#unsaved-session").await?;
            assert_eq!(save_unsaved(&bench, page).await?.len(), delivered);
            Ok(())
        })
        .await
}

#[tokio::test]
async fn what_another_tab_records_is_not_offered() -> Outcome {
    live_scenario(async |bench, page| {
        let _meter = record(bench, page).await?;
        bench.open_tab(page).await?;
        page.wait_for("#open-button").await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(recordings(page).await?, 1);
        assert!(!page.is_visible("#unsaved-session").await?, "the other tab still writes it");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn full_storage_is_said_and_recording_takes_up_again() -> Outcome {
    live_scenario(async |bench, page| {
        set_quota(page, Some(2000)).await?;
        let meter = record(bench, page).await?;
        page.wait_for("#quota-warning[role=alert]").await?;
        let said = page.text("#quota-warning").await?;
        assert!(said.contains("full") && said.contains("Reading goes on"), "{said}");
        set_quota(page, None).await?;
        page.wait_until("!document.querySelector('#quota-warning')").await?;
        let delivered = meter.silence().await?;
        page.wait_for_saved_octets(delivered.len()).await?;
        page.click("#save-recording").await?;
        assert_eq!(take_octets(bench).await?, delivered);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_full_storage_did_not_take_before_the_end_is_counted() -> Outcome {
    live_scenario(async |bench, page| {
        set_quota(page, Some(2000)).await?;
        let meter = record(bench, page).await?;
        page.wait_for("#quota-warning[role=alert]").await?;
        page.click("#disconnect-button").await?;
        page.wait_until(
            "/^The last .* not in the recording/.test(document.querySelector('#quota-warning')?.textContent)",
        )
        .await?;
        let delivered = meter.silence().await?;
        // The worker would have tried again by now.
        set_quota(page, None).await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        let said = page.text("#quota-warning").await?;
        let digits: String = said.chars().filter(char::is_ascii_digit).collect();
        let lost: usize = digits.parse()?;
        if page.is_visible("#save-recording").await? {
            page.click("#save-recording").await?;
            let saved = take_octets(bench).await?;
            assert_eq!(delivered.get(..saved.len()), Some(saved.as_slice()));
            // What the line sent while the port was being closed was never read.
            assert!(lost > 0 && saved.len() + lost <= delivered.len(), "{said}, {} saved", saved.len());
        } else {
            assert!(lost > 0 && lost <= delivered.len(), "{said}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_browser_whose_workers_write_no_files_records_into_its_database() -> Outcome {
    let folder = tempfile::tempdir()?;
    without_file_access(folder.path())?;
    let bench = Bench::new(folder.path())?;
    let delivered = bench
        .browse_until_killed(Picker::First, async |page| {
            let meter = record(&bench, page).await?;
            Ok(meter.delivered())
        })
        .await?;
    bench
        .browse(Picker::First, async |page| {
            page.wait_for("#unsaved-session").await?;
            let saved = save_unsaved(&bench, page).await?;
            check_loss("killed browser, database", &delivered, &saved)?;
            page.click("#discard-session").await?;
            page.click("#discard-submit").await?;
            page.wait_until("!document.querySelector('#unsaved-session')").await
        })
        .await
}

/// A meter that speaks without a pause and has been recorded for some seconds.
async fn record(bench: &Bench, page: &Page) -> Outcome<VirtualMeter> {
    page.connect(Meter::Kaifa.preset()).await?;
    bench.board().wait_for_line(Meter::Kaifa.settings()).await?;
    page.wait_for_connection(Connection::Open).await?;
    let meter = Meter::Kaifa.start_every(bench.board(), Duration::ZERO);
    page.wait_for_capture().await?;
    meter.wait_for_delivered(4 * ONE_SECOND).await?;
    Ok(meter)
}

async fn save_unsaved(bench: &Bench, page: &Page) -> Outcome<Vec<u8>> {
    page.click("#save-session").await?;
    take_octets(bench).await
}

/// The octets of the line in the pcapng file that was saved last.
async fn take_octets(bench: &Bench) -> Outcome<Vec<u8>> {
    let path = bench.take_download().await?;
    let imported = meterscope_capture::import(&fs::read(&path)?)?;
    fs::remove_file(path)?;
    assert!(imported.left_out.is_empty(), "{:?}", imported.left_out);
    Ok(imported.octets)
}

async fn recordings(page: &Page) -> Outcome<usize> {
    page.evaluate(
        "(async () => {
             const root = await navigator.storage.getDirectory();
             const folder = await root.getDirectoryHandle('recordings');
             let count = 0;
             for await (const _ of folder.keys()) count += 1;
             return count;
         })()",
    )
    .await
}

async fn set_quota(page: &Page, octets: Option<u64>) -> Outcome {
    let origin: String = page.evaluate("location.origin").await?;
    let mut parameters = json!({ "origin": origin });
    if let (Some(octets), Value::Object(parameters)) = (octets, &mut parameters) {
        parameters.insert(String::from("quotaSize"), json!(octets));
    }
    page.session().cdp().send_raw("Storage.overrideQuotaForOrigin", parameters).await?;
    Ok(())
}

/// The page, in a browser whose workers have no way to write files.
fn without_file_access(folder: &Path) -> Outcome {
    for entry in fs::read_dir(page_folder())? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if name.to_string_lossy().starts_with("recorder-") {
            let boot = fs::read_to_string(path)?;
            let without = "delete FileSystemFileHandle.prototype.createSyncAccessHandle;";
            fs::write(folder.join(name), format!("{boot}\n{without}\n"))?;
        } else {
            fs::copy(path, folder.join(name))?;
        }
    }
    Ok(())
}

/// What was saved is the beginning of what was delivered, and a second of it is missing at most.
fn check_loss(what: &str, delivered: &[u8], saved: &[u8]) -> Outcome {
    let lost = delivered.len().saturating_sub(saved.len());
    report(&format!("{what}: {lost} of {} octets lost", delivered.len()))?;
    assert!(lost <= ONE_SECOND, "{lost} of {} octets are lost", delivered.len());
    let common = saved.len().min(delivered.len());
    assert_eq!(saved.get(..common), delivered.get(..common));
    Ok(())
}
