//! Nothing is lost: neither at full speed nor with the tab, and what was saved is what was there.

use std::fs;
use std::path::Path;
use std::time::Duration;

use meterscope_capture::{Event, EventKind, LineEvent, import};

use meterscope_e2e::numbered::Numbered;
use meterscope_e2e::processes::Renderers;
use meterscope_e2e::{
    Bench, Connection, Meter, Outcome, Page, Picker, Telegram, VirtualMeter, captures, live_scenario,
};

/// What may be lost with a tab: a second of 2400 8E1.
const ONE_SECOND: usize = 2400 / 11 + 1;

/// Of a Kaifa list of thirteen items.
const FRAME_LENGTH: usize = 122;

#[tokio::test]
async fn a_megabyte_a_second_for_half_a_minute() -> Outcome {
    live_scenario(async |bench, page| {
        open(bench, page, Meter::P1).await?;
        let numbered = Numbered { octets: 30_000_000, octets_per_s: 1_000_000 };
        let board = bench.board().clone();
        tokio::task::spawn_blocking(move || numbered.write(&board)).await??;
        page.wait_for_saved_octets(numbered.octets).await?;
        let saved = page.export_octets(bench).await?;
        let wrong = saved.iter().zip(numbered.all()).position(|(saved, sent)| *saved != sent);
        assert_eq!((saved.len(), wrong), (numbered.octets, None));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_closed_tab_loses_a_second_at_most() -> Outcome {
    live_scenario(async |bench, page| {
        let meter = record(bench, page).await?;
        let other = bench.open_tab_beside(page).await?;
        let delivered = meter.delivered();
        page.session().close_window().await?;
        page.session().switch_to_window(other).await?;
        page.reload().await?;
        recover(bench, page, &delivered).await
    })
    .await
}

#[tokio::test]
async fn a_crashed_tab_loses_a_second_at_most() -> Outcome {
    let bench = Bench::new(&meterscope_e2e::page_folder())?;
    bench
        .browse_in_group(Picker::First, async |page, group| {
            let meter = record(&bench, page).await?;
            // A driver whose tab has crashed can do no more than go to another.
            let other = bench.open_tab_beside(page).await?;
            let delivered = meter.delivered();
            Renderers::of(group).kill_busiest()?;
            page.session().switch_to_window(other).await?;
            page.reload().await?;
            recover(&bench, page, &delivered).await
        })
        .await
}

#[tokio::test]
async fn a_saved_session_replays_as_it_was() -> Outcome {
    live_scenario(async |bench, page| {
        open(bench, page, Meter::Kaifa).await?;
        let frame = Meter::Kaifa.octets(0);
        let meter = VirtualMeter::start(bench.board(), Meter::Kaifa.settings(), move |number| {
            let telegram = Telegram::new(&frame);
            (number < 5).then(|| if number == 2 { telegram.with_wrong_parity(50) } else { telegram })
        });
        page.wait_for_events("parity", 1).await?;
        meter.wait_for_delivered(5 * FRAME_LENGTH - 1).await?;
        let delivered = meter.silence().await?;
        page.wait_for_saved_octets(delivered.len()).await?;
        let live: Vec<_> = page.frames().await?.into_iter().map(|row| (row.state, row.text)).collect();
        let saved = page.save_recording(bench).await?;
        check_file(&saved, &delivered)?;

        page.reload().await?;
        page.open_file(&saved).await?;
        page.wait_for_capture().await?;
        page.replay("max").await?;
        page.wait_for_value(&captures::POWER_W.to_string()).await?;
        page.wait_long(
            &format!("document.querySelectorAll('#frame-list .frame-row').length >= {}", live.len()),
            Duration::from_secs(30),
        )
        .await?;
        let replayed: Vec<_> = page.frames().await?.into_iter().map(|row| (row.state, row.text)).collect();
        assert_eq!(replayed, live);
        fs::remove_file(&saved)?;
        assert_eq!(page.export_octets(bench).await?, delivered);
        Ok(())
    })
    .await
}

/// The capture file has every octet and, at its place, what the line reported.
fn check_file(file: &Path, delivered: &[u8]) -> Outcome {
    let capture = import(&fs::read(file)?).map_err(|error| format!("{error:?}"))?;
    assert_eq!(capture.octets, delivered);
    let is_reported = |event: &&Event| matches!(event.kind, EventKind::Line(_));
    let reported: Vec<_> = capture.events.iter().filter(is_reported).collect();
    let [event] = reported.as_slice() else { return Err(format!("not one event: {reported:?}").into()) };
    assert_eq!(event.kind, EventKind::Line(LineEvent::Parity));
    // The browser reports an error behind all that it has read with it, and that is no more than the telegram.
    assert!((2 * FRAME_LENGTH + 50..3 * FRAME_LENGTH).contains(&event.offset), "{event:?}");
    Ok(())
}

/// A meter whose telegrams are being recorded for some seconds already.
async fn record(bench: &Bench, page: &Page) -> Outcome<VirtualMeter> {
    open(bench, page, Meter::Kaifa).await?;
    let meter = Meter::Kaifa.start_every(bench.board(), Duration::ZERO);
    page.wait_for_value(&captures::POWER_W.to_string()).await?;
    meter.wait_for_delivered(4 * ONE_SECOND).await?;
    Ok(meter)
}

/// Takes up what the page offers, which is all that was delivered before the end but for one second.
async fn recover(bench: &Bench, page: &Page, delivered: &[u8]) -> Outcome {
    page.wait_for("#unsaved-session").await?;
    page.click("#recover-session").await?;
    page.wait_for_capture().await?;
    let recovered = page.export_octets(bench).await?;
    assert!(recovered.len() + ONE_SECOND >= delivered.len(), "{} of {}", recovered.len(), delivered.len());
    let common = recovered.len().min(delivered.len());
    assert_eq!(recovered.get(..common), delivered.get(..common));
    Ok(())
}

async fn open(bench: &Bench, page: &Page, meter: Meter) -> Outcome {
    page.connect(meter.preset()).await?;
    bench.board().wait_for_line(meter.settings()).await?;
    page.wait_for_connection(Connection::Open).await
}
