//! How fast octets come to the screen, and what that takes.

use std::time::Duration;

use meterscope_capture::line_settings::LineSettings;
use meterscope_e2e::latency::measure;
use meterscope_e2e::processes::Renderers;
use meterscope_e2e::{Bench, Connection, Meter, Outcome, Picker, captures, page_folder};

use crate::figure::{report_load, report_percentiles};

/// Octet to screen at 115200 baud.
const LATENCY_LIMIT_MS: f64 = 50.0;
const FRAMES: u32 = 100;

/// A frame every 75 ms at 115200 baud.
pub async fn octet_to_screen() -> Outcome {
    let bench = Bench::new(&page_folder())?;
    bench
        .browse_in_group(Picker::First, async |page, group| {
            let fast: LineSettings = Meter::P1.settings();
            page.connect(Meter::P1.preset()).await?;
            bench.board().wait_for_line(fast).await?;
            page.wait_for_connection(Connection::Open).await?;
            bench.board().write_all(&Meter::Kaifa.octets(0))?;
            page.wait_for_value(&captures::POWER_W.to_string()).await?;
            let renderers = Renderers::of(group);
            let before = renderers.usage()?;
            let latencies = measure(bench.board(), page, fast, FRAMES).await?;
            let after = renderers.usage()?;
            // The board's clock and the page's are one, or the figures are nothing.
            assert!(latencies.shown.first().is_some_and(|least| *least >= 0.0), "the clocks do not agree");
            report_percentiles("octet to text", latencies.shown, LATENCY_LIMIT_MS)?;
            report_percentiles("octet to drawn", latencies.drawn, LATENCY_LIMIT_MS)?;
            report_load("a frame every 75 ms", after.load_since(&before), after.megabytes())
        })
        .await
}

/// A list every two seconds, as Kaifa meters send them.
pub async fn watching() -> Outcome {
    let bench = Bench::new(&page_folder())?;
    bench
        .browse_in_group(Picker::First, async |page, group| {
            page.connect(Meter::Kaifa.preset()).await?;
            bench.board().wait_for_line(Meter::Kaifa.settings()).await?;
            page.wait_for_connection(Connection::Open).await?;
            let pause = Duration::from_millis(1440);
            let meter = Meter::Kaifa.start_every(bench.board(), pause);
            page.wait_for_value(&captures::POWER_W.to_string()).await?;
            let renderers = Renderers::of(group);
            let before = renderers.usage()?;
            tokio::time::sleep(Duration::from_secs(20)).await;
            let after = renderers.usage()?;
            drop(meter);
            report_load("a list every 2 s", after.load_since(&before), after.megabytes())
        })
        .await
}
