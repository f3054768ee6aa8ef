//! `make soak`: a day of a Kaifa meter, 43,200 frames, as fast as the page takes them. At its end the page may use half
//! as much again as after the first hour, and every octet must be in the capture.

use std::fs;
use std::time::{Duration, Instant};

use meterscope_decoder::encode::demo::LONGEST_FRAME;
use meterscope_decoder::encode::{Clock, Demo, MeterKind};
use meterscope_e2e::processes::{Renderers, Usage};
use meterscope_e2e::{Bench, Connection, Meter, Outcome, Page, Picker, page_folder, report};

const HOUR_MS: u32 = 3_600_000;
const HOURS: u32 = 24;
/// A list every two seconds.
const FRAMES: u32 = 43_200;
const MOST_GROWTH: f64 = 1.5;
/// A collected heap needs a moment until the system has it back.
const SETTLING: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Outcome {
    let hours = day()?;
    let bench = Bench::new(&page_folder())?;
    bench
        .browse_in_group(Picker::First, async |page, group| {
            let renderers = Renderers::of(group);
            page.connect(Meter::Kaifa.preset()).await?;
            bench.board().wait_for_line(Meter::Kaifa.settings()).await?;
            page.wait_for_connection(Connection::Open).await?;
            let start = Instant::now();
            let mut written = 0;
            let mut first = None;
            for (number, octets) in (1..).zip(&hours) {
                let (board, hour) = (bench.board().clone(), octets.clone());
                tokio::task::spawn_blocking(move || board.write_all(&hour)).await??;
                written += octets.len();
                page.wait_for_saved_octets(written).await?;
                let usage = settled(page, &renderers).await?;
                report(&format!("hour {number}: {:.1} MB", usage.megabytes()))?;
                first.get_or_insert(usage);
            }
            report(&format!("{FRAMES} frames, {written} octets in {:.0} s", start.elapsed().as_secs_f64()))?;
            let first = first.ok_or("there was no hour")?;
            let last = settled(page, &renderers).await?;
            let growth = last.megabytes() / first.megabytes();
            report(&format!(
                "memory at the end: {growth:.2} of that after the first hour (limit {MOST_GROWTH})"
            ))?;
            check_captures(&bench, page, &hours.concat()).await?;
            if growth > MOST_GROWTH {
                return Err(format!("the page grows: {growth:.2}").into());
            }
            Ok(())
        })
        .await
}

/// What the meter says in each hour.
fn day() -> Outcome<Vec<Vec<u8>>> {
    let noon = Clock::new(2025, 3, 31, 12, 0, 0).ok_or("there is no such day")?;
    let mut meter = Demo::new(MeterKind::Kaifa, noon);
    let mut hours = vec![Vec::new(); HOURS as usize];
    let mut buffer = [0; LONGEST_FRAME];
    for _ in 0..FRAMES {
        let frame = meter.next_frame(&mut buffer).map_err(|error| format!("{error:?}"))?;
        let hour =
            hours.get_mut((frame.at_ms / HOUR_MS) as usize).ok_or("the day is longer than it should be")?;
        hour.extend(frame.octets);
    }
    Ok(hours)
}

async fn settled(page: &Page, renderers: &Renderers) -> Outcome<Usage> {
    page.session().cdp().send_raw("HeapProfiler.collectGarbage", serde_json::json!({})).await?;
    tokio::time::sleep(SETTLING).await;
    renderers.usage()
}

/// The octets alone, and the capture file read back.
async fn check_captures(bench: &Bench, page: &Page, sent: &[u8]) -> Outcome {
    if page.export_octets(bench).await? != sent {
        return Err("the octets that were saved are not the ones that were sent".into());
    }
    let file = page.export(bench, "pcapng").await?;
    let capture = fs::read(file)?;
    let read = meterscope_capture::import(&capture).map_err(|error| format!("{error:?}"))?;
    if read.octets != sent {
        return Err("the capture file does not hold what was sent".into());
    }
    report(&format!("every octet is in the capture, which has {} octets", capture.len()))
}
